// Every address of the console, as functions. A link is never written by hand.

export type Search = Readonly<Record<string, string | undefined>>

function withSearch(path: string, search: Search): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) if (value !== undefined && value !== '') params.set(name, value)
  // Commas separate the values of a filter; encoded they would make addresses unreadable.
  const text = params.toString().replaceAll('%2C', ',')
  return text === '' ? path : `${path}?${text}`
}

export const paths = {
  signIn: (next?: string) => withSearch('/sign-in', { next: next === '/' ? undefined : next }),
  firstUser: (token?: string) => withSearch('/setup', { token }),
  join: () => '/join',
  overview: () => '/',
  computers: () => '/computers',
  /** By our id or by the company's EMA GUID. */
  group: (id: string, filter: Search = {}) => withSearch(`/computers/${encodeURIComponent(id)}`, filter),
  customers: (search: Search = {}) => withSearch('/customers', search),
  sync: (search: { account?: string } = {}) => withSearch('/sync', search),
  /** `kind` of what it changed; `planned` kind and `state` of what it would change, or holds. */
  run: (id: string, search: Partial<Record<'kind' | 'planned' | 'state', string | undefined>> = {}) =>
    withSearch(`/sync/${encodeURIComponent(id)}`, search),
  profile: () => '/profile',
  audit: (search: Search = {}) => withSearch('/audit', search),
  rehearsal: () => '/rehearsal',
  accounts: () => '/accounts',
  users: (search: { q?: string } = {}) => withSearch('/users', search),
  user: (id: string) => `/users/${encodeURIComponent(id)}`,
  permissionSets: () => '/users/sets',
  /** Opens with the dialog that connects an account, or connects a disconnected one again. */
  connectAccount: (id?: string) => withSearch('/accounts', { connect: id ?? 'new' }),
}

/** Where to go after signing in: only an address of ours, so that a crafted link cannot lead away. */
export function toSafeNext(next: string | null): string {
  if (next === null || !next.startsWith('/') || next.startsWith('//') || next.includes('\\')) return paths.overview()
  return next
}
