import {
  type CustomerState,
  type GroupKind,
  type InnerColumns,
  toKindLetter,
  toMark,
  type Tree,
} from '@msp-console/contract'
import { toTreeData, type TreeData } from './columns.ts'

// Trees for tests and the bench: plain objects that people can read, and their way onto the wire.

interface PlainCustomer {
  id: number
  name: string
  state: CustomerState
}

export interface PlainGroup {
  id: number
  name: string
  kind: GroupKind
  state: CustomerState
  groups: PlainGroup[]
  customers: PlainCustomer[]
  /** Children that exist but are not sent. */
  hiddenGroups: number
  hiddenCustomers: number
}

/** A group with sensible defaults; `groups` and `customers` are what is sent. */
export function plainGroup(id: number, name: string, rest: Partial<PlainGroup> = {}): PlainGroup {
  return {
    id,
    name,
    kind: 'msp',
    state: 'normal',
    groups: [],
    customers: [],
    hiddenGroups: 0,
    hiddenCustomers: 0,
    ...rest,
  }
}

export function toWire(tops: readonly PlainGroup[], generation = '1'): Tree & { inner: InnerColumns } {
  const inner: InnerColumns = {
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
  }
  const customers = {
    of: [] as number[],
    count: [] as number[],
    idDelta: [] as number[],
    mark: '',
    name: [] as string[],
  }
  let lastInner = 0
  let lastOf = 0
  let lastCustomer = 0
  const visit = (group: PlainGroup, depth: number) => {
    inner.idDelta.push(group.id - lastInner)
    lastInner = group.id
    inner.depth.push(depth)
    inner.kind += toKindLetter(group.kind)
    inner.mark += toMark(group.state, 'active', 'present')
    inner.name.push(group.name)
    const customerCount = group.customers.length + group.hiddenCustomers
    inner.children.push(group.groups.length + group.hiddenGroups + customerCount)
    inner.customers.push(customerCount)
    const below = customersBelow(group)
    for (const state of ['notSetUp', 'normal', 'unlinked'] as const) {
      inner[state].push(below.filter((customer) => customer.state === state).length)
    }
    if (group.customers.length > 0) {
      customers.of.push(group.id - lastOf)
      lastOf = group.id
      customers.count.push(group.customers.length)
    }
    for (const customer of group.customers) {
      customers.idDelta.push(customer.id - lastCustomer)
      lastCustomer = customer.id
      customers.mark += toMark(customer.state, 'active', 'present')
      customers.name.push(customer.name)
    }
    for (const child of group.groups) visit(child, depth + 1)
  }
  for (const top of tops) visit(top, 0)
  return { generation, since: 's', inner, customers }
}

export function toData(tops: readonly PlainGroup[]): TreeData {
  const wire = toWire(tops)
  return toTreeData(wire.generation, wire.inner, wire.customers, (_kind, name) => name)
}

function customersBelow(group: PlainGroup): PlainCustomer[] {
  return [...group.customers, ...group.groups.flatMap(customersBelow)]
}
