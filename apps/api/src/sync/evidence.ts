import { type EmaClient, EmaError } from '@msp-console/ema'
import type { ClientBase } from 'pg'
import { removalLimit } from './guard.ts'

// What EMA says when it is asked for one missing company at a time. A listing proves absence only by not naming a company;
// losing the right to see it looks the same. So suspects are asked for before any of them is shown as removed.

/** SQL for the number of companies of account $1 that are not removed. Range of static_group_by_path, of the index alone. */
export const LIVE = `(select count(*)::int from account a join static_group r on r.id = a.root_group_id
    join static_group g on g.path >= r.path and g.path < left(r.path, -1) || '0'
  where a.id = $1 and g.state <> 'unlinked' and g.kind not in ('staticGroup', 'unresolved'))`

/**
 * gone: EMA answers that there is no such company (404, 410) · noAccess: it is not for us to see (403) · there: it exists, so
 * the listing left it out · unsure: no answer that says anything, wait for the next run · unclear: an answer that this EMA
 * gives whatever the reason; only the listings count then · unasked: there were too many, and only a sample was asked for
 */
export type LookUp = 'gone' | 'noAccess' | 'there' | 'unsure' | 'unclear' | 'unasked'

export interface LookUps {
  asked: number
  gone: number
  noAccess: number
  there: number
  unsure: number
}

/** Above what one run may remove, all of it is held anyway; a sample tells the reason then. */
const SAMPLE = 20
/** Companies that were inaccessible before, asked anew in each run. */
const AGAIN = 20
const AT_ONCE = 8
const ENOUGH_FAILURES = 3

/**
 * Asks for every suspect that this run misses again (with `first`, also for what it misses for the first time), and writes the answers to `plan.look_up`. At most `removalLimit` calls,
 * paced by the client like all others.
 * @returns counts of the answers; null when nothing was to be asked
 */
export async function lookUpSuspects(
  client: ClientBase,
  source: EmaClient,
  accountId: number,
  first: boolean,
  signal: AbortSignal,
): Promise<LookUps | null> {
  const suspect = `is_missing and old_presence in ('suspect'${first ? `, 'present'` : ''})`
  const { asked, isSample } = await pickSuspects(client, accountId, suspect)
  if (asked.length === 0) return null
  const answers: { id: number; answer: LookUp }[] = []
  const count = (wanted: LookUp) => answers.filter(({ answer }) => answer === wanted).length
  const open = asked.values()
  const askOn = async () => {
    for (const { id, guid } of open) {
      // A source that fails fails for the rest as well, and each failure has been tried several times.
      const answer = count('unsure') >= ENOUGH_FAILURES ? 'unsure' : await lookUp(source, guid, signal)
      answers.push({ id, answer })
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, asked.length) }, askOn))
  await client.query(
    `update plan p set look_up = a.answer from unnest($1::int[], $2::text[]) a (id, answer) where p.id = a.id`,
    [answers.map(({ id }) => id), answers.map(({ answer }) => answer)],
  )
  if (isSample) await client.query(`update plan set look_up = 'unasked' where ${suspect} and look_up is null`)
  const unsure = count('unsure') + count('unclear')
  return { asked: answers.length, gone: count('gone'), noAccess: count('noAccess'), there: count('there'), unsure }
}

/** In an order that has nothing to do with where companies stand, so that a sample is one of the whole. */
async function pickSuspects(client: ClientBase, accountId: number, suspect: string) {
  const { rows: counts } = await client.query<{ suspects: number; live: number }>(
    `select (select count(*)::int from plan where ${suspect}) as suspects, ${LIVE} as live
     where exists (select from plan where ${suspect} or is_missing and old_presence = 'inaccessible')`,
    [accountId],
  )
  const count = counts[0]
  if (count === undefined) return { asked: [], isSample: false }
  const most = count.suspects > removalLimit(count.live) ? SAMPLE : count.suspects
  const { rows } = await client.query<{ id: number; guid: string }>(
    `(select id, guid from plan where ${suspect} order by hashint4(id) limit $1)
     union all
     (select id, guid from plan where is_missing and old_presence = 'inaccessible' order by random() limit $2)`,
    [most, AGAIN],
  )
  return { asked: rows, isSample: most < count.suspects }
}

async function lookUp(source: EmaClient, guid: string, signal: AbortSignal): Promise<LookUp> {
  try {
    await source.detail(guid, { signal })
    return 'there'
  } catch (error) {
    if (!(error instanceof EmaError) || signal.aborted) return 'unsure'
    if (error.kind === 'not-found') return 'gone'
    // 99/1 is "unknown page": it says nothing about a company.
    if (error.kind === 'forbidden') return error.code === UNKNOWN_PAGE ? 'unclear' : 'noAccess'
    return error.status === 400 ? 'unclear' : 'unsure'
  }
}

const UNKNOWN_PAGE = 99
