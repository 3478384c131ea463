// The source of a simulation: a mock EMA in this process on a virtual clock, what goes wrong with its answers, and a witness who
// keeps what it really said in each run. The witness shares no code with what it is used to judge.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Clock, createEmaClient, EmaError } from '@msp-console/ema'
import { buildMockEma } from '@msp-console/mock-ema'
import type { SyncAccount } from '../sync/run.ts'
import type { Dice } from './dice.ts'
import { type Answer, type Fault, spoil, strike } from './faults.ts'
import { createSimulatedWorld } from './mutations.ts'

export const LOGIN = 'simulated@login.example'
export const PASSWORD = 'canary-Password-of-the-simulation'

/** What the source said while one step ran. */
export interface Witness {
  /** GUIDs that pages named. */
  served: Set<string>
  /** Status of the last answer about a single company. */
  details: Map<string, number>
  calls: number
  mostInFlight: number
  refusedLogins: number
}

const newWitness = (): Witness => ({
  served: new Set(),
  details: new Map(),
  calls: 0,
  mostInFlight: 0,
  refusedLogins: 0,
})

export function openSource(seed: number, dice: Dice) {
  const world = createSimulatedWorld(seed, dice, { email: LOGIN, password: PASSWORD })
  const rootGuid = world.idOf(0)
  let now = Date.UTC(2026, 0, 1)
  const mock = buildMockEma({ world, now: () => now })
  const tokens = new Set<string>()
  let faults: readonly Fault[] = []
  let witness = newWitness()
  let inFlight = 0
  let asked = 0

  const chance = dice.fork()
  const clock: Clock = {
    wall: () => now,
    ticks: () => now,
    random: () => chance.below(1000) / 1000,
    async sleep(ms, signal) {
      now += ms
      await nextTurn()
      if (signal?.aborted) throw new EmaError('aborted', { path: '(waiting)' })
    },
  }

  async function ask(
    path: string,
    init: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
  ): Promise<Answer> {
    const isToken = path.startsWith('/Token/')
    if (!isToken) asked += 1
    const body: unknown = init.body === undefined ? undefined : JSON.parse(init.body)
    const guid =
      typeof body === 'object' && body !== null && 'companyId' in body ? String(body.companyId).toLowerCase() : null
    const call = { path, nth: asked, isToken, isLookUp: path === '/Company/Detail' && guid !== rootGuid }
    const struck = await strike(faults, call, { world, tokens: mock.tokens })
    if (struck !== undefined) return note(path, guid, struck)
    const reply = await mock.inject({
      method: init.method,
      url: `/api${path}`,
      headers: init.headers,
      ...(init.body === undefined ? {} : { payload: init.body }),
    })
    const answer: Answer = { status: reply.statusCode, headers: {}, body: reply.body === '' ? undefined : reply.json() }
    return note(path, guid, spoil(faults, call, answer))
  }

  function note(path: string, guid: string | null, answer: Answer): Answer {
    const { status, body } = answer
    if (path === '/Token/Get' && status === 401) witness.refusedLogins += 1
    if (path === '/Company/Detail' && guid !== null) witness.details.set(guid, status)
    if (typeof body !== 'object' || body === null || status !== 200) return answer
    const { Search = [], companies = [], accessToken, refreshToken } = body as Record<string, never[] | undefined> // the mock's own
    for (const row of [...Search, ...companies] as Record<string, unknown>[])
      witness.served.add(String(row['CompanyId'] ?? row['publicId']).toLowerCase())
    for (const token of [accessToken, refreshToken]) if (typeof token === 'string') tokens.add(token)
    return answer
  }

  const transport: NonNullable<Parameters<typeof createEmaClient>[0]['transport']> = async (url, init) => {
    witness.calls += 1
    inFlight += 1
    witness.mostInFlight = Math.max(witness.mostInFlight, inFlight)
    try {
      const { status, headers, body } = await ask(new URL(url).pathname.replace(/^\/api/, ''), init)
      if (init.signal.aborted) throw init.signal.reason
      const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? null))
      return {
        status,
        headers: { get: (name) => headers[name.toLowerCase()] ?? null },
        body: (async function* () {
          yield text
        })(),
      }
    } finally {
      inFlight -= 1
    }
  }

  return {
    world,
    rootGuid,
    tokens,
    openClient: (account: SyncAccount, signal: AbortSignal) =>
      createEmaClient({ ...account, signal, maxTries: 2, transport, clock }),
    /** From now on answers go wrong like that, and a new page of the witness begins. */
    begin(wrong: readonly Fault[]): void {
      faults = wrong
      asked = 0
      witness = newWitness()
    },
    witness: () => witness,
    pass: (seconds: number) => (now += seconds * 1000),
    close: () => mock.close(),
  }
}
