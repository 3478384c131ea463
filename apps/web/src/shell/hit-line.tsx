import { useTranslation } from 'react-i18next'
import { toGroupName } from '../domain/labels.ts'
import { StateIcon } from '../domain/state-icon.tsx'
import { findFolded, Highlight } from '../domain/highlight.tsx'
import { Sign } from '../ui/icons.tsx'
import { Pill } from '../ui/pill.tsx'
import type { HitRow } from './hit-tree.ts'
import css from './search.module.css'

interface HitLineProps {
  row: HitRow
  q: string
  id: string
  selected: boolean
  onPick: () => void
}

/** A hit is an option; an ancestor is only there to say where. */
export function HitLine({ row: { group, depth, hit }, q, id, selected, onPick }: HitLineProps) {
  const { t } = useTranslation()
  const name = toGroupName(group)
  const indent = { paddingLeft: 16 + Math.min(depth, 8) * 18 }
  if (hit === null) {
    return (
      <div className={css['ancestor']} style={indent} role="presentation" title={name}>
        <span className="mc-ellipsis">{name}</span>
      </div>
    )
  }
  const where = hit.ancestors.map(toGroupName).join(' › ')
  return (
    // The field keeps the focus and has the keys; the mouse is the second way.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- see the line above
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      className={css['hit']}
      style={indent}
      title={`${where} › ${name}`}
      onClick={onPick}
    >
      <StateIcon kind={hit.kind} state={hit.state} size={18} />
      <span className="mc-ellipsis">
        <Highlight text={toNear(name, q)} q={q} />
      </span>
      {hit.sourceStatus === 'suspended' && (
        <Pill tone="paused" icon={<Sign name="pause" size={12} />}>
          {t('badge.suspended')}
        </Pill>
      )}
      <span className={css['kind']}>{t(`kind.${hit.kind}`)}</span>
    </div>
  )
}

/** Letters that fit before the match on the narrowest screen, and how many of them stay when a name is cut. */
const BEFORE_MOST = 24
const BEFORE_KEPT = 14

/** A long name begins shortly before its match, or the line would end before it. */
function toNear(name: string, q: string): string {
  const start = findFolded(name, q)?.start ?? 0
  return start <= BEFORE_MOST ? name : `…${name.slice(start - BEFORE_KEPT)}`
}
