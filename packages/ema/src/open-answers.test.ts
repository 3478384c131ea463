// What the sources about EMA leave open may be answered either way: the same companies are found.
import { createWorld, OPEN_ANSWERS, type FaultRule, type OpenAnswer } from '@msp-console/mock-ema'
import { describe, expect, test } from 'vitest'
import { countFamily, openTestStand } from './testing.ts'

const count = countFamily('open answers of EMA')

async function list(searchParentId: boolean, as?: OpenAnswer) {
  const rules: FaultRule[] = as === undefined ? [] : [{ path: '*', what: { kind: 'open', as } }]
  const { list: run } = openTestStand({ world: createWorld('demo'), searchParentId, faults: { rules } })
  const { summary, companies } = await run()
  const told = [...companies.values()].map(({ guid, parentGuid, name, typeCode, statusCode }) =>
    JSON.stringify([guid, parentGuid, name, typeCode, statusCode]),
  )
  return { summary, told: told.toSorted() }
}

describe.each([true, false])('search rows name their parents: %s', (searchParentId) => {
  test.each(OPEN_ANSWERS)('%s', async (as) => {
    count()
    const [usual, other] = [await list(searchParentId), await list(searchParentId, as)]
    expect(usual.summary.complete).toBe(true)
    expect(other.told).toEqual(usual.told)
    // Without a total nothing says that this was all.
    expect(other.summary.reason?.code ?? null).toBe(as === 'no-paging' ? 'total-missing' : null)
  })
})
