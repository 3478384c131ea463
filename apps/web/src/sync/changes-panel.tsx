import { EventKind, type listRunChanges, type Reply, type Run } from '@msp-console/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { runChangesQuery } from '../api/queries.ts'
import { toCount } from '../domain/count.ts'
import { EVENT_LOOK } from '../domain/event-look.ts'
import { changedFields, toEventKindName, toFieldName, toValue } from '../domain/event-sentence.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { GroupPath } from '../domain/group-path.tsx'
import { toGroupName } from '../domain/labels.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { LoadMore } from '../domain/load-more.tsx'
import { Panel } from '../ui/panel.tsx'
import { Pill } from '../ui/pill.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { FilterButtons } from './filter-buttons.tsx'
import css from './sync.module.css'

type Change = Reply<typeof listRunChanges>['items'][number]

/** Kinds of events that runs write; the others are made by people. */
const OF_RUNS = EventKind.exclude(['setup', 'disconnected', 'held', 'rejected']).options

/** Each change with where it is, what it was before and what it is now. */
export function ChangesPanel({ run }: { run: Run }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const asked = EventKind.safeParse(search.get('kind'))
  const kind = asked.success ? asked.data : undefined
  const pages = useInfiniteQuery(runChangesQuery(run.id, kind))
  const { data, error, refetch } = pages
  const changes = data?.pages.flatMap((page) => page.items)
  const total = data?.pages[0]?.total
  const present = OF_RUNS.filter((each) => run.counts[each] > 0 || each === kind)
  const show = (wanted?: EventKind): void =>
    void navigate(paths.run(run.id, { ...Object.fromEntries(search), kind: wanted }), { preventScrollReset: true })
  return (
    <Panel title={t('sync.changesTitle')} flush aside={total !== undefined && toCount('changes', total)}>
      <FilterButtons
        label={t('sync.change')}
        chosen={kind}
        options={present.map((value) => ({ value, name: toEventKindName(value), count: run.counts[value] }))}
        onChoose={show}
      />
      {changes === undefined && error === null && <RowsSkeleton label={t('loading')} />}
      {changes === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
      {changes?.length === 0 && (
        <p className={css['quiet']}>
          {run.status === 'running'
            ? t('sync.changesWait')
            : kind === undefined
              ? t('sync.changesEmpty')
              : t('sync.changesEmptyKind')}
        </p>
      )}
      {changes !== undefined && changes.length > 0 && (
        <table className={css['changes']}>
          <thead>
            <tr>
              <th scope="col">{t('sync.change')}</th>
              <th scope="col">{t('sync.company')}</th>
              <th scope="col">{t('sync.before')}</th>
              <th scope="col">{t('sync.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <ChangeRow key={change.id} change={change} />
            ))}
          </tbody>
        </table>
      )}
      <LoadMore query={pages} />
    </Panel>
  )
}

function ChangeRow({ change }: { change: Change }) {
  const { t } = useTranslation()
  const look = EVENT_LOOK[change.kind]
  const fields = changedFields(change.before, change.after)
  const name = toGroupName(change.group)
  return (
    <tr>
      <td>
        <Pill tone={look.tone} icon={<Sign name={look.sign} size={13} />}>
          {toEventKindName(change.kind)}
        </Pill>
      </td>
      <td>
        <Link to={paths.group(change.group.id)} className={`mc-ellipsis ${css['changeName']}`} title={name}>
          {name}
        </Link>
        <GroupPath path={change.path} short />
      </td>
      <td data-label={t('sync.before')}>
        <Values fields={fields} values={change.before} outside={change.outside} />
      </td>
      <td data-label={t('sync.after')}>
        <Values fields={fields} values={change.after} outside={change.outside} />
      </td>
    </tr>
  )
}

interface ValuesProps extends Pick<Change, 'outside'> {
  fields: readonly string[]
  values: Change['before']
}

function Values({ fields, values, outside }: ValuesProps) {
  if (values === null) return null
  return (
    <>
      {fields
        .filter((field) => field in values)
        .map((field) => (
          <div key={field} className={css['value']}>
            <span>{toFieldName(field)}: </span>
            {toValue(field, values[field], outside)}
          </div>
        ))}
    </>
  )
}
