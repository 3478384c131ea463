import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { toGroupName } from '../domain/labels.ts'
import { useCan, useView } from '../domain/use-can.ts'
import { paths, type Search } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { toTreeData, type TreeData } from './columns.ts'
import { toSearch } from './filter-address.ts'
import classes from './panel.module.css'
import { TreeHeader } from './tree-header.tsx'
import { TreeView } from './tree-view.tsx'
import { useDelayed } from './use-delayed.ts'
import { useFilter } from './use-filter.ts'
import { useReveal } from './use-reveal.ts'
import { useTree } from './use-tree.ts'
import { type TreeState, useTreeState } from './use-tree-state.ts'

// The tree with its search, its legend that is also the filter, and what stands there when there is no tree to show.

const SKELETON_DELAY = 300
const SKELETON_ROWS = [1, 2, 3, 4, 4, 4, 3, 4, 4]

const EMPTY: TreeData = toTreeData(
  '',
  {
    idDelta: [],
    depth: [],
    kind: '',
    mark: '',
    name: [],
    children: [],
    customers: [],
    notSetUp: [],
    normal: [],
    unlinked: [],
  },
  null,
  (_kind, name) => name,
)

export interface TreePanelProps {
  /** Our id of the group whose page is open. */
  selectedId: string | null
  /** With the filter as it belongs into the address. */
  onSelect: (id: string, filter: Search) => void
  /** Counts up when the tree has changed on the server. */
  live: number
}

export function TreePanel({ selectedId, onSelect, live }: TreePanelProps) {
  const filter = useFilter()
  const { data, gapOf, fill, failed, retry, want, found, strays } = useTree(live, filter.filter, selectedId)
  const state = useTreeState(data ?? EMPTY, selectedId, filter, strays)
  useEffect(() => want(state.open), [want, state.open])
  const selectOwn = useReveal(state, selectedId, (id) => onSelect(id, toSearch(state.filter)))
  return (
    <div className={classes.panel}>
      <TreeHeader state={state} isComplete={data?.complete ?? false} found={found} />
      {data ? (
        <>
          <Remark state={state} />
          <TreeView state={state} selectedId={selectedId} onSelect={selectOwn} gapOf={gapOf} onFill={fill} />
        </>
      ) : failed ? (
        <Failure onRetry={retry} />
      ) : (
        <Skeleton />
      )}
    </div>
  )
}

/** What the tree itself cannot say: that nothing matches, that no account is connected yet, or that the view is one customer. */
function Remark({ state }: { state: TreeState }) {
  const { t } = useTranslation()
  const { hits, data } = state
  const canConnect = useCan('accounts', 'write')
  const root = useView()?.root
  const hasCompanies = useMemo(() => /[^ACLU]/.test(data.inner.kind), [data])
  if (hits && hits.count === 0) {
    return (
      <div className={classes.remark}>
        <p>{t('tree.noMatch')}</p>
        <button type="button" className={classes.link} onClick={state.clearFilter}>
          {t('tree.clearFilter')}
        </button>
      </div>
    )
  }
  if (hits || hasCompanies) return null
  if (root?.kind === 'customer') {
    return (
      <div className={classes.remark}>
        <p>{t('rights.onlyCustomer')}</p>
        <Link to={paths.group(root.id)}>{toGroupName(root)}</Link>
      </div>
    )
  }
  return (
    <div className={classes.remark}>
      <p>{t('tree.empty')}</p>
      {canConnect && <Link to={paths.connectAccount()}>{t('tree.connect')}</Link>}
    </div>
  )
}

function Failure({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.remark} role="alert">
      <Sign name="error" size={20} />
      <p>{t('tree.failed')}</p>
      <button type="button" className={classes.link} onClick={onRetry}>
        {t('action.retry')}
      </button>
    </div>
  )
}

function Skeleton() {
  const { t } = useTranslation()
  const isShown = useDelayed(SKELETON_DELAY)
  if (!isShown) return <div className={classes.skeleton} />
  return (
    <output className={classes.skeleton} aria-label={t('loading')}>
      {SKELETON_ROWS.map((level, row) => (
        // oxlint-disable-next-line react/no-array-index-key -- the rows never change
        <span key={row} className={classes.bone} style={{ marginInlineStart: level * 16 }} />
      ))}
    </output>
  )
}
