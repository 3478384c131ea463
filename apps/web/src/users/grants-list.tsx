import type { User } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { GroupPath } from '../domain/group-path.tsx'
import { toGroupName } from '../domain/labels.ts'
import { RightsMeaning, toSetName } from '../domain/rights-words.tsx'
import css from './users.module.css'

/** Rights of one user, to look at. */
export function GrantsList({ user }: { user: User }) {
  const { t } = useTranslation()
  if (user.grants.length === 0) return <p className="mc-dim">{t('users.grantsNone')}</p>
  return (
    <ul className={css['grants']}>
      {user.grants.map(({ root, path, set, rights }) => (
        <li key={`${root.id} ${set.id}`} data-plain>
          <div className={css['meaning']}>
            <b>{t('rights.why.on', { set: toSetName(set), root: toGroupName(root) })}</b>
            <GroupPath path={path} short />
            <RightsMeaning rights={rights} />
          </div>
        </li>
      ))}
    </ul>
  )
}
