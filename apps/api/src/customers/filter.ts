// A filter as SQL. Every condition is written here once, for the list, its total and the bulk change alike, so that
// "everything that matches" is what the list showed.
import { type CustomerFilter, fold } from '@msp-console/contract'
import { rangeOf, type Scope } from '../access/scope.ts'
import { fromId } from '../db/ids.ts'

/** Collects parameters and hands out their places. */
export class Parameters {
  readonly values: unknown[] = []
  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Conditions over `static_group g`; the narrower of scope and `under` as two plain values, so that ranges are estimated. */
export function toConditions(filter: CustomerFilter, within: Scope, at: Parameters): string[] {
  const [from, to] = rangeOf(within.path)
  const oneOf = (column: string, type: string, values: readonly string[] | undefined) =>
    values === undefined ? [] : [`${column} = any(${at.add(values)}::${type}[])`]
  return [
    'g.leaf',
    ...(within.rootId === 1 ? [] : [`g.path >= ${at.add(from)}`, `g.path < ${at.add(to)}`]),
    ...oneOf('g.state', 'customer_state', filter.state),
    ...oneOf('g.setup', 'setup', filter.setup),
    ...oneOf('g.presence', 'presence', filter.presence),
    ...oneOf('g.source_status', 'source_status', filter.sourceStatus),
    ...(filter.account === undefined ? [] : [`g.account_id = ${at.add(fromId(filter.account))}`]),
    ...(filter.parentKind === undefined
      ? []
      : [
          `exists (select from static_group p where p.id = g.parent_id and p.kind = any(${at.add(filter.parentKind)}::group_kind[]))`,
        ]),
    ...(filter.q === undefined || filter.q === '' ? [] : [toSearch(filter.q, at)]),
  ]
}

/**
 * Folded text anywhere in name, former names, identifier or e-mail; a whole id or GUID as well. Through groups_like, which may
 * use the trigram index under row-level security.
 */
function toSearch(q: string, at: Parameters): string {
  const like = `g.id in (select groups_like(${at.add(`%${fold(q).replaceAll(/[\\%_]/g, '\\$&')}%`)}))`
  if (GUID.test(q)) return `(${like} or g.id in (select c.group_id from company c where c.guid = ${at.add(q)}))`
  return /^\d{1,10}$/.test(q) ? `(${like} or g.id = ${at.add(fromId(q))})` : like
}
