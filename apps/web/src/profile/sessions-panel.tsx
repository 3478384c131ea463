import { endSession, listSessions, type OwnSession } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { sessionsQuery } from '../api/profile-queries.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { Moment } from '../domain/moment.tsx'
import { tellFailure } from '../domain/use-setup.ts'
import { formatDateTime } from '../i18n/format.ts'
import { notify } from '../ui/notify.tsx'
import { Panel } from '../ui/panel.tsx'
import { Pill } from '../ui/pill.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { toDevice } from './device.ts'
import css from './profile.module.css'

export function SessionsPanel() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const confirm = useConfirmation()
  const { data, error, refetch } = useQuery({ ...sessionsQuery(), staleTime: 0 })
  const end = useMutation({
    mutationFn: (id: string) => confirm(() => call(endSession, { params: { id } })),
    onSuccess: () => notify(t('profile.sessions.ended'), { closeLabel: t('action.close') }),
    onError: tellFailure,
    onSettled: () => client.invalidateQueries({ queryKey: [listSessions.name] }),
  })
  return (
    <Panel title={t('profile.sessions.title')} flush>
      {data === undefined && error === null && <RowsSkeleton rows={3} label={t('loading')} />}
      {data === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
      <ul className={css['list']}>
        {data?.items.map((session) => (
          <SessionLine
            key={session.id}
            session={session}
            ending={end.isPending && end.variables === session.id}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </ul>
    </Panel>
  )
}

interface SessionLineProps {
  session: OwnSession
  ending: boolean
  onEnd: () => void
}

function SessionLine({ session, ending, onEnd }: SessionLineProps) {
  const { t } = useTranslation()
  const device = toDeviceWords(session.userAgent)
  return (
    <li>
      <div className={css['item']}>
        <div className={css['itemTitle']}>
          <span title={session.userAgent ?? undefined}>{device}</span>
          {session.current && <Pill tone="ok">{t('profile.sessions.current')}</Pill>}
        </div>
        <p className={css['meta']}>
          <span>
            {t('profile.sessions.since')} <Moment iso={session.createdAt} />
          </span>
          <span>
            {t('profile.sessions.until')} {formatDateTime(session.expiresAt)}
          </span>
          {session.ipAddress !== null && (
            <span>
              {t('profile.sessions.from')} {session.ipAddress}
            </span>
          )}
        </p>
      </div>
      {!session.current && (
        <Button
          variant="default"
          size="compact-sm"
          loading={ending}
          aria-label={t('profile.sessions.endLabel', { device, at: formatDateTime(session.createdAt) })}
          onClick={onEnd}
        >
          {t('profile.sessions.end')}
        </Button>
      )}
    </li>
  )
}

function toDeviceWords(userAgent: string | null): string {
  const { t } = i18next
  const { browser, system } = toDevice(userAgent)
  if (browser !== null && system !== null) return t('profile.sessions.device', { browser, system })
  if (browser !== null) return t('profile.sessions.browser', { browser })
  return system === null ? t('profile.sessions.unknown') : t('profile.sessions.system', { system })
}
