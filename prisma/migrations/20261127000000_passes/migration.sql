-- How often a run listed the source: again when it moved under the listing, three times at most.
alter table sync_run add column passes smallint not null default 1;

create or replace view run_seen with (security_barrier) as
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
      and g.path >= nullif(current_setting('msp.scope', true), '') and g.path < nullif(current_setting('msp.scope_end', true), '')) end as held_reasons,
  case when a.whole then r.passes else 0 end as passes
from sync_run r join account_seen a on a.id = r.account_id;
