// Guesses at passwords: how many are evaluated, what a refusal tells, what begins anew.
import { changePassword, confirmSession, type Problem } from '@msp-console/contract'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN, openTestApp, SECRET_KEY, type TestApp, toAddress } from '../testing.ts'
import { createAttempts } from './attempts.ts'
import { createSlots } from './passwords.ts'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(() => t.close())
afterEach(() => t.owner.query('delete from sign_in_attempt'))

const URL = '/api/auth/sign-in/email'
/** Every guess from an address of its own, so that the limit per address is not what is tested. */
async function guess(password: string, email = ADMIN.email, remoteAddress = toAddress()) {
  const response = await t.app.inject({ method: 'POST', url: URL, payload: { email, password }, remoteAddress })
  return { response, status: response.statusCode, retryAfter: response.headers['retry-after'] }
}
const guessTimes = async (times: number, email = ADMIN.email) => {
  const all = []
  for (let n = 0; n < times; n += 1) all.push((await guess('wrong-Password-1', email)).status)
  return all
}
/** Moves all waits: backwards as if that time had passed, forwards so that a slow machine does not outlast them. */
const wait = (seconds: number) =>
  t.owner.query('update sign_in_attempt set blocked_until = blocked_until - make_interval(secs => $1)', [seconds])

describe('guesses', () => {
  test('of a hundred at once no more are evaluated than one after another', async () => {
    const begun = performance.now()
    const all = await Promise.all(Array.from({ length: 100 }, () => guess('wrong-Password-1')))
    const seconds = (performance.now() - begun) / 1000
    const evaluated = all.filter(({ status }) => status === 401).length
    expect(all.filter(({ status }) => status === 429)).toHaveLength(100 - evaluated)
    // Five are free; on a machine so slow that this took seconds, the waits of 1, 2, 4 … s were over meanwhile.
    expect(evaluated).toBeLessThanOrEqual(5 + Math.floor(Math.log2(seconds + 1)))
    expect(evaluated).toBeGreaterThanOrEqual(5)
  })

  test('five are free, then the right password waits like a wrong one', async () => {
    expect(await guessTimes(5)).toEqual([401, 401, 401, 401, 401])
    await wait(-60)
    const [wrong, right] = [await guess('wrong-Password-1'), await guess(ADMIN.password)]
    expect([wrong.status, right.status]).toEqual([429, 429])
    expect(right.response.cookies).toEqual([])
    const told = ({ response }: typeof wrong) => ({ ...response.json<Problem>(), instance: '' })
    expect(told(right)).toEqual(told(wrong))
    for (const { retryAfter } of [wrong, right]) expect(Number(retryAfter)).toBeGreaterThan(30)
  })

  test('an address that nobody has is answered alike', async () => {
    const nobody = 'nobody@console.example'
    expect(await guessTimes(5, nobody)).toEqual(await guessTimes(5))
    await wait(-60)
    const [unknown, known] = [await guess('wrong-Password-1', nobody), await guess('wrong-Password-1')]
    expect(Object.keys(unknown.response.headers).sort()).toEqual(Object.keys(known.response.headers).sort())
    expect([unknown.status, known.status]).toEqual([429, 429])
    expect(unknown.response.json<Problem>().detail).toBe(known.response.json<Problem>().detail)
  })

  test('each wait is twice the one before, up to a quarter of an hour', async () => {
    await guessTimes(5)
    const waits: number[] = []
    for (let n = 0; n < 13; n += 1) {
      const { rows } = await t.owner.query<{ seconds: number }>(
        'select round(extract(epoch from blocked_until - last_at))::int as seconds from sign_in_attempt',
      )
      waits.push(rows[0]?.seconds ?? 0)
      await wait(waits.at(-1) ?? 0)
      expect(await guessTimes(1)).toEqual([401])
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  })

  test('a refused one does not make the wait longer', async () => {
    await guessTimes(5)
    await wait(-60)
    expect(new Set(await guessTimes(10))).toEqual(new Set([429]))
    const { rows } = await t.owner.query<{ taken: number }>('select taken from sign_in_attempt')
    expect(rows).toEqual([{ taken: 5 }])
  })

  test('the right password begins anew', async () => {
    await guessTimes(4)
    expect((await guess(ADMIN.password)).status).toBe(200)
    expect(await guessTimes(5)).toEqual([401, 401, 401, 401, 401])
  })

  test('twelve hours of silence begin anew', async () => {
    await guessTimes(6)
    await t.owner.query(`update sign_in_attempt set last_at = now() - interval '13 hours', blocked_until = now()`)
    expect(await guessTimes(5)).toEqual([401, 401, 401, 401, 401])
  })

  test('upper and lower case are one address, others have counts of their own', async () => {
    await guessTimes(5)
    await wait(-60)
    expect((await guess(ADMIN.password, ADMIN.email.toUpperCase())).status).toBe(429)
    expect(await guessTimes(1, 'somebody@console.example')).toEqual([401])
  })

  test('within a session count the same: confirming and changing the password', async () => {
    for (let n = 0; n < 3; n += 1)
      expect((await t.problem(confirmSession, { body: { password: 'wrong' } })).code).toBe('invalid-credentials')
    const body = { current: 'wrong', next: 'another-Password-1' }
    for (let n = 0; n < 2; n += 1) expect((await t.problem(changePassword, { body })).code).toBe('invalid-credentials')
    await wait(-60)
    expect((await t.problem(confirmSession, { body: { password: ADMIN.password } })).code).toBe('too-many-requests')
    expect((await guess(ADMIN.password)).status).toBe(429)
  })

  test('one address gets thirty a minute, however many accounts it tries', async () => {
    const all = []
    for (let n = 0; n < 31; n += 1)
      all.push((await guess('wrong-Password-1', `u${n}@console.example`, '10.9.9.9')).status)
    expect(all).toEqual([...Array.from({ length: 30 }, () => 401), 429])
  })

  test('what is kept of them is no address in words', async () => {
    await guessTimes(1, 'secret-address@console.example')
    const { rows } = await t.owner.query('select encode(key, $1) as key, a.* from sign_in_attempt a', ['escape'])
    expect(JSON.stringify(rows)).not.toContain('secret-address')
    expect(createAttempts(t.owner, SECRET_KEY).toLogKey('a@b.c')).toMatch(/^[0-9a-f]{12}$/)
  })

  test('those of yesterday are removed', async () => {
    await guessTimes(1, 'yesterday@console.example')
    await t.owner.query(`update sign_in_attempt set last_at = now() - interval '13 hours'`)
    await guess(ADMIN.password)
    expect((await t.owner.query('select from sign_in_attempt')).rowCount).toBe(0)
  })
})

describe('hashes', () => {
  test('four run at once, fifty wait, the rest is told when to come again', async () => {
    const slots = createSlots(4, 50)
    let running = 0
    let most = 0
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, () =>
        slots(async () => {
          most = Math.max(most, (running += 1))
          await new Promise((resolve) => setTimeout(resolve, 1))
          running -= 1
        }),
      ),
    )
    expect(most).toBe(4)
    const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
    expect(refused).toHaveLength(6)
    expect(refused[0]).toMatchObject({ code: 'not-ready', retryAfter: 2 })
  })

  test('one that fails gives its place back', async () => {
    const slots = createSlots(1, 10)
    await expect(slots(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    await expect(Promise.all([slots(async () => 1), slots(async () => 2)])).resolves.toEqual([1, 2])
  })
})
