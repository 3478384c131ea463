// What the mock answers without changing anything.
import { companyIn, pageOf, type Call, type Endpoint } from './endpoint.ts'
import { refuse } from './refusal.ts'
import { entityTypes, presentDetail, presentFound, presentMain, presentUser } from './rows.ts'
import type { Search } from './view.ts'

const LICENSE_STATES = ['Error', 'Normal', 'Obsolete', 'Suspended', 'Warning']

const PRODUCTS = [
  { code: '107', name: 'ESET PROTECT Entry' },
  { code: '108', name: 'ESET PROTECT Advanced' },
  { code: '109', name: 'ESET PROTECT Complete' },
]

export function readingEndpoints(searchParentId: boolean): Endpoint[] {
  return [
    { method: 'GET', path: '/User/Current', answer: ({ world, view }) => presentUser(world, view.user) },
    { method: 'POST', path: '/Company/Children', answer: children },
    { method: 'POST', path: '/Company/Descendants', answer: descendants },
    {
      method: 'POST',
      path: '/Company/Detail',
      answer: (call) => presentDetail(call.world, companyIn(call, 'companyId')),
    },
    { method: 'POST', path: '/Search/Companies', answer: (call) => search(call, searchParentId) },
    { method: 'GET', path: '/Enum/EntityTypes', answer: () => ({ entityTypes }) },
    {
      method: 'GET',
      path: '/Enum/LicenseStates',
      answer: () => ({ licenseStates: LICENSE_STATES.map((name, id) => ({ id, name })) }),
    },
    { method: 'GET', path: '/Enum/AvailableProducts', answer: () => ({ products: PRODUCTS }) },
  ]
}

function children(call: Call) {
  const cut = pageOf(call)
  return toCompanies(call, call.view.children(companyIn(call, 'companyId')), cut)
}

function descendants(call: Call) {
  const cut = pageOf(call)
  const type = readEntityType(call)
  return toCompanies(call, call.view.descendants(companyIn(call, 'companyId'), type), cut)
}

function toCompanies({ world }: Call, list: readonly number[], cut: (list: readonly number[]) => readonly number[]) {
  return { companies: cut(list).map((index) => presentMain(world, index)), paging: { totalCount: list.length } }
}

/** A code, a numeric string, a name or `Any`: the documentation shows more than one of them. */
function readEntityType({ fields }: Call): number | undefined {
  const value = fields.raw('entityType') ?? 'Any'
  const text = String(typeof value === 'number' || typeof value === 'string' ? value : '').toLowerCase()
  if (text === 'any') return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const letters = text.replaceAll(/[^a-z]/g, '')
  const named = entityTypes.find(({ name }) => name.toLowerCase().replaceAll(/[^a-z]/g, '') === letters)
  if (named === undefined) throw refuse.field('entityType', 'The input was not valid.')
  return named.id
}

function search(call: Call, withParent: boolean) {
  const { world, view } = call
  const cut = pageOf(call)
  const list = view.search(readSearch(call))
  return {
    Search: cut(list).map((index) => presentFound(world, index, withParent)),
    Paging: { TotalCount: list.length },
  }
}

function readSearch({ fields }: Call): Search {
  const value = fields.raw('search') ?? {}
  const isMap = typeof value === 'object' && !Array.isArray(value)
  const columns = isMap ? Object.values(value) : []
  if (!isMap || !columns.every((list) => Array.isArray(list) && list.every(Number.isInteger))) {
    throw refuse.field('search', 'The input must map keywords to lists of column numbers.')
  }
  return value as Search // a map to lists of integers, tested above
}
