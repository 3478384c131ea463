import type { CustomerRow } from '@msp-console/contract'
import { columnVisibilityFeature, createColumnHelper, rowSelectionFeature, tableFeatures } from '@tanstack/react-table'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { GroupPath } from '../domain/group-path.tsx'
import { toGroupName } from '../domain/labels.ts'
import { Moment } from '../domain/moment.tsx'
import { StateIcon } from '../domain/state-icon.tsx'
import { StatePill, StatusBadges } from '../domain/state-pill.tsx'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Pill } from '../ui/pill.tsx'
import css from './customers.module.css'

// What each column shows. Widths are fixed in CSS pixels, because names come and go while the list is scrolled; what is left
// over goes to those that can use it, the name and the path. The columns shown at first fit a window of 1280 beside the menu.

export const features = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  columnMeta: {} as ColumnLook, // the value is a phantom, only its type is read
})

export interface ColumnLook {
  width: number
  /** It takes its part of what is left over; `width` is the least it gets in a window that is too narrow for all. */
  grows?: boolean
  sort?: 'name' | 'state' | 'firstSeen' | 'changed' | 'identifier'
  numeric?: boolean
}

export const COLUMN_IDS = [
  'name',
  'state',
  'path',
  'parentKind',
  'sourceStatus',
  'identifier',
  'email',
  'account',
  'tags',
  'computers',
  'firstSeen',
  'lastSeen',
  'changed',
] as const
export type ColumnId = (typeof COLUMN_IDS)[number]

/** Shown until somebody chooses otherwise. The name always stays. Computers come with agents, which EMA does not tell of. */
export const SHOWN_AT_FIRST: Readonly<Record<ColumnId, boolean>> = {
  name: true,
  state: true,
  path: true,
  parentKind: false,
  sourceStatus: true,
  identifier: true,
  email: false,
  account: false,
  tags: false,
  computers: false,
  firstSeen: true,
  lastSeen: false,
  changed: false,
}

const helper = createColumnHelper<typeof features, CustomerRow>()

function column(id: ColumnId, look: ColumnLook, show: (row: CustomerRow) => ReactNode) {
  return helper.display({ id, meta: look, enableHiding: id !== 'name', cell: ({ row }) => show(row.original) })
}

export const columns = helper.columns([
  column('name', { width: 200, grows: true, sort: 'name' }, (row) => {
    const name = toGroupName({ kind: 'customer', name: row.name })
    return (
      <div className={css['name']}>
        <StateIcon kind="customer" state={row.state} labelled={false} />
        <Link to={paths.group(row.id)} className="mc-ellipsis" title={name}>
          {name}
        </Link>
      </div>
    )
  }),
  column('state', { width: 140, sort: 'state' }, (row) => <StatePill state={row.state} setup={row.setup} />),
  column('path', { width: 208, grows: true }, (row) => <GroupPath path={row.path} short last={2} tabbable={false} />),
  column('parentKind', { width: 130 }, ({ path }) => {
    const parent = path.at(-1)
    return parent === undefined ? null : i18next.t(`kind.${parent.kind}`)
  }),
  column('sourceStatus', { width: 140 }, (row) => <SourceStatusCell row={row} />),
  column('identifier', { width: 140, sort: 'identifier' }, (row) => <Told value={row.customIdentifier} />),
  column('email', { width: 200 }, (row) => <Told value={row.email} />),
  column('account', { width: 170 }, (row) => <Told value={row.account.name} />),
  column('tags', { width: 180 }, (row) => (row.tags === null ? <Told value={null} /> : <Tags tags={row.tags} />)),
  column('computers', { width: 92, numeric: true }, (row) => formatNumber(row.computers)),
  column('firstSeen', { width: 160, sort: 'firstSeen' }, (row) => <Moment iso={row.firstSeenAt} />),
  column('lastSeen', { width: 156 }, (row) =>
    row.lastSeenAt === null ? <Told value={null} /> : <Moment iso={row.lastSeenAt} />,
  ),
  column('changed', { width: 156, sort: 'changed' }, (row) => <Moment iso={row.changedAt} />),
])

/** A text of the source: unknown is not empty. */
function Told({ value }: { value: string | null }) {
  if (value === null) return <span className={css['unknown']}>{i18next.t('unknown')}</span>
  return (
    <span className="mc-ellipsis" title={value}>
      {value}
    </span>
  )
}

function SourceStatusCell({ row }: { row: CustomerRow }) {
  const plain = row.sourceStatus === 'active' || row.sourceStatus === 'unknown'
  return (
    <span className={css['status']}>
      {plain && i18next.t(`sourceStatus.${row.sourceStatus}`)}
      <StatusBadges presence={row.presence} sourceStatus={row.sourceStatus} />
    </span>
  )
}

function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <span className={css['tags']} title={tags.join(', ')}>
      {tags.map((tag) => (
        <Pill key={tag}>{tag}</Pill>
      ))}
    </span>
  )
}
