import type { CustomerColumns } from '@msp-console/contract'

// Customers that come group by group, where a view holds more of them than a browser should: what is here of each group, put
// together as the columns that a whole answer would have. Pure.

export interface Block {
  ids: readonly number[]
  mark: string
  names: readonly string[]
}

/** A customer that is known although its page is not: found by a search, or chosen. */
export interface Stray {
  id: number
  parent: number
  mark: string
  name: string
}

const EMPTY_BLOCK: Block = { ids: [], mark: '', names: [] }

/** The rows of one answer. */
export function toBlock({ idDelta, mark, name }: CustomerColumns): Block {
  let id = 0
  return { ids: idDelta.map((delta) => (id += delta)), mark, names: name }
}

export function append(before: Block, more: Block): Block {
  return { ids: [...before.ids, ...more.ids], mark: before.mark + more.mark, names: [...before.names, ...more.names] }
}

/**
 * Blocks in the order of `parents`, strays after the rows of their group; a stray that a page has brought is no stray.
 * @param parents ids of the inner groups that are here
 */
export function toColumns(
  parents: readonly number[],
  blocks: ReadonlyMap<number, Block>,
  strays: readonly Stray[],
): CustomerColumns {
  const strayed = Map.groupBy(strays, ({ parent }) => parent)
  const columns: CustomerColumns = { of: [], count: [], idDelta: [], mark: '', name: [] }
  let [lastParent, last] = [0, 0]
  for (const parent of parents) {
    const known = blocks.get(parent) ?? EMPTY_BLOCK
    const block = (strayed.get(parent) ?? []).reduce(
      (sum, { id, mark, name }) => (sum.ids.includes(id) ? sum : append(sum, { ids: [id], mark, names: [name] })),
      known,
    )
    if (block.ids.length === 0) continue
    columns.of.push(parent - lastParent)
    lastParent = parent
    columns.count.push(block.ids.length)
    columns.mark += block.mark
    columns.name.push(...block.names)
    for (const id of block.ids) {
      columns.idDelta.push(id - last)
      last = id
    }
  }
  return columns
}
