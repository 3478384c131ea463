import type { PlanItem } from '@msp-console/contract'
import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { EVENT_LOOK } from '../domain/event-look.ts'
import { toEventKindName, toEventSentence } from '../domain/event-sentence.ts'
import { toGroupName } from '../domain/labels.ts'
import { formatDateTime } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'
import plan from './plan.module.css'

const TONES: Record<PlanItem['state'], Tone> = {
  planned: 'accent',
  waiting: 'todo',
  approved: 'ok',
  rejected: 'neutral',
  replaced: 'stale',
}

interface PlanRowProps {
  item: PlanItem
  /** Given where it can be decided on. */
  chosen?: boolean
  onChoose?: (isIn: boolean) => void
}

/** One change: what, of which company, from what to what, what holds it, and what became of it. */
export function PlanRow({ item, chosen, onChoose }: PlanRowProps) {
  const { t } = useTranslation()
  const look = EVENT_LOOK[item.kind]
  const name = toGroupName({ kind: item.companyKind, name: item.name })
  return (
    <li className={plan['row']} data-state={item.state} data-choice={onChoose !== undefined}>
      {onChoose !== undefined && (
        <span className={plan['box']}>
          <Checkbox
            size="xs"
            aria-label={t('plans.select', { name })}
            checked={chosen ?? false}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        </span>
      )}
      <span className={plan['kind']}>
        <Pill tone={look.tone} icon={<Sign name={look.sign} size={13} />}>
          {toEventKindName(item.kind)}
        </Pill>
      </span>
      <div className={plan['what']}>
        {item.group === null ? (
          <span className={`mc-ellipsis ${plan['name']}`} title={name}>
            {name} <em>{t('plans.new')}</em>
          </span>
        ) : (
          <Link to={paths.group(item.group.id)} className={`mc-ellipsis ${plan['name']}`} title={name}>
            {name}
          </Link>
        )}
        <p>{toEventSentence(item)}</p>
      </div>
      <div className={plan['end']}>
        {item.rule !== null && <Pill title={t('sync.held')}>{t(`plans.rule.${item.rule}`)}</Pill>}
        {item.state !== 'planned' && <Pill tone={TONES[item.state]}>{t(`plans.state.${item.state}`)}</Pill>}
        {item.decidedAt !== null && (
          <small>
            {item.decidedBy === null
              ? formatDateTime(item.decidedAt)
              : t('plans.decidedBy', { who: item.decidedBy, when: formatDateTime(item.decidedAt) })}
          </small>
        )}
      </div>
    </li>
  )
}
