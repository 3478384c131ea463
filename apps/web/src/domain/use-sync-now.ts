import { listAccounts, listRuns, startRun } from '@msp-console/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { notify } from '../ui/notify.tsx'
import { tellFailure } from './use-setup.ts'

/** Starts a sync of each account given; one that runs already is no error. */
export function useSyncNow() {
  const client = useQueryClient()
  const { t } = useTranslation()
  return useMutation({
    mutationFn: (accountIds: readonly string[]) =>
      Promise.all(accountIds.map((id) => call(startRun, { params: { id } }))),
    onSuccess: (answers) => {
      const started = answers.some((answer) => answer.started)
      notify(started ? t('shell.freshness.started') : t('shell.freshness.already'), { closeLabel: t('action.close') })
      void client.invalidateQueries({ queryKey: [listRuns.name] })
      void client.invalidateQueries({ queryKey: [listAccounts.name] })
    },
    onError: tellFailure,
  })
}
