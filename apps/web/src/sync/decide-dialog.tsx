import { approveRun, rejectRun, type HoldRule, type Run } from '@msp-console/contract'
import { Button, Group, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { treeChanged } from '../api/live.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { tellFailure } from '../domain/use-setup.ts'
import { formatNumber } from '../i18n/format.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { notify } from '../ui/notify.tsx'
import css from './plan.module.css'

export type Decision = 'approved' | 'rejected'

interface DecideDialogProps {
  run: Run
  /** Ids of the items; null = all that wait. */
  items: readonly string[] | null
  count: number
  /** Null = closed. */
  decision: Decision | null
  onClose: () => void
}

/** The consequences in numbers before somebody decides. */
export function DecideDialog({ run, items, count, decision, onClose }: DecideDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={decision !== null}
      onClose={onClose}
      size={520}
      title={<b>{decision === 'rejected' ? t('plans.rejectTitle') : t('plans.approveTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {decision !== null && <Decide {...{ run, items, count, decision, onClose }} />}
    </Modal>
  )
}

function Decide({ run, items, count, decision, onClose }: DecideDialogProps & { decision: Decision }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const withConfirmation = useConfirmation()
  const words = { count, shown: formatNumber(count) }
  const approves = decision === 'approved'
  const decide = useMutation({
    mutationFn: () => {
      const args = { params: { id: run.id }, body: items === null ? {} : { items: [...items] } }
      return withConfirmation(() => (approves ? call(approveRun, args) : call(rejectRun, args)))
    },
    onSuccess: ({ decided }) => {
      const done = { count: decided, shown: formatNumber(decided) }
      notify(approves ? t('plans.approved', done) : t('plans.rejected', done), { closeLabel: t('action.close') })
      treeChanged(client)
      void client.invalidateQueries()
      onClose()
    },
    onError: tellFailure,
  })
  return (
    <div className={css['consequences']}>
      <h3>{t('plans.will')}</h3>
      <ul>
        {approves
          ? toConsequences(run, items === null ? null : count).map(({ key, count: each }) => (
              <li key={key}>{t(`plans.${key}`, { count: each, shown: formatNumber(each) })}</li>
            ))
          : [<li key="stays">{t('plans.stays', words)}</li>, <li key="notAsked">{t('plans.notAsked')}</li>]}
        {approves && <li>{t('plans.byYou')}</li>}
      </ul>
      <h3>{t('plans.willNot')}</h3>
      <ul>
        {approves ? (
          <>
            <li>{t('plans.keeps')}</li>
            <li>{t('plans.agents')}</li>
          </>
        ) : (
          <li>{t('plans.rejectNot')}</li>
        )}
      </ul>
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.cancel')}
        </Button>
        <BusyButton color={approves ? 'red' : 'blue'} busy={decide.isPending} onClick={() => decide.mutate()}>
          {approves ? t('plans.approveDo', words) : t('plans.rejectDo')}
        </BusyButton>
      </Group>
    </div>
  )
}

type Key = 'removed' | 'moved' | 'typed' | 'created' | 'some'
const KEY_OF: Partial<Record<HoldRule, Key>> = {
  tooManyMoves: 'moved',
  depthCollapse: 'moved',
  tooManyTypes: 'typed',
  otherCompanies: 'created',
}

/** By kind of change where everything is decided; a choice of items, or a plan of which a part is decided, only as a number. */
function toConsequences(run: Run, chosen: number | null): { key: Key; count: number }[] {
  const { hold, heldReasons, partial } = run
  const waiting = hold?.waiting ?? 0
  if (chosen !== null) return [{ key: 'some', count: chosen }]
  const kinds = Map.groupBy(heldReasons, ({ rule }) => KEY_OF[rule] ?? 'removed')
  const [only] = kinds.keys()
  if (kinds.size === 1 && only !== undefined) return [{ key: only, count: waiting }]
  if (partial || waiting !== run.counts.held) return [{ key: 'some', count: waiting }]
  return [...kinds].map(([key, reasons]) => ({ key, count: reasons.reduce((sum, { count }) => sum + count, 0) }))
}
