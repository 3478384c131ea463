/**
 * Changes the mock's world as EMA documents it, with plain HTTP: nothing here uses our client, so a misunderstanding of the
 * client's would show.
 */
import type { Stack } from './stack.ts'

const PASSWORD = 'demo-Password-1'
const ADDRESS = { countryCode: 'CZE', state: '', city: 'Brno', streetAddress: 'Testovací 1', zipCode: '60200' }

export type Login = 'distributor' | 'manager' | 'msp' | 'managed'

/** GUIDs everywhere. A refusal throws. */
export interface Ema {
  createCustomer: (parent: string, name: string) => Promise<string>
  rename: (kind: 'customer' | 'msp' | 'managedmsp', company: string, name: string) => Promise<void>
  /** To another Division. */
  moveMsp: (company: string, division: string) => Promise<void>
  suspend: (company: string) => Promise<void>
  unsuspend: (company: string) => Promise<void>
  /** EMA deletes only what is suspended. */
  remove: (company: string) => Promise<void>
}

export async function signInToEma({ emaOrigin }: Pick<Stack, 'emaOrigin'>, login: Login): Promise<Ema> {
  const post = async (path: string, body: object, token?: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${emaOrigin}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`EMA ${path} ${answer.status} ${text}`)
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) // its fields are read one by one
  }
  const { accessToken } = await post('/Token/Get', { username: `${login}@demo.example`, password: PASSWORD })
  const call = (path: string, body: object) => post(path, body, String(accessToken))
  return {
    createCustomer: async (parentCompanyId, name) => {
      const { publicId } = await call('/Company/Create/customer', { parentCompanyId, name, address: ADDRESS })
      return String(publicId)
    },
    rename: async (kind, companyId, name) => void (await call(`/Company/Update/${kind}`, { companyId, name })),
    moveMsp: async (companyId, divisionId) => void (await call('/Company/Update/msp', { companyId, divisionId })),
    suspend: async (companyId) => void (await call('/Company/Suspend', { companyId })),
    unsuspend: async (companyId) => void (await call('/Company/Unsuspend', { companyId })),
    remove: async (companyId) => void (await call('/Company/Delete', { companyId })),
  }
}

/** GUID of the first company of that name in the mock's world. */
export function guidOf({ world }: Pick<Stack, 'world'>, name: string): string {
  const index = world.name.indexOf(name)
  if (index < 0) throw new Error(`no company ${name}`)
  return world.idOf(index)
}
