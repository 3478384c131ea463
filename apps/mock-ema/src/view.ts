// What one user may see, and in which order: the lists that pages are cut from. Built when first asked for after a
// change of the world, so that a page afterwards costs O(page) whatever the world's size.
import { LEVEL, type User, type World } from './world.ts'

/** Keyword → column numbers. */
export type Search = Readonly<Record<string, readonly number[]>>

/** Distinct filters whose result is kept; a client pages through one at a time. */
const LISTS_KEPT = 16

export class View {
  readonly user: User
  readonly #world: World
  readonly #levels: Uint8Array
  readonly #hidesSomething: boolean
  readonly #lists = new Map<string, readonly number[]>()
  readonly version: number

  constructor(world: World, user: User) {
    this.#world = world
    this.user = user
    this.version = world.version
    this.#levels = toLevels(world, user)
    this.#hidesSomething =
      world.lost.size > 0 || user.permission === LEVEL.none || [...user.overrides.values()].includes(LEVEL.none)
  }

  /** 0 = outside the user's subtree. */
  levelOf(index: number): number {
    return this.#levels[index] ?? 0
  }

  sees(index: number): boolean {
    const level = this.levelOf(index)
    return level === LEVEL.write || level === LEVEL.read
  }

  /** In the order of creation, unless the world says otherwise. */
  children(index: number): readonly number[] {
    const children = this.#world.inOrder(this.#world.children[index] ?? [])
    if (!this.#hidesSomething) return children
    return this.#list(`children ${index}`, () => children.filter((child) => this.sees(child)))
  }

  /** All levels below, parents first; `type` undefined = any. */
  descendants(index: number, type: number | undefined): readonly number[] {
    return this.#list(`descendants ${index} ${type}`, () =>
      below(this.#world, index).filter(
        (at) => at !== index && this.sees(at) && (type === undefined || this.#world.type[at] === type),
      ),
    )
  }

  /** In the same order. Every keyword must be found in at least one of its columns. */
  search(search: Search): readonly number[] {
    return this.#list(`search ${JSON.stringify(search)}`, () => {
      const found: number[] = []
      for (let index = 0; index < this.#levels.length; index += 1) {
        if (this.sees(index) && matches(this.#world, index, search)) found.push(index)
      }
      return this.#world.inOrder(found)
    })
  }

  #list(key: string, make: () => readonly number[]): readonly number[] {
    const kept = this.#lists.get(key)
    if (kept !== undefined) return kept
    const made = make()
    const oldest = this.#lists.keys().next()
    if (this.#lists.size >= LISTS_KEPT && !oldest.done) this.#lists.delete(oldest.value)
    this.#lists.set(key, made)
    return made
  }
}

function toLevels(world: World, user: User): Uint8Array {
  const levels = new Uint8Array(world.ids.length)
  for (const index of below(world, user.company)) {
    const inherited = index === user.company ? user.permission : (levels[world.parent[index] ?? 0] ?? 0)
    levels[index] = world.lost.has(index) || inherited === 0 ? 0 : (user.overrides.get(index) ?? inherited)
  }
  return levels
}

/** The subtree in preorder, its root first. */
function below(world: World, root: number): number[] {
  const order: number[] = []
  const open = [root]
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    order.push(index)
    const children = world.children[index]
    for (let at = (children?.length ?? 0) - 1; at >= 0; at -= 1) open.push(children?.[at] ?? 0)
  }
  return order
}

function matches(world: World, index: number, search: Search): boolean {
  return Object.entries(search).every(([keyword, columns]) => {
    const wanted = keyword.toLowerCase()
    return columns.some((column) => valueOf(world, index, column)?.toLowerCase().includes(wanted) ?? false)
  })
}

/** Columns 0–3, 5 and 6 as documented; 4 (e-mail) and 7 (status) are this mock's assumption. */
function valueOf(world: World, index: number, column: number): string | undefined {
  switch (column) {
    case 0:
      return world.name[index]
    case 1:
      return world.ids[index]
    case 2:
      return new Date(world.createdAt(index)).toISOString()
    case 3:
      return new Date(world.updated[index] ?? 0).toISOString()
    case 4:
      return world.email[index]
    case 5:
      return world.customIdentifier[index]
    case 6:
      return String(searchTypeId(world.type[index] ?? 0))
    case 7:
      return String(world.status[index])
    default:
      return undefined
  }
}

/**
 * Search counts company types 0…n. Documented are HQ 0, Distributor 1 and (as an example) 2 for MSP Manager; the rest is
 * this mock's assumption. An unknown type keeps its own code.
 */
export function searchTypeId(type: number): number {
  const at = [1001, 1002, 1004, 1005, 1006, 1007, 1003].indexOf(type)
  return at < 0 ? type : at
}
