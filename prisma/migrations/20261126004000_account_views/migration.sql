-- Accounts and runs by column: a view inside an account's tree knows that the account is there and how fresh it is, and nothing of how
-- it is connected or what lies outside. Row-level security alone gives or hides whole rows, so requests no longer read the tables:
-- they read these views, which hold the caller's scope and leave out what a part may not know.

drop policy in_scope on account;
-- What is left of the table is for those who see the whole of it: connecting, disconnecting.
create policy in_scope on account to msp_console_app using (
  coalesce('/1/2/' || root_group_id || '/', '/1/2/') collate "C" >= nullif(current_setting('msp.scope', true), '')
    and coalesce('/1/2/' || root_group_id || '/', '/1/2/') collate "C" < nullif(current_setting('msp.scope_end', true), ''));
revoke select on account from msp_console_app;
grant select (id, name, state, base_url, login, company_guid, root_group_id, calls_per_second) on account to msp_console_app;

drop policy in_scope on sync_run;
revoke all on sync_run from msp_console_app;

create view account_seen with (security_barrier) as
select a.id, a.state, a.last_complete_at, a.connected_at, a.disconnected_at, a.hold_run_id, a.hold_confirmed_at, w.whole,
  -- How fresh it is and when the next run comes, everybody may know.
  case when a.state = 'connected' then s.next_run_at end as next_run_at,
  case when a.state = 'connected' and s.interval_seconds is not null then coalesce(a.last_complete_at, a.connected_at)
    + 2 * make_interval(secs => greatest(s.interval_seconds, 2 * s.last_seconds)) end as stale_at,
  s.rejections < 2 as can_retry, s.cause is not null as failing, s.disabled_at is not null as disabled,
  case when w.whole then s.interval_seconds end as interval_seconds,
  case when w.whole then s.cause end as cause,
  case when w.whole then s.failures else 0 end as failures,
  case when w.whole then s.failing_since end as failing_since,
  case when w.whole then a.name end as name,
  case when w.whole then a.base_url end as base_url,
  case when w.whole then a.login end as login,
  case when w.whole then a.company_guid end as company_guid,
  case when w.whole then a.root_group_id end as root_group_id,
  case when w.whole then a.calls_per_second end as calls_per_second
from account a join account_schedule s on s.account_id = a.id cross join lateral (
  select coalesce('/1/2/' || a.root_group_id || '/', '/1/2/') collate "C" >= nullif(current_setting('msp.scope', true), '')
      and coalesce('/1/2/' || a.root_group_id || '/', '/1/2/') collate "C" < nullif(current_setting('msp.scope_end', true), '') as whole,
    starts_with(nullif(current_setting('msp.scope', true), ''), '/1/2/' || a.root_group_id || '/') as part) w
where w.whole or w.part;

create view run_seen with (security_barrier) as
select r.id, r.account_id, r.status, r.phase, r.trigger, r.started_at, r.finished_at, r.strategy, r.complete, r.incomplete_reason,
  r.error_code, r.preview, a.whole,
  case when a.whole then r.started_by end as started_by,
  case when a.whole then r.calls else 0 end as calls,
  case when a.whole then r.listed else 0 end as listed,
  case when a.whole then r.expected end as expected,
  case when a.whole then r.incomplete_detail end as incomplete_detail,
  case when a.whole then r.error_detail end as error_detail,
  case when a.whole then r.rejected else 0 end as rejected,
  case when a.whole then r.rejected_samples else '[]' end as rejected_samples,
  case when a.whole then r.odd_pairs else 0 end as odd_pairs,
  case when a.whole then r.look_ups end as look_ups,
  case when a.whole then r.created end as created, case when a.whole then r.renamed end as renamed,
  case when a.whole then r.moved end as moved, case when a.whole then r.type_changed end as type_changed,
  case when a.whole then r.status_changed end as status_changed, case when a.whole then r.changed end as changed,
  case when a.whole then r.suspected end as suspected, case when a.whole then r.unlinked end as unlinked,
  case when a.whole then r.restored end as restored, case when a.whole then r.access_lost end as access_lost,
  case when a.whole then r.held end as held,
  -- Of a part: what names a group in it.
  case when a.whole then r.company_id else (select g.id from static_group g where g.id = r.company_id
    and g.path >= nullif(current_setting('msp.scope', true), '') and g.path < nullif(current_setting('msp.scope_end', true), '')) end as company_id,
  case when a.whole then r.held_reasons else (
    select coalesce(jsonb_agg(reason), '[]') from jsonb_array_elements(r.held_reasons) reason
    join static_group g on g.id = (reason->>'groupId')::int
      and g.path >= nullif(current_setting('msp.scope', true), '') and g.path < nullif(current_setting('msp.scope_end', true), '')) end as held_reasons
from sync_run r join account_seen a on a.id = r.account_id;

grant select on account_seen, run_seen to msp_console_app;

/* As everybody does who writes a tree: the accounts' rows first, in the order of ids, so that nobody waits in a circle. A part of an
   account's tree is enough to write in it. */
create function lock_accounts(ids int[]) returns void
language plpgsql security definer set search_path = public as $$
begin
  perform from account a where a.id = any(ids) and a.id in (select s.id from account_seen s) order by a.id for update of a;
end $$;
revoke execute on function lock_accounts(int[]) from public;
grant execute on function lock_accounts(int[]) to msp_console_app;
