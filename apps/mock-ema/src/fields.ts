// Reading a request body as EMA does: the case of property names does not matter, and every problem is told per field.
import { refuse } from './refusal.ts'

const GUID = /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i

type Problems = Record<string, string[]>

export class Fields {
  readonly #values = new Map<string, unknown>()
  readonly #problems: Problems
  readonly #asked = new Map<string, unknown>()

  constructor(body: unknown, problems: Problems = {}) {
    this.#problems = problems
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return
    for (const [key, value] of Object.entries(body)) this.#values.set(key.toLowerCase(), value)
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase())
  }

  raw(name: string): unknown {
    const value = this.#values.get(name.toLowerCase())
    this.#keep(name, value)
    return value
  }

  /** The part of the body that was read, which gives the same answers as the whole. */
  asked(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.#asked].map(([name, value]) => [name, value instanceof Fields ? value.asked() : value]),
    )
  }

  /** `undefined` = not sent, `''` = sent empty (or null), which erases in an update. */
  text(name: string): string | undefined {
    const value = this.raw(name)
    if (value === undefined) return undefined
    if (value === null) return ''
    if (typeof value === 'string') return value.trim()
    this.#blame(name, 'The input was not valid.')
    return undefined
  }

  required(name: string): string {
    const value = this.text(name) ?? ''
    if (value === '') this.#blame(name, 'The field is required.')
    return value
  }

  /** Empty stays empty; anything else must look like a GUID. */
  guid(name: string): string | undefined {
    const value = this.text(name)
    if (value !== undefined && value !== '' && !GUID.test(value)) this.#blame(name, 'The input was not valid.')
    return value?.replaceAll(/[{}]/g, '').toLowerCase()
  }

  requiredGuid(name: string): string {
    this.required(name)
    return this.guid(name) ?? ''
  }

  integer(name: string, least: number, most: number): number {
    const value = this.raw(name)
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
    this.#blame(name, `The value must be an integer from ${least} to ${most}.`)
    return least
  }

  flag(name: string): boolean {
    const isSet = this.raw(name) === true
    this.#keep(name, isSet)
    return isSet
  }

  group(name: string): Fields {
    const value = this.raw(name)
    if (value !== undefined && (typeof value !== 'object' || value === null))
      this.#blame(name, 'The input was not valid.')
    const group = new Fields(value, this.#problems)
    this.#keep(name, group)
    return group
  }

  /** `[{tag: "a"}]` or `["a"]` */
  tags(name: string): string[] {
    const value = this.raw(name)
    const items: unknown[] = Array.isArray(value) ? value : []
    const tags = items
      .map((item) => (typeof item === 'string' ? item : (new Fields(item).text('tag') ?? '')))
      .filter(Boolean)
    this.#keep(name, tags)
    return tags
  }

  /** Throws the 400 that names every field that was not right. */
  check(): void {
    if (Object.keys(this.#problems).length > 0) throw refuse.input(this.#problems)
  }

  /** What was not sent stays so: to an update an absent field is another thing than an empty one. */
  #keep(name: string, value: unknown): void {
    if (this.has(name)) this.#asked.set(name, value)
  }

  #blame(name: string, problem: string): void {
    ;(this.#problems[name] ??= []).push(problem)
  }
}
