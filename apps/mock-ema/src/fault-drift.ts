// How a set moves while somebody pages through it. Only customers come, go and move, so that the tree stays one.
import type { Random } from './random.ts'
import { TYPE, type World } from './world.ts'

export const MUTATIONS = [
  'insert-before',
  'insert-after',
  'delete-before',
  'delete-after',
  /** A company of the pages to come gets a name, and with it a place, among those that have been read. */
  'rename-forward',
  /** One that has been read moves among those to come. */
  'rename-back',
  'reorder',
] as const
export type Mutation = (typeof MUTATIONS)[number]

/** @param list what the caller pages through, in its order @param cursor the position that is asked for next */
export function drift(world: World, mutation: Mutation, list: readonly number[], cursor: number, random: Random): void {
  const isCustomer = (at: number) => world.type[at] === TYPE.customer
  const [before, after] = [list.slice(0, cursor).filter(isCustomer), list.slice(cursor).filter(isCustomer)]
  const one = (of: readonly number[]) => (of.length === 0 ? undefined : random.pick(of))
  /** Just before a company that is listed. */
  const rankBefore = (at: number) => {
    const previous = list[list.indexOf(at) - 1]
    return (world.rankOf(at) + (previous === undefined ? world.rankOf(at) - 2 : world.rankOf(previous))) / 2
  }
  const insert = (neighbour: number | undefined) => {
    if (neighbour === undefined) return
    const rank = rankBefore(neighbour)
    const parent = world.parent[neighbour] ?? 0
    world.place(world.add({ parent, type: TYPE.customer, name: `New ${world.ids.length}` }), rank)
  }
  const rename = (moved: number | undefined, neighbour: number | undefined) => {
    if (moved === undefined || neighbour === undefined) return
    world.name[moved] = `Renamed ${moved}`
    world.place(moved, rankBefore(neighbour))
  }
  const remove = (gone: number | undefined) => gone !== undefined && world.remove(gone)

  if (mutation === 'insert-before') insert(one(before))
  else if (mutation === 'insert-after') insert(one(after))
  else if (mutation === 'delete-before') remove(one(before))
  else if (mutation === 'delete-after') remove(one(after))
  else if (mutation === 'rename-forward') rename(one(after), one(before))
  else if (mutation === 'rename-back') rename(one(before), one(after))
  else for (const at of list) world.place(at, random.next() * list.length)
}
