import type { AccessExplained, GroupLink } from '@msp-console/contract'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { Sign } from '../ui/icons.tsx'
import { toGroupName } from './labels.ts'
import { RightsMeaning, toSetName } from './rights-words.tsx'
import css from './rights-words.module.css'

export interface AccessWordsProps {
  explained: AccessExplained
  group: Pick<GroupLink, 'kind' | 'name'>
  /** Name of the user; null = the reader. */
  who: string | null
}

/** Why somebody sees a group or does not, in sentences: the answer, the grants behind it, and what they allow. */
export function AccessWords({ explained, group, who }: AccessWordsProps) {
  const { t } = useTranslation()
  const { sees, reason, rights, grants } = explained
  // Those that decide come first.
  const shown = grants.toSorted((a, b) => Number(b.covers) - Number(a.covers))
  return (
    <div className={css['why']}>
      <p className={css['answer']} data-sees={sees}>
        <Sign name={sees ? 'check' : 'close'} size={17} />
        <span>{toAnswer(sees, who, toGroupName(group))}</span>
      </p>
      <p>{t(`rights.why.${reason}`)}</p>
      {shown.length > 0 && (
        <ul>
          {shown.map((grant, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- grants outside the view have no id, and the list never moves
            <li key={index}>
              {toGrantWords(grant)} · {grant.covers ? t('rights.why.covers') : t('rights.why.coversNot')}
            </li>
          ))}
        </ul>
      )}
      {sees && (
        <>
          <p>{t('rights.why.result')}</p>
          <RightsMeaning rights={rights} />
        </>
      )}
      <p className="mc-dim">{t('rights.why.onlyGiven')}</p>
    </div>
  )
}

function toAnswer(sees: boolean, who: string | null, group: string): string {
  const { t } = i18next
  if (who === null) return sees ? t('rights.why.youSee', { group }) : t('rights.why.youDoNotSee', { group })
  return sees ? t('rights.why.sees', { name: who, group }) : t('rights.why.doesNotSee', { name: who, group })
}

function toGrantWords({ root, set }: AccessExplained['grants'][number]): string {
  const words = { set: toSetName(set), root: root === null ? '' : toGroupName(root) }
  return root === null ? i18next.t('rights.why.onOutside', words) : i18next.t('rights.why.on', words)
}
