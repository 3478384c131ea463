import type { ClientBase } from 'pg'
import type { ApplyInput } from './apply.ts'
import { EVENTS } from './events.ts'

// What must not be applied leaves the plan and becomes plan items, which wait for a decision. An account has one open plan at
// most: while runs ask for the same it stays as it is and nothing is written, so nobody is asked twice; a run that asks for
// something else replaces what it no longer asks for.

/** Same group, same kind of change, same aim: the same question. */
const SAME = `i.kind = h.kind and i.aim = h.aim and i.guid = h.guid`
const OPEN = `i.account_id = $1 and i.closed_at is null and not i.preview`

/** Takes everything in `held` out of the plan and describes it in `held_item`. @returns how many changes */
export async function takeOut(client: ClientBase, input: ApplyInput): Promise<number> {
  await client.query(`update plan p set presence = 'unlinked' from held h where h.id = p.id and h.kind = 'unlinked'`)
  const { rowCount } = await client.query(
    `create temp table held_item as
     select e.kind, case when p.is_new then null else p.id end as group_id,
       case when p.is_new then a.root_group_id else p.id end as anchor_id,
       case when e.kind = 'moved' then p.parent_id end as target_id,
       p.guid, p.kind as company_kind, p.name, e.before, e.after, e.aim, h.rule, to_jsonb(p) as row
     from (${EVENTS}) e join held h on h.id = e.id and h.kind = e.kind join plan p on p.id = e.id join account a on a.id = ${input.accountId}`,
  )
  await client.query(
    `update plan p set presence = case when h.rule = 'accessLost' then 'inaccessible'
       when p.old_presence = 'present' then 'suspect' else p.old_presence end
     from held h where h.id = p.id and h.kind = 'unlinked'`,
  )
  // Without a hash the next run compares the company anew, so that what is held is asked for again.
  await client.query(
    `update plan p set parent_id = p.old_parent_id, parent_guid = c.parent_guid, hash = null
     from company c where c.group_id = p.id and not p.is_new and (exists (select from held h where h.id = p.id and h.kind = 'moved')
       or p.parent_id in (select id from held where kind = 'created'))`,
  )
  await client.query(
    `update plan p set kind = p.old_kind, type_code = p.old_type_code, hash = null
     from held h where h.id = p.id and h.kind = 'typeChanged'`,
  )
  await client.query(`delete from plan p using held h where h.id = p.id and h.kind = 'created'`)
  return rowCount ?? 0
}

/** Makes the account's open plan what this run asks for. @returns whether anything of it changed */
export async function keepHeld(client: ClientBase, input: ApplyInput): Promise<boolean> {
  // A listing that is not complete, or is of one company, says nothing about the companies that it did not show, but for those that
  // it removes.
  const whole = input.complete && input.company === null
  const closed = await client.query(
    `update plan_item i set closed_at = now() where ${OPEN} and not exists (select from held_item h where ${SAME})
       and ($2 or exists (select from plan p where p.guid = i.guid and (not p.is_missing or p.presence = 'unlinked')))`,
    [input.accountId, whole],
  )
  // The same question for another reason is not asked anew, but what is shown is why it is held now.
  const reasoned = await client.query(
    `update plan_item i set rule = h.rule from held_item h where ${OPEN} and ${SAME} and i.rule <> h.rule`,
    [input.accountId],
  )
  const opened = await client.query(
    `with opened as (
       insert into plan_item (run_id, account_id, preview, kind, group_id, anchor_id, target_id, guid, company_kind, name, before, after,
         aim, rule, row)
       select $2, $1, false, kind, group_id, anchor_id, target_id, guid, company_kind, name, before, after, aim, rule, row
       from held_item h where not exists (select from plan_item i where ${OPEN} and ${SAME})
       returning kind, group_id, before, after, rule)
     insert into group_event (group_id, run_id, kind, before, after)
     select group_id, $2, 'held', before, after || jsonb_build_object('change', kind, 'rule', rule) from opened where group_id is not null`,
    [input.accountId, input.runId],
  )
  const written = [closed, reasoned, opened].some(({ rowCount }) => (rowCount ?? 0) > 0)
  const changed = written || (await hasNewCreations(client, input))
  if (changed) await client.query(`update plan_item i set run_id = $2 where ${OPEN}`, [input.accountId, input.runId])
  await client.query(
    `update account a set hold_run_id = o.run_id, hold_confirmed_at = case when o.run_id is null then null
       when $3 or $4 or a.hold_confirmed_at is null then (select started_at from sync_run where id = $2) else a.hold_confirmed_at end
     from (select max(i.run_id) as run_id from plan_item i where ${OPEN}) o
     where a.id = $1 and (a.hold_run_id is not null or o.run_id is not null)`,
    [input.accountId, input.runId, whole, changed],
  )
  return changed
}

/** Held additions have no group yet, so no event counts them. */
async function hasNewCreations(client: ClientBase, input: ApplyInput): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from plan_item where run_id = $1 and kind = 'created' and not preview limit 1`,
    [input.runId],
  )
  return (rowCount ?? 0) > 0
}

/** What a preview leaves: every event that applying this plan would write, and everything that would be held. */
export async function keepPreview(client: ClientBase, input: ApplyInput, held: number): Promise<void> {
  await client.query(
    `with recursive up as (
       select id, parent_id as at, '{}'::text[] as above from plan where is_new and guid is not null
       union all
       select up.id, p.parent_id, (p.name collate "default")::text || up.above from up join plan p on p.id = up.at and p.is_new),
     anchor as (select id, at, above from up where not exists (select from plan p where p.id = up.at and p.is_new))
     insert into plan_item (run_id, account_id, preview, kind, group_id, anchor_id, target_id, above, guid, company_kind, name, before, after, aim)
     select $1, $2, true, e.kind, case when p.is_new then null else p.id end, coalesce(x.at, p.id),
       case when e.kind = 'moved' then p.parent_id end, coalesce(x.above, '{}'), p.guid, p.kind, p.name, e.before, e.after, e.aim
     from (${EVENTS}) e join plan p on p.id = e.id left join anchor x on x.id = e.id`,
    [input.runId, input.accountId],
  )
  if (held === 0) return
  await client.query(
    `insert into plan_item (run_id, account_id, preview, kind, group_id, anchor_id, target_id, guid, company_kind, name, before, after, aim, rule)
     select $1, $2, true, kind, group_id, coalesce(anchor_id, 2), target_id, guid, company_kind, name, before, after, aim, rule from held_item`,
    [input.runId, input.accountId],
  )
}
