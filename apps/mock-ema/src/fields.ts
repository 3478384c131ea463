// Reading a request body as EMA does: the case of property names does not matter, and every problem is told per field.
import { refuse } from './refusal.ts'

const GUID = /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i

type Problems = Record<string, string[]>

export class Fields {
  readonly #values = new Map<string, unknown>()
  readonly #problems: Problems

  constructor(body: unknown, problems: Problems = {}) {
    this.#problems = problems
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return
    for (const [key, value] of Object.entries(body)) this.#values.set(key.toLowerCase(), value)
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase())
  }

  raw(name: string): unknown {
    return this.#values.get(name.toLowerCase())
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
    return this.raw(name) === true
  }

  group(name: string): Fields {
    const value = this.raw(name)
    if (value !== undefined && (typeof value !== 'object' || value === null))
      this.#blame(name, 'The input was not valid.')
    return new Fields(value, this.#problems)
  }

  /** `[{tag: "a"}]` or `["a"]` */
  tags(name: string): string[] {
    const value = this.raw(name)
    if (!Array.isArray(value)) return []
    return value.map((item) => (typeof item === 'string' ? item : (new Fields(item).text('tag') ?? ''))).filter(Boolean)
  }

  /** Throws the 400 that names every field that was not right. */
  check(): void {
    if (Object.keys(this.#problems).length > 0) throw refuse.input(this.#problems)
  }

  #blame(name: string, problem: string): void {
    ;(this.#problems[name] ??= []).push(problem)
  }
}
