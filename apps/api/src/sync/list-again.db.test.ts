import { buildMockEma, createPlainWorld, DEMO_PASSWORD } from '@msp-console/mock-ema'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRunStand, type RunStand } from './run-testing.ts'

// A source that moves while a run lists it (docs/decisions/012-listing-again.md).

let stand: RunStand
beforeAll(async () => {
  stand = await openRunStand()
})
afterAll(() => stand.close())

test.each(['flat', 'levels'] as const)(
  '%s: what moved during the listing stands where the last pass saw it',
  async (strategy) => {
    const world = createPlainWorld()
    const [mover, renamed, told, gone] = [3, 4, 5, 6]
    const otherMsp = world.children[world.users[0]?.company ?? 0]?.[1] ?? 0
    let isMoving = false
    const mock = buildMockEma({
      world,
      searchParentId: strategy === 'flat',
      onRequest: ({ path, body }) => {
        // The last page of a first pass: all the others have been read.
        if (!isMoving || path !== '/Search/Companies' || (body as { skip: number }).skip !== 300) return
        isMoving = false
        world.move(mover, otherMsp)
        world.name[renamed] = 'Renamed'
        world.customIdentifier[told] = 'P:new'
        world.remove(gone)
      },
    })
    try {
      const baseUrl = await mock.listen({ port: 0, host: '127.0.0.1' })
      const rootGuid = world.idOf(world.users[0]?.company ?? 0)
      const { run, accountId } = await stand.connect({ baseUrl, rootGuid, password: DEMO_PASSWORD })
      expect(await run()).toMatchObject({ complete: true, listed: 306, passes: 1 })
      const goneGuid = world.idOf(gone)
      isMoving = true
      const again = await run()
      expect(again).toMatchObject({ complete: true, incomplete_reason: null, listed: 306, suspected: 0, passes: 2 })
      expect(again).toMatchObject({ moved: 1, renamed: 1, created: 0 })
      expect(Number(again['calls'])).toBeGreaterThan(8)
      const { rows } = await stand.owner.query<Record<string, unknown>>(
        `select g.name, p.name as parent, c.custom_identifier as identifier, c.guid, g.presence
       from company c join static_group g on g.id = c.group_id left join static_group p on p.id = g.parent_id where c.account_id = $1`,
        [accountId],
      )
      const of = (guid: string) => rows.find((row) => row['guid'] === guid)
      expect(rows).toHaveLength(306)
      expect(of(world.idOf(mover))).toMatchObject({ parent: world.name[otherMsp] })
      expect(of(world.idOf(renamed))).toMatchObject({ name: 'Renamed' })
      expect(of(world.idOf(told))).toMatchObject({ identifier: 'P:new' })
      // Seen by the first pass: it is not missing in this run, but in the next one.
      expect(of(goneGuid)).toMatchObject({ presence: 'present' })
      expect(await run()).toMatchObject({ complete: true, suspected: 1 })
    } finally {
      await mock.close()
    }
  },
)
