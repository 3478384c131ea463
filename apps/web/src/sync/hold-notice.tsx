import type { HoldReason, Run } from '@msp-console/contract'
import { Group } from '@mantine/core'
import i18next from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Can } from '../domain/can.tsx'
import { toGroupName } from '../domain/labels.ts'
import { formatDateTime, formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { useNow } from '../ui/age.tsx'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { Notice } from '../ui/pill.tsx'
import { DecideDialog, type Decision } from './decide-dialog.tsx'
import { toHeldHeading, toHoldState } from './hold-state.ts'
import plan from './plan.module.css'
import css from './sync.module.css'

/** What the guard kept from being applied, why, what EMA said about it, and the way to decide. */
export function HoldNotice({ run }: { run: Run }) {
  const { t } = useTranslation()
  const [decision, setDecision] = useState<Decision | null>(null)
  const { hold } = run
  const waiting = hold?.waiting ?? 0
  const state = toHoldState(run, useNow())
  const isOpen = state === 'waiting' || state === 'planned'
  const until = state === 'waiting' && hold !== null ? hold.decideUntil : null
  return (
    <Notice tone={isOpen ? 'todo' : 'neutral'} icon={<Sign name="pause" />}>
      <p>
        <b>{t(toHeldHeading(state))}</b>
      </p>
      <ul className={css['held']}>
        {run.heldReasons.map((reason) => (
          <li key={`${reason.rule} ${reason.group?.id ?? ''}`}>
            {toHoldSentence(reason)}{' '}
            {reason.group !== null && <Link to={paths.group(reason.group.id)}>{toGroupName(reason.group)}</Link>}
          </li>
        ))}
      </ul>
      <Causes run={run} />
      {isOpen && <p>{t('sync.heldLead')}</p>}
      {state === 'expired' && <p>{t(hold?.decideUntil ? 'error.code.plan-expired' : 'plans.notAnyMore')}</p>}
      {until !== null && (
        <p>
          <b>{t('plans.waits', { count: waiting, shown: formatNumber(waiting) })}</b>{' '}
          {t('plans.until', { when: formatDateTime(until) })}
        </p>
      )}
      {until !== null && (
        <Can object="sync" level="write">
          <Group gap={8} className={plan['decide'] ?? ''}>
            <BusyButton busy={false} color="red" variant="light" onClick={() => setDecision('approved')}>
              {t('plans.approve')}
            </BusyButton>
            <BusyButton busy={false} variant="default" onClick={() => setDecision('rejected')}>
              {t('plans.reject')}
            </BusyButton>
          </Group>
        </Can>
      )}
      <DecideDialog run={run} items={null} count={waiting} decision={decision} onClose={() => setDecision(null)} />
    </Notice>
  )
}

/** The cause in words: what EMA answered for missing companies, or that nothing is missing at all. */
function Causes({ run: { lookUps, heldReasons } }: { run: Run }) {
  const { t } = useTranslation()
  const rules = new Set(heldReasons.map(({ rule }) => rule))
  const isMoved = rules.has('tooManyMoves') || rules.has('depthCollapse')
  const isOther = rules.has('tooManyTypes') || rules.has('otherCompanies')
  const answers = (['gone', 'noAccess', 'there', 'unsure'] as const).filter((each) => (lookUps?.[each] ?? 0) > 0)
  if (answers.length === 0 && !isMoved && !isOther) return null
  return (
    <>
      <p>{t('plans.cause.title')}</p>
      <ul className={css['held']}>
        {answers.map((each) => (
          <li key={each}>
            {t(`plans.cause.${each}`, {
              count: lookUps?.[each] ?? 0,
              shown: formatNumber(lookUps?.[each] ?? 0),
              asked: formatNumber(lookUps?.asked ?? 0),
            })}
          </li>
        ))}
        {isMoved && <li>{t('plans.cause.moved')}</li>}
        {isOther && <li>{t('plans.cause.other')}</li>}
      </ul>
    </>
  )
}

/** Why changes wait, in one sentence. */
function toHoldSentence({ rule, count, limit, group }: HoldReason): string {
  const { t } = i18next
  const words = {
    count,
    shown: formatNumber(count),
    limit: limit === null ? '–' : formatNumber(limit),
    group: group === null ? '–' : toGroupName(group),
  }
  return t(`sync.hold.${rule}`, words)
}
