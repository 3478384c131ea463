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
}

/** Where something stands: ancestors from the top, each a link. Too long a path loses its middle names first, by ellipsis. */
export function GroupPath({ path, linked = true, short = false }: GroupPathProps) {
  const { t } = useTranslation()
  const shown = short ? path.filter(({ kind }) => kind !== 'all' && kind !== 'companies') : path
  const whole = path.map(toGroupName).join(' › ')
  const list = (
    <ol className={css['path']} title={whole}>
      {shown.map((group) => (
        <li key={group.id}>
          {linked ? <Link to={paths.group(group.id)}>{toGroupName(group)}</Link> : <span>{toGroupName(group)}</span>}
        </li>
      ))}
    </ol>
  )
  return linked && !short ? <nav aria-label={t('path')}>{list}</nav> : list
}
