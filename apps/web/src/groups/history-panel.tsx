import type { Group, GroupEvent } from '@msp-console/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { groupEventsQuery } from '../api/queries.ts'
import { EVENT_LOOK } from '../domain/event-look.ts'
import { toActor, toEventSentence } from '../domain/event-sentence.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { Moment } from '../domain/moment.tsx'
import { useCan } from '../domain/use-can.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { LoadMore } from '../domain/load-more.tsx'
import { Panel } from '../ui/panel.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import css from './group.module.css'

/** What happened to it, newest first, in sentences. */
export function HistoryPanel({ group }: { group: Group }) {
  const { t } = useTranslation()
  const pages = useInfiniteQuery(groupEventsQuery(group.id))
  const { data, error, refetch } = pages
  const events = data?.pages.flatMap((page) => page.items)
  return (
    <Panel title={t('groups.history')} flush>
      {events === undefined && error === null && <RowsSkeleton rows={3} label={t('loading')} />}
      {events === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
      {events?.length === 0 && <p className={css['quiet']}>{t('groups.historyEmpty')}</p>}
      <ol className={css['history']}>
        {events?.map((event) => (
          <EventLine key={event.id} event={event} />
        ))}
      </ol>
      <LoadMore query={pages} />
    </Panel>
  )
}

function EventLine({ event }: { event: GroupEvent }) {
  const { t } = useTranslation()
  const canReadRuns = useCan('sync', 'read')
  const look = EVENT_LOOK[event.kind]
  return (
    <li>
      <span className={css['eventSign']} data-tone={look.tone}>
        <Sign name={look.sign} size={14} />
      </span>
      <div>
        <p>{toEventSentence(event)}</p>
        <p className={css['eventMeta']}>
          <Moment iso={event.at} />
          {' · '}
          {toActor(event)}
          {event.runId !== null && canReadRuns && (
            <>
              {' · '}
              <Link to={paths.run(event.runId)}>{t('sync.itsRun')}</Link>
            </>
          )}
        </p>
      </div>
    </li>
  )
}
