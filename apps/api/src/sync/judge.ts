import type { GroupKind, HoldRule } from '@msp-console/contract'
import type { ClientBase } from 'pg'
import type { ApplyInput } from './apply.ts'
import { LIVE } from './evidence.ts'
import { DEPTH_MOST } from './forest.ts'
import { type Below, guardChanges, guardCount, guardRemovals, type Hold, type Removal } from './guard.ts'

// The guard's eyes and hands, inside the apply transaction: reads from the plan what the guard asks for, marks what becomes
// removed, and lists in the temporary table `held` what must not be applied. Whole kinds are held by sets, never one by one.

const COMPANY = `guid is not null and not is_new and not is_missing`
const MOVED = `${COMPANY} and parent_id is distinct from old_parent_id`
const RETYPED = `${COMPANY} and type_code <> old_type_code`

/** @returns why something is held; what is in `held` */
export async function judge(client: ClientBase, input: ApplyInput): Promise<Hold[]> {
  await client.query('create temp table held (id int, kind event_kind, rule text not null, primary key (id, kind))')
  await takeAnswers(client, input)
  const live = await countLive(client, input.accountId)
  const removals = await judgeRemovals(client, input, live)
  return [...removals, ...(await judgeChanges(client, input, live))]
}

/**
 * What EMA said of single companies. A company that the listing left out and EMA still knows makes the whole listing a bad
 * witness, which the caller says by `complete: false`: nothing is missing then but for what is there after all.
 */
async function takeAnswers(client: ClientBase, { complete }: ApplyInput): Promise<void> {
  if (!complete) {
    await client.query(`delete from plan where is_missing and look_up is distinct from 'there'`)
    await client.query(`update plan set presence = 'present' where look_up = 'there'`)
  } else {
    await client.query(`update plan set presence = 'inaccessible' where look_up = 'noAccess' and presence = 'suspect'`)
  }
}

async function judgeRemovals(client: ClientBase, input: ApplyInput, live: number): Promise<Hold[]> {
  // Proof: EMA says of this company that it does not exist, or it was absent from two complete listings of different runs, at
  // least the gap apart, and asking for it brought no other answer.
  await client.query(
    `create temp table candidate as
     select id, old_parent_id as parent_id, old_kind as kind, id = (select root_group_id from account where id = $1) as is_root,
       look_up
     from plan
     where is_missing and (look_up = 'gone'
       or old_presence = 'suspect' and coalesce(look_up, 'unclear') in ('unclear', 'unasked') and suspect_run_id <> $2
         and suspect_since <= (select started_at from sync_run where id = $2) - make_interval(secs => $3))`,
    [input.accountId, input.runId, input.removalGapSeconds],
  )
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from candidate')
  const count = rows[0]?.n ?? 0
  if (count === 0) return []
  const whole = guardCount(count, live)
  if (whole !== null) {
    await client.query(`insert into held select id, 'unlinked', $1 from candidate`, [whole.rule])
    return [whole]
  }
  // Of a sample the rest waits for the next run, which has fewer to ask for: whoever was asked may turn out to be out of reach only.
  await client.query(`delete from candidate where look_up = 'unasked'`)
  const removals = await readCandidates(client)
  const { allowed, held, reasons } = guardRemovals(removals, live, await countBelow(client, removals))
  await client.query(`update plan set presence = 'unlinked' where id = any($1)`, [allowed])
  await client.query(`insert into held select id, 'unlinked', rule from unnest($1::int[], $2::text[]) h (id, rule)`, [
    held.map(({ id }) => id),
    held.map(({ rule }) => rule),
  ])
  return reasons
}

/** Not more than removalLimit. */
async function readCandidates(client: ClientBase): Promise<Removal[]> {
  const { rows } = await client.query<{ id: number; parent_id: number; kind: GroupKind; is_root: boolean }>(
    'select id, parent_id, kind, is_root from candidate',
  )
  return rows.map((row) => ({ id: row.id, parentId: row.parent_id, kind: row.kind, isRoot: row.is_root }))
}

async function countLive(client: ClientBase, accountId: number): Promise<number> {
  const { rows } = await client.query<{ live: number }>(`select ${LIVE} as live`, [accountId])
  return rows[0]?.live ?? 0
}

/**
 * Children as this plan leaves them. A child that would close a circle stays where it is (forest.ts), so the way up from where it
 * would go is walked; one that only leads into somebody else's circle goes. Of a way that is too long to be walked to its end the
 * child counts at both ends, which removes less. By the sibling index (parent_id, …); arrivals come from the plan.
 */
