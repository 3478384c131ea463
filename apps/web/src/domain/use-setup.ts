import { changeSetup, type CustomerFilter, type Setup, type SetupChange } from '@msp-console/contract'
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import type { z } from 'zod'
import { call } from '../api/call.ts'
import { treeChanged } from '../api/live.ts'
import { formatNumber } from '../i18n/format.ts'
import { notify } from '../ui/notify.tsx'
import { ConfirmationCancelled } from './confirmation.ts'
import { toFailureText } from './failure.ts'

/** Which customers: by id, or everything that matches a filter at the moment of the change. */
export type SetupTarget = { ids: string[] } | { filter: z.input<typeof CustomerFilter> }

export interface SetupOrder {
  state: Setup
  target: SetupTarget
}

/** Marks customers and offers to undo it. Not optimistic: the answer says what really changed, and it comes at once. */
export function useSetup() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ state, target }: SetupOrder) => call(changeSetup, { body: { state, ...target } }),
    onSuccess: (change, { state }) => {
      treeChanged(client)
      tell(client, change, state)
    },
    onError: tellFailure,
  })
}

function tell(client: QueryClient, change: SetupChange, state: Setup): void {
  const { t } = i18next
  const closeLabel = t('action.close')
  if (change.changed === 0) {
    notify(t('setup.nothing'), { closeLabel })
    return
  }
  const shown = formatNumber(change.changed)
  const message = t(`setup.${state === 'done' ? 'done' : state === 'skipped' ? 'skipped' : 'none'}`, {
    count: change.changed,
    shown,
  })
  const { undo } = change
  if (undo === null) notify(`${message} ${t('setup.noUndo')}`, { closeLabel })
  else notify(message, { closeLabel, undo: { label: t('action.undo'), run: () => void restore(client, undo) } })
}

async function restore(client: QueryClient, former: NonNullable<SetupChange['undo']>): Promise<void> {
  const { t } = i18next
  try {
    for (const { state, ids } of former) if (ids.length > 0) await call(changeSetup, { body: { state, ids } })
    notify(t('setup.undone'), { closeLabel: t('action.close') })
  } catch (error) {
    tellFailure(error)
  } finally {
    treeChanged(client)
  }
}

/** For `onError` of any mutation. */
export function tellFailure(error: unknown): void {
  if (error instanceof ConfirmationCancelled) return
  notify(toFailureText(error), { tone: 'error', closeLabel: i18next.t('action.close') })
}
