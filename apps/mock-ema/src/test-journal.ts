// For tests only: a mock that keeps a journal, started and stopped as often as wanted, at a time that is told.
import { buildMockEma, type MockEma } from './server.ts'
import { rows, speakPlainHttp } from './test-http.ts'
import { createWorld } from './worlds.ts'

export const ADDRESS = { countryCode: 'CZE', state: '', city: 'Brno', streetAddress: 'X 1', zipCode: '60200' }

type Options = { file: string; seed?: number; operationMs?: number }

export async function startJournaled({ file, seed = 1, operationMs = 0 }: Options) {
  const world = createWorld('demo', seed)
  const said: string[] = []
  const clock = { now: Date.UTC(2026, 0, 1) }
  const journal = { file, worldName: 'demo', say: (line: string) => void said.push(line) }
  const app: MockEma = buildMockEma({ world, journal, operationMs, now: () => clock.now })
  const { send, signIn } = speakPlainHttp(await app.listen({ port: 0, host: '127.0.0.1' }))
  const idOf = (name: string): string => world.idOf(world.name.indexOf(name))

  /** All that is to be seen, as sent: every login's Search {} and, of what the distributor finds, details and children. */
  async function readAll(): Promise<string> {
    const texts: string[] = []
    for (const { email } of world.users) {
      const { post, token } = await signIn(email.split('@')[0])
      for (let skip = 0, total = 1; skip < total; skip += 100) {
        const page = await post('/Search/Companies', { search: {}, skip, take: 100 })
        total = (page.body['Paging'] as { TotalCount: number }).TotalCount // as documented
        texts.push(page.text)
        const ids = email.startsWith('distributor') ? rows(page, 'Search').map((row) => row['CompanyId']) : []
        for (const companyId of ids) texts.push(await inject(token, 'Detail', { companyId }))
        for (const companyId of ids) texts.push(await inject(token, 'Children', { companyId, skip: 0, take: 100 }))
      }
    }
    return texts.join('\n')
  }

  /** Hundreds of calls, so without sockets. */
  async function inject(token: string, name: string, payload: object): Promise<string> {
    const headers = { authorization: `Bearer ${token}` }
    return (await app.inject({ method: 'POST', url: `/api/Company/${name}`, headers, payload })).body
  }

  return { app, clock, said, send, signIn, idOf, readAll, close: () => app.close() }
}

export type Journaled = Awaited<ReturnType<typeof startJournaled>>

/** The first part of a history; every kind of write, and refused ones between them. */
export async function writeFirst({ signIn, clock, idOf }: Journaled): Promise<void> {
  const [distributor, manager, msp] = [await signIn(), await signIn('manager'), await signIn('msp')]
  const at = (ms: number) => (clock.now = Date.UTC(2026, 0, 1) + ms)
  at(1000)
  await msp.post('/company/create/CUSTOMER/', {
    NAME: '  Nová firma 🦔 ',
    Address: { ...ADDRESS, City: 'Zlín', password: 'hunter2' },
    tags: [{ tag: 'a', token: 'hunter2' }, 'b'],
    vatId: null,
    description: 'line\nbreak\u2028and \\"quotes\\"',
    customIdentifier: 'PSA:1',
    password: 'hunter2',
  })
  await msp.post('/Company/Create/customer', { name: 'nová firma 🦔', address: ADDRESS })
  at(2000)
  await manager.post('/Company/Create/customer', {
    name: 'U Jihlavy',
    address: ADDRESS,
    parentCompanyId: idOf('Jihlavský servis počítačů'),
  })
  await manager.post('/Company/Create/managedmsp', { name: 'Řízený', address: ADDRESS, email: 'r@p.example' })
  await distributor.post('/Company/Create/msp', {
    name: 'Nomád IT',
    address: ADDRESS,
    email: 'n@p.example',
    manager: true,
    divisionId: `{${idOf('Divize Morava').toUpperCase()}}`,
  })
  await distributor.post('/Company/Delete', { companyId: idOf('Kraków IT Sp. z o.o.') })
  at(3000)
  await distributor.post('/Company/Suspend', { companyId: idOf('Kraków IT Sp. z o.o.') })
  await distributor.post('/Company/Suspend', { companyId: idOf('North Wind Support Ltd') })
}

/** The second part, which stands on what the first one created. */
export async function writeSecond({ signIn, clock, idOf }: Journaled): Promise<void> {
  clock.now = Date.UTC(2026, 0, 1, 1)
  const [distributor, manager, msp] = [await signIn(), await signIn('manager'), await signIn('msp')]
  const [created, nomad] = [idOf('Nová firma 🦔'), idOf('Nomád IT')]
  await msp.post('/Company/Update/customer', {
    companyId: created,
    name: 'Přejmenovaná',
    description: '',
    address: { zipCode: '1' },
    tagsToAdd: ['c'],
    tagsToRemove: [{ tag: 'a' }],
    email: 'a@b.example',
  })
  await manager.post('/Company/Update/managedmsp', { companyId: idOf('Řízený'), trusted: false, comment: 'x' })
  await distributor.post('/Company/Update/msp', { companyId: nomad, divisionId: '' })
  await distributor.post('/Company/Delete', { companyId: idOf('Kraków IT Sp. z o.o.') })
  await distributor.post('/Company/Unsuspend', { companyId: idOf('North Wind Support Ltd') })
  await msp.post('/Company/Create/customer', { name: 'Další', address: ADDRESS })
}
