import type { GroupLink } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { paths } from '../paths.ts'
import css from './group-path.module.css'
import { toGroupName } from './labels.ts'

export interface GroupPathProps {
  /** From the top down to the parent. */
  path: readonly GroupLink[]
  /** False in rows that are links themselves. */
  linked?: boolean
  /** Leaves out "All" and "Companies", which are the same everywhere. */
  short?: boolean
  /** Shows only so many ancestors, the nearest ones; the others stand in the title. */
  last?: number
  /** False in long lists, where a row must not cost a key press for each of its ancestors. */
  tabbable?: boolean
}

/** Where something stands: ancestors from the top, each a link. Too long a path loses its middle names first, by ellipsis. */
export function GroupPath({ path, linked = true, short = false, last = Infinity, tabbable = true }: GroupPathProps) {
  const { t } = useTranslation()
  const own = short ? path.filter(({ kind }) => kind !== 'all' && kind !== 'companies') : path
  const shown = own.slice(Math.max(0, own.length - last))
  const whole = path.map(toGroupName).join(' › ')
  const list = (
    <ol className={css['path']} title={whole}>
      {shown.length < own.length && <li className={css['cut']}>…</li>}
      {shown.map((group) => (
        <li key={group.id}>
          {linked ? (
            <Link to={paths.group(group.id)} tabIndex={tabbable ? undefined : -1}>
              {toGroupName(group)}
            </Link>
          ) : (
            <span>{toGroupName(group)}</span>
          )}
        </li>
      ))}
    </ol>
  )
  return linked && !short ? <nav aria-label={t('path')}>{list}</nav> : list
}
