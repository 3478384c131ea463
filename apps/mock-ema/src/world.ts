// The state behind the mock: companies as columns (an index is a company), users, and operations under way.
// Lean on purpose: a world of 100,000 companies is strings and small integers, and only unusual facts get an object.
// Invariant: `children` and `parent` agree, a removed company is in neither, and every change raises `version`, which is
// what the per-user views (view.ts) are rebuilt by. It knows nothing of rights, HTTP or casing.
import { guidAt } from './random.ts'

export const TYPE = {
  hq: 1001,
  distributor: 1002,
  division: 1003,
  manager: 1004,
  msp: 1005,
  managed: 1006,
  customer: 1007,
}
export const STATUS = { normal: 1, waiting: 2, suspended: 3 }
/** Permission levels; smaller is more. */
export const LEVEL = { write: 1, read: 2, none: 3 }

export type Address = Partial<Record<'countryCode' | 'state' | 'city' | 'streetAddress' | 'zipCode', string>>

/** Facts that few companies have or that only Detail shows. */
export type Extra = {
  vatId?: string
  description?: string
  comment?: string
  tags?: string[]
  address?: Address
  trusted?: boolean
}

export type NewCompany = {
  parent: number
  type: number
  name: string
  status?: number
  email?: string
  customIdentifier?: string
  extra?: Extra
}

export type User = {
  id: string
  email: string
  password: string
  firstName: string
  lastName: string
  company: number
  permission: number
  /** Company index → level, for that company and everything below it until the next override. */
  overrides: Map<number, number>
}

/** First timestamp of every world: worlds must not depend on the day they are made. */
const EPOCH = Date.UTC(2025, 0, 1)
const MINUTE = 60_000
export const NO_PARENT = -1

export class World {
  readonly seed: number
  readonly ids: string[] = []
  readonly parent: number[] = []
  readonly type: number[] = []
  readonly status: number[] = []
  readonly name: string[] = []
  readonly email: (string | undefined)[] = []
  readonly customIdentifier: (string | undefined)[] = []
  readonly updated: number[] = []
  readonly extras = new Map<number, Extra>()
  readonly children: (number[] | undefined)[] = []
  readonly users: User[] = []
  /** Companies that are out of everybody's sight for a while, with everything below them, as if they had never been. */
  readonly lost = new Set<number>()
  /** Companies that are not listed in the order of creation: where they stand instead, as a number among all indexes. */
  readonly #ranks = new Map<number, number>()
  version = 0
  #byId = new Map<string, number>()

  constructor(seed: number) {
    this.seed = seed
  }

  get size(): number {
    return this.#byId.size
  }

  add({ parent, type, name, status = STATUS.normal, email, customIdentifier, extra }: NewCompany): number {
    const index = this.ids.length
    const id = guidAt(this.seed, index)
    this.ids.push(id)
    this.#byId.set(id, index)
    this.parent.push(parent)
    this.type.push(type)
    this.status.push(status)
    this.name.push(name)
    this.email.push(email)
    this.customIdentifier.push(customIdentifier)
    this.updated.push(this.createdAt(index))
    this.children.push(undefined)
    if (extra !== undefined) this.extras.set(index, extra)
    if (parent !== NO_PARENT) this.#adopt(parent, index)
    this.version += 1
    return index
  }

  addUser(user: Omit<User, 'id' | 'overrides'>): User {
    const made: User = { ...user, id: guidAt(this.seed + 1, this.users.length), overrides: new Map() }
    this.users.push(made)
    this.version += 1
    return made
  }

  /** Index of a company that still exists. GUIDs are compared without regard to case. */
  find(id: string): number | undefined {
    return this.#byId.get(id.toLowerCase())
  }

  idOf(index: number): string {
    return this.ids[index] ?? ''
  }

  createdAt(index: number): number {
    return EPOCH + index * MINUTE
  }

  /** Marks what the caller has just changed in the columns. */
  touch(index: number, now: number): void {
    this.updated[index] = now
    this.version += 1
  }

  rankOf(index: number): number {
    return this.#ranks.get(index) ?? index
  }

  /** Lists a company elsewhere: EMA documents no order, so any may be met. */
  place(index: number, rank: number): void {
    this.#ranks.set(index, rank)
    this.version += 1
  }

  /** In the order in which companies are listed. */
  inOrder(list: readonly number[]): readonly number[] {
    return this.#ranks.size === 0 ? list : list.toSorted((one, other) => this.rankOf(one) - this.rankOf(other))
  }

  move(index: number, parent: number): void {
    this.#abandon(index)
    this.parent[index] = parent
    this.#adopt(parent, index)
    this.version += 1
  }

  /** Takes a company and everything below it out of the world. */
  remove(index: number): void {
    this.#abandon(index)
    const doomed = [index]
    for (let next = doomed.pop(); next !== undefined; next = doomed.pop()) {
      doomed.push(...(this.children[next] ?? []))
      this.children[next] = undefined
      this.extras.delete(next)
      this.#byId.delete(this.idOf(next))
    }
    this.version += 1
  }

  /** Deleted, or lost for a while. */
  isGone(index: number): boolean {
    if (this.find(this.idOf(index)) !== index) return true
    if (this.lost.size === 0) return false
    for (let at = index; at !== NO_PARENT; at = this.parent[at] ?? NO_PARENT) if (this.lost.has(at)) return true
    return false
  }

  /** A company and everything below it. */
  below(index: number): number[] {
    const all = [index]
    for (const at of all) all.push(...(this.children[at] ?? []))
    return all
  }

  isWithin(index: number, ancestor: number): boolean {
    for (let at = index; at !== NO_PARENT; at = this.parent[at] ?? NO_PARENT) if (at === ancestor) return true
    return false
  }

  #adopt(parent: number, index: number): void {
    const siblings = (this.children[parent] ??= [])
    siblings.push(index)
  }

  #abandon(index: number): void {
    const siblings = this.children[this.parent[index] ?? NO_PARENT]
    const at = siblings?.indexOf(index) ?? -1
    if (at >= 0) siblings?.splice(at, 1)
  }
}
