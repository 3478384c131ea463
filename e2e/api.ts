import type { APIRequestContext } from '@playwright/test'
import type { Args, Endpoint, Reply } from '../packages/contract/src/index.ts'
import { getGroup, listCustomers } from '../packages/contract/src/index.ts'

/** The console's own API as the specs ask it: for what the screen has to agree with. Answers are checked by the contract. */
export interface Api {
  call: <E extends Endpoint>(endpoint: E, args?: Partial<Args<E>>) => Promise<Reply<E>>
  /** By our id or EMA GUID. */
  group: (ref: string) => Promise<Reply<typeof getGroup>>
  customers: (query: Args<typeof listCustomers>['query']) => Promise<Reply<typeof listCustomers>>
}

export function createApi(request: APIRequestContext): Api {
  const call: Api['call'] = async (endpoint, args) => {
    const params: Record<string, unknown> = { ...args?.params }
    const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
    const answer = await request.fetch(`/api/v1${path}`, {
      method: endpoint.method,
      // It carries the page's cookie, so it says what the page would.
      headers: { 'sec-fetch-site': 'same-origin' },
      params: { ...args?.query } as Record<string, string>, // query parameters are texts and numbers
      ...(args?.body === undefined ? {} : { data: args.body }),
    })
    if (!answer.ok()) throw new Error(`${endpoint.method} ${path} ${answer.status()} ${await answer.text()}`)
    return endpoint.response.parse(await answer.json()) as never // just checked by the schema of its type
  }
  return {
    call,
    group: (id) => call(getGroup, { params: { id } }),
    customers: (query) => call(listCustomers, { query }),
  }
}
