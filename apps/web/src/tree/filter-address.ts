import { CustomerState } from '@msp-console/contract'
import type { Filter } from './hits.ts'

// The tree's filter in words of the address, `?q=hotel&state=notSetUp`, the same as the customer list uses.

const TEXT_MOST = 200

/** For `paths.group` and `paths.computers`; nothing for a filter that asks for nothing. */
export function toSearch({ text, states }: Filter): { q?: string; state?: string } {
  const q = text.trim()
  const state = CustomerState.options.filter((each) => states.has(each)).join(',')
  return { ...(q === '' ? {} : { q }), ...(state === '' ? {} : { state }) }
}

/** What an address says wrongly is left out, never an error. Null when it says nothing about a filter. */
export function fromSearch(search: URLSearchParams): Filter | null {
  const text = (search.get('q') ?? '').trim().slice(0, TEXT_MOST)
  const asked = new Set(search.get('state')?.split(','))
  const states = new Set(CustomerState.options.filter((each) => asked.has(each)))
  return text === '' && states.size === 0 ? null : { text, states }
}

/** Equal for filters that ask for the same. */
export function toFilterKey(filter: Filter | null): string {
  return filter === null ? '' : Object.values(toSearch(filter)).join('\n')
}
