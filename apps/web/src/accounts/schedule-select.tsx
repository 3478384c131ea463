import { type Account, listAccounts, setAccountSchedule } from '@msp-console/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { toIntervalWords } from '../domain/freshness.ts'
import { tellFailure } from '../domain/use-setup.ts'
import { notify } from '../ui/notify.tsx'
import css from './accounts.module.css'

const MINUTE = 60
const HOUR = 60 * MINUTE
const OFFERED: readonly (number | null)[] = [
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  null,
]

/** How often an account is synced by itself. What the API was told and is not offered here stays until it is changed. */
export function ScheduleSelect({ account }: { account: Account }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { id, name, intervalSeconds } = account
  const change = useMutation({
    mutationFn: (seconds: number | null) =>
      call(setAccountSchedule, { params: { id }, body: { intervalSeconds: seconds } }),
    onSuccess: async ({ intervalSeconds: now }) => {
      notify(t('accounts.scheduleDone', { name, interval: toIntervalWords(now) }), { closeLabel: t('action.close') })
      await client.invalidateQueries({ queryKey: [listAccounts.name] })
    },
    onError: tellFailure,
  })
  const shown = change.isPending ? change.variables : intervalSeconds
  const choices = OFFERED.includes(shown) ? OFFERED : [shown, ...OFFERED]
  return (
    <select
      className={css['select']}
      aria-label={t('accounts.scheduleOf', { name })}
      value={String(shown)}
      onChange={({ currentTarget: { value } }) => change.mutate(value === 'null' ? null : Number(value))}
    >
      {choices.map((seconds) => (
        <option key={String(seconds)} value={String(seconds)}>
          {toIntervalWords(seconds)}
        </option>
      ))}
    </select>
  )
}
