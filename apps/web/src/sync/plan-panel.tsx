import { EventKind, exportPlan, PlanItemState, type PlanItem, type Run } from '@msp-console/contract'
import { Button, Checkbox, Group } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { toFileUrl } from '../api/call.ts'
import { planQuery } from '../api/queries.ts'
import { toCount } from '../domain/count.ts'
import { toEventKindName } from '../domain/event-sentence.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { GroupPath } from '../domain/group-path.tsx'
import { useCan } from '../domain/use-can.ts'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { useNow } from '../ui/age.tsx'
import { Sign } from '../ui/icons.tsx'
import { LoadMore } from '../domain/load-more.tsx'
import { Panel } from '../ui/panel.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { DecideDialog, type Decision } from './decide-dialog.tsx'
import { FilterButtons } from './filter-buttons.tsx'
import { toHoldState } from './hold-state.ts'
import { PlanRow } from './plan-row.tsx'
import plan from './plan.module.css'
import css from './sync.module.css'

/** What a preview would change, or a run held: a diff in the order of the tree, below the ancestors that items share. */
export function PlanPanel({ run }: { run: Run }) {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const state = PlanItemState.safeParse(search.get('state')).data
  const kind = EventKind.safeParse(search.get('planned')).data
  const filter = { state, kind }
  const pages = useInfiniteQuery(planQuery(run.id, filter))
  const { data, error, refetch } = pages
  const show = (change: { state?: PlanItemState | undefined; planned?: EventKind | undefined }) =>
    void navigate(paths.run(run.id, { ...Object.fromEntries(search), ...change }), { preventScrollReset: true })
  const mayDecide = useCan('sync', 'write') && toHoldState(run, useNow()) === 'waiting'
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [decision, setDecision] = useState<Decision | null>(null)
  const items = data?.pages.flatMap((page) => page.items)
  const total = data?.pages[0]?.total
  // What was decided or replaced meanwhile is no choice any more.
  const waiting = (items ?? []).filter((item) => item.state === 'waiting').map(({ id }) => id)
  const picked = waiting.filter((id) => chosen.has(id))
  const pick = (ids: readonly string[], isIn: boolean) =>
    setChosen(new Set(isIn ? [...chosen, ...ids] : [...chosen].filter((id) => !ids.includes(id))))
  return (
    <Panel
      title={run.preview ? t('plans.previewTitle') : t('plans.title')}
      flush
      aside={
        <>
          {total !== undefined && <span>{toCount('changes', total)}</span>}
          <Button
            component="a"
            href={toFileUrl(exportPlan, { params: { id: run.id }, query: filter })}
            download
            variant="subtle"
            size="compact-sm"
            leftSection={<Sign name="download" size={15} />}
          >
            {t('plans.csv')}
          </Button>
        </>
      }
    >
      <FilterButtons
        label={t('plans.stateLabel')}
        chosen={state}
        options={statesOf(run).map(([value, count]) => ({ value, count, name: t(`plans.state.${value}`) }))}
        onChoose={(wanted) => show({ state: wanted })}
      />
      <FilterButtons
        label={t('sync.change')}
        chosen={kind}
        options={withChosen(data?.pages[0]?.kinds ?? null, kind).map((each) => ({
          value: each.kind,
          count: each.count,
          name: toEventKindName(each.kind),
        }))}
        onChoose={(wanted) => show({ planned: wanted })}
      />
      {items === undefined && error === null && <RowsSkeleton label={t('loading')} />}
      {items === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
      {items?.length === 0 && (
        <p className={css['quiet']}>
          {state === undefined && kind === undefined
            ? t(run.preview ? 'plans.previewEmpty' : 'plans.empty')
            : t('plans.emptyFilter')}
        </p>
      )}
      {mayDecide && waiting.length > 1 && (
        <div className={plan['choose']}>
          <Checkbox
            size="xs"
            label={t('plans.selectAll')}
            checked={picked.length === waiting.length}
            indeterminate={picked.length > 0 && picked.length < waiting.length}
            onChange={(event) => pick(waiting, event.currentTarget.checked)}
          />
          {picked.length > 0 && (
            <Group gap={8}>
              <span>{t('plans.selected', { count: picked.length, shown: formatNumber(picked.length) })}</span>
              <Button size="compact-sm" color="red" variant="light" onClick={() => setDecision('approved')}>
                {t('plans.approve')}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => setDecision('rejected')}>
                {t('plans.reject')}
              </Button>
            </Group>
          )}
        </div>
      )}
      {toBlocks(items ?? []).map(({ key, path, above, rows }) => (
        <section key={key} className={plan['block']}>
          <div className={plan['where']}>
            <GroupPath path={path} short tabbable={false} />
            {above.length > 0 && <span>{t('plans.above', { names: above.join(' › ') })}</span>}
          </div>
          <ul>
            {rows.map((item) => (
              <PlanRow
                key={item.id}
                item={item}
                {...(mayDecide && item.state === 'waiting'
                  ? { chosen: chosen.has(item.id), onChoose: (isIn: boolean) => pick([item.id], isIn) }
                  : {})}
              />
            ))}
          </ul>
        </section>
      ))}
      <LoadMore query={pages} />
      <DecideDialog
        run={run}
        items={picked}
        count={picked.length}
        decision={decision}
        onClose={() => setDecision(null)}
      />
    </Panel>
  )
}

/** What is filtered by is always there to be seen, also where it matches nothing. */
function withChosen(kinds: readonly { kind: EventKind; count: number }[] | null, chosen: EventKind | undefined) {
  const known = kinds ?? []
  if (chosen === undefined || known.some(({ kind }) => kind === chosen)) return known
  return [...known, { kind: chosen, count: kinds && 0 }]
}

/** Only those that there are; a preview has one state only. */
function statesOf({ hold }: Run) {
  if (hold === null) return []
  return (['waiting', 'approved', 'rejected', 'replaced'] as const)
    .map((state) => [state, hold[state]] as const)
    .filter(([, count]) => count > 0)
}

interface Block {
  key: string
  path: PlanItem['path']
  above: PlanItem['above']
  rows: PlanItem[]
}

/** Items come in the order of the tree, so what stands below the same group comes together. */
function toBlocks(items: readonly PlanItem[]): Block[] {
  const blocks: Block[] = []
  for (const item of items) {
    const key = [...item.path.map(({ id }) => id), ...item.above].join('/')
    const last = blocks.at(-1)
    if (last?.key === key) last.rows.push(item)
    else blocks.push({ key, path: item.path, above: item.above, rows: [item] })
  }
  // The same place may come twice where changes of the place itself stand between.
  return blocks.map((block, index) => ({ ...block, key: `${block.key} ${index}` }))
}
