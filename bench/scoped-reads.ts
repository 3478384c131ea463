// What row-level security costs: hot reads as requests do them, with the role app, beside the very same statements in the very
// same transaction with the owner, whose policy is `true`. Both set the scope: without it search finds nothing.
import type pg from 'pg'
import { listCustomerRows } from '../apps/api/src/customers/queries.ts'
import { createInScope, type Scope } from '../apps/api/src/db/scoped.ts'
import type { Db } from '../apps/api/src/db/tx.ts'
import { listChildRows } from '../apps/api/src/groups/queries.ts'
import { searchRows } from '../apps/api/src/groups/search.ts'
import { readCustomerPart, readInnerPart, readOpenedPart } from '../apps/api/src/tree/parts.ts'
import type { Loaded } from './loaded.ts'
import { type Line, median, ms, timed } from './stand.ts'

interface Place extends Scope {
  size: number
}

type Read = (db: Db, place: Place) => Promise<unknown>

const page = (filter: Parameters<typeof listCustomerRows>[3]['filter']): Read => {
  return (db, { size, ...scope }) => {
    const within = { ...scope, size, notSetUp: 0, normal: 0, unlinked: 0 }
    return listCustomerRows(db, within, { total: size, all: size }, { filter, sort: 'name', after: null, limit: 50 })
  }
}

const READS: Record<string, { read: Read; repeats: number }> = {
  'children of the root': { read: (db, scope) => listChildRows(db, scope, scope.rootId, null, 50), repeats: 20 },
  'list page by name': { read: page({}), repeats: 20 },
  'list page, not set up': { read: page({ state: ['notSetUp'] }), repeats: 20 },
  'search, a common word': { read: (db, scope) => searchRows(db, scope, 'bath', 50), repeats: 10 },
  'search, no hit': { read: (db, scope) => searchRows(db, scope, 'qqxyzzy', 50), repeats: 20 },
  'tree: opened part': { read: (db, scope) => readOpenedPart(db, scope, undefined), repeats: 20 },
  'tree: inner part': { read: (db, scope) => readInnerPart(db, scope), repeats: 5 },
  'tree: customers': { read: (db, scope) => readCustomerPart(db, scope, Infinity), repeats: 3 },
}

export async function benchScopedReads({ owner, app }: Loaded, rounds: number): Promise<Line[]> {
  const sides = { app: createInScope(app), owner: createInScope(owner) }
  const lines: Line[] = []
  for (const [where, place] of Object.entries(await findPlaces(owner))) {
    for (const [what, { read, repeats }] of Object.entries(READS)) {
      const times = { app: [] as number[], owner: [] as number[] }
      for (let i = 0; i < rounds * repeats; i++) {
        for (const side of i % 2 === 0 ? (['app', 'owner'] as const) : (['owner', 'app'] as const))
          times[side].push(await timed(() => sides[side](place, (db) => read(db, place))))
      }
      const [inside, without] = [median(times.app), median(times.owner)]
      lines.push({
        what: `${where}: ${what}`,
        measured: ms(inside),
        ratio: inside / without,
        target: '≤ 2× without',
        isMet: inside / without <= 2,
      })
    }
  }
  return lines
}

/** Everything, and a tenth of it or less: what a request of an MSP works in. */
async function findPlaces(owner: pg.Pool): Promise<Record<string, Place>> {
  const { rows } = await owner.query<Place>(
    `select id as "rootId", path, name, size from static_group where not leaf and (id = 1 or size * 10 <= (select size from static_group where id = 1))
     order by size desc limit 2`,
  )
  const [all, part] = rows
  if (all === undefined || part === undefined) throw new Error('the world has no subtree of that size')
  return { all, [`${part.size} of it`]: part }
}