async function countBelow(client: ClientBase, removals: readonly Removal[]): Promise<Map<number, Below>> {
  const parents = [...new Set(removals.flatMap(({ id, parentId }) => [id, parentId]))]
  const { rows } = await client.query<{ parent_id: number; live: number; staying: number }>(
    `with recursive up as (
       select id as child, parent_id as at, 1 as steps from plan
       where not is_missing and parent_id is distinct from old_parent_id and (parent_id = any($1) or old_parent_id = any($1))
       union all
       select u.child, coalesce(p.parent_id, g.parent_id), u.steps + 1
       from up u left join plan p on p.id = u.at and not p.is_missing left join static_group g on g.id = u.at
       where u.at <> u.child and u.steps <= ${DEPTH_MOST})
     cycle child, at set is_round using way,
     circle as (select child from up where at = child),
     long as (select child from up where steps > ${DEPTH_MOST})
     select parent_id, count(*)::int as live,
       (count(*) filter (where presence in ('present', 'inaccessible')))::int as staying
     from (
       select g.parent_id, coalesce(p.presence, g.presence) as presence
       from static_group g left join plan p on p.id = g.id
       where g.parent_id = any($1) and g.kind <> 'staticGroup'
         and (p.id is null or p.is_missing or p.parent_id = g.parent_id or g.id in (select child from circle union all select child from long))
       union all
       select p.parent_id, p.presence from plan p
       where p.parent_id = any($1) and not p.is_missing and p.parent_id is distinct from p.old_parent_id
         and p.id not in (select child from circle)) child
     where presence <> 'unlinked' group by parent_id`,
    [parents],
  )
  return new Map(rows.map(({ parent_id, live, staying }) => [parent_id, { live, staying }]))
}

async function judgeChanges(client: ClientBase, input: ApplyInput, live: number): Promise<Hold[]> {
  const { rows } = await client.query<
    Record<'lost' | 'created' | 'moved' | 'retyped' | 'missing' | 'flattened', number>
  >(
    `with place as (
       select root_group_id as root, (select u.id from static_group u where u.account_id = a.id and u.kind = 'unresolved') as unresolved
       from account a where a.id = $1)
     select (count(*) filter (where is_missing and presence = 'inaccessible'))::int as lost,
       (count(*) filter (where is_new and guid is not null))::int as created,
       (count(*) filter (where ${MOVED}))::int as moved,
       (count(*) filter (where ${RETYPED}))::int as retyped,
       (count(*) filter (where is_missing and old_presence <> 'unlinked'))::int as missing,
       (count(*) filter (where ${MOVED} and old_parent_id is distinct from root and old_parent_id is distinct from unresolved
         and (parent_id is null or parent_id = root or parent_id = unresolved)))::int as flattened
     from plan, place`,
    [input.accountId],
  )
  const found = rows[0]! // an aggregate without grouping gives one row
  const reasons = guardChanges({
    live,
    seen: input.complete && input.company === null ? live - found.missing : null,
    accessLost: found.lost,
    created: found.created,
    moved: found.moved,
    typeChanged: found.retyped,
    deep: found.flattened === 0 ? 0 : await countDeep(client, input.accountId),
    flattened: found.flattened,
  })
  for (const { rule } of reasons) await client.query(`insert into held select id, ${HELD_BY[rule]}`, [rule])
  return reasons
}

const HELD_BY: Partial<Record<HoldRule, string>> = {
  accessLost: `'unlinked', $1 from plan where is_missing and presence = 'inaccessible'
    and not exists (select from held h where h.id = plan.id and h.kind = 'unlinked')`,
  tooManyMoves: `'moved', $1 from plan where ${MOVED}`,
  depthCollapse: `'moved', $1 from plan where ${MOVED}`,
  tooManyTypes: `'typeChanged', $1 from plan where ${RETYPED}`,
  otherCompanies: `'created', $1 from plan where is_new and guid is not null`,
}

/** Companies below the first level. Range of static_group_by_path. */
async function countDeep(client: ClientBase, accountId: number): Promise<number> {
  const { rows } = await client.query<{ deep: number }>(
    `select count(*)::int as deep from account a
     join static_group r on r.id = a.root_group_id
     join static_group g on g.path > r.path and g.path < left(r.path, -1) || '0'
     where a.id = $1 and g.presence <> 'unlinked' and g.kind not in ('staticGroup', 'unresolved')
       and g.parent_id <> r.id and not exists (select from static_group u where u.id = g.parent_id and u.kind = 'unresolved')`,
    [accountId],
  )
  return rows[0]?.deep ?? 0
}
