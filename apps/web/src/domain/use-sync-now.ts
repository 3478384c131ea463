import { listAccounts, listRuns, previewRun, startRun, syncCompany, type Run } from '@msp-console/contract'
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import { useNavigate } from 'react-router'
import { call } from '../api/call.ts'
import { runQuery } from '../api/queries.ts'
import { paths } from '../paths.ts'
import { notify } from '../ui/notify.tsx'
import { toCountWords } from './run-counts.ts'
import { tellFailure } from './use-setup.ts'

/** After that nobody waits for the result in front of the screen any more. */
const PATIENCE_MS = 15 * 60_000

/** Starts a sync of each account given; one that runs already is no error. Says how each ended, where it said that it began. */
export function useSyncNow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (accountIds: readonly string[]) =>
      Promise.all(accountIds.map((id) => call(startRun, { params: { id } }))),
    onSuccess: (answers) => follow(client, answers),
    onError: tellFailure,
  })
}

/** Asks for one company and what is below it. */
export function useSyncCompany() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(syncCompany, { params: { id } }),
    onSuccess: (answer) => follow(client, [answer]),
    onError: tellFailure,
  })
}

/** Makes a preview and leads to it; while another run is under way, to that one. */
export function usePreview() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (accountId: string) => call(previewRun, { params: { id: accountId } }),
    onSuccess: ({ started, run }) => {
      const { t } = i18next
      notify(started ? t('plans.preview.started') : t('shell.freshness.already'), { closeLabel: t('action.close') })
      void client.invalidateQueries({ queryKey: [listRuns.name] })
      void navigate(paths.run(run.id))
    },
    onError: tellFailure,
  })
}

function follow(client: QueryClient, answers: readonly { started: boolean; run: Run }[]): void {
  const { t } = i18next
  const [first] = answers
  const started = answers.some((answer) => answer.started)
  notify(started ? t('shell.freshness.started') : t('shell.freshness.already'), {
    closeLabel: t('action.close'),
    ...(first === undefined ? {} : { key: first.run.id }),
  })
  for (const { run } of answers) whenEnded(client, run.id, tellResult)
  void client.invalidateQueries({ queryKey: [listRuns.name] })
  void client.invalidateQueries({ queryKey: [listAccounts.name] })
}

function tellResult(run: Run): void {
  const { t } = i18next
  const closeLabel = t('action.close')
  if (run.status === 'succeeded') {
    notify(t('shell.freshness.done', { result: toCountWords(run.counts) }), { closeLabel, key: run.id })
  } else notify(t('shell.freshness.failed'), { closeLabel, key: run.id, tone: 'error' })
}

/** Live updates put every step of a run into the cache; the last one is the result. */
function whenEnded(client: QueryClient, id: string, then: (run: Run) => void): void {
  const { queryKey } = runQuery(id)
  const look = (): void => {
    const run = client.getQueryData(queryKey)
    if (run === undefined || run.status === 'running') return
    stop()
    then(run)
  }
  const unsubscribe = client.getQueryCache().subscribe(look)
  const patience = setTimeout(unsubscribe, PATIENCE_MS)
  const stop = (): void => {
    unsubscribe()
    clearTimeout(patience)
  }
  look()
}
