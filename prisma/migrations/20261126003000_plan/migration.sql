-- Plans: what a run held back until somebody decides, and what a preview would do.

alter type event_kind add value 'accessLost';     -- EMA still knows the company but no longer shows it to this login
alter type event_kind add value 'held';           -- a change of this group waits for a decision
alter type event_kind add value 'rejected';       -- somebody decided against it

create type plan_decision as enum ('approved', 'rejected');

/* One change that was not applied. What a run did apply is in group_event, with the same kinds and values, so that neither
   is written twice. An item is open until it is approved, or a listing no longer asks for it; a rejected one stays open, so
   that nobody is asked the same again. */
create table plan_item (
  id uuid primary key default gen_random_uuid(), -- not a number: it is shown, and would tell how many others came between
  run_id int not null references sync_run,       -- the newest run whose plan it is
  account_id int not null references account,
  preview boolean not null,                      -- of a dry run: to be looked at, never to be applied
  kind event_kind not null,
  group_id int,                                  -- null: the group does not exist yet
  anchor_id int not null,                        -- where it is shown, and whose viewers see it: the group, or of a new company the nearest group above
  target_id int,                                 -- the new parent of a move
  above text[] not null default '{}',            -- names of new companies between anchor and this one, from the top
  guid uuid,
  company_kind group_kind not null,
  name text collate msp_name not null,
  before jsonb,
  after jsonb,
  aim text not null,                             -- what the change leads to, to tell whether two runs ask for the same
  rule text,                                     -- what holds it; null: nothing, it would be applied
  row jsonb,                                     -- of a held item: what applying it needs
  decision plan_decision,
  decided_by text,
  decided_at timestamptz,
  closed_at timestamptz,
  created_at timestamptz not null default now()
);
create index plan_item_by_run on plan_item (run_id);
create index plan_item_open on plan_item (account_id) where closed_at is null and not preview;
create index plan_item_by_group on plan_item (group_id) where group_id is not null;
create index plan_item_by_anchor on plan_item (anchor_id);

alter table account
  add column hold_run_id int references sync_run, -- whose plan is open; null: nothing waits and nothing was rejected
  add column hold_confirmed_at timestamptz,       -- start of the last complete run that asked for the same
  add column writes int not null default 0;       -- grows when somebody other than a whole run writes this tree

alter table sync_run
  add column preview boolean not null default false,
  add column company_id int,                      -- one company and what is below it, instead of the whole account
  add column access_lost int not null default 0,
  add column look_ups jsonb;                      -- answers about missing companies, one by one: {asked, gone, noAccess, there, unsure}

alter table plan_item enable row level security;
alter table plan_item force row level security;
create policy owner_all on plan_item to current_user using (true) with check (true);
create policy sync_all on plan_item to msp_console_sync using (true) with check (true);
create policy in_scope on plan_item to msp_console_app using (exists (select from static_group g where g.id = anchor_id));

-- `row` holds what the source said, also of what is outside a view; requests never need it.
grant select (id, run_id, account_id, preview, kind, group_id, anchor_id, target_id, above, guid, company_kind, name, before, after, rule,
  decision, decided_by, decided_at, closed_at, created_at) on plan_item to msp_console_app;
grant select, insert, update, delete on plan_item to msp_console_sync;
grant select (hold_run_id, hold_confirmed_at) on account to msp_console_app;
grant update (writes) on account to msp_console_app;

/* Removes a group that is removed at the source, holds nothing and mirrors a company: the only delete there is. The look at
   static_group is under the caller's scope; its ancestors' counters lie outside. */
create function delete_unlinked(which int) returns boolean
language plpgsql security definer set search_path = public as $$
declare
  gone static_group;
  above int[];
begin
  select * into gone from static_group g where g.id = which
    and g.path >= nullif(current_setting('msp.scope', true), '') and g.path < nullif(current_setting('msp.scope_end', true), '')
    and g.presence = 'unlinked' and g.child_count = 0 and g.computers = 0
    and exists (select from company c where c.group_id = g.id)
    and not exists (select from account a where a.root_group_id = g.id)
  for update;
  if not found then return false; end if;
  above := string_to_array(trim(both '/' from gone.path), '/')::int[];
  update plan_item i set closed_at = now() where i.group_id = gone.id and i.closed_at is null;
  delete from static_group g where g.id = gone.id;
  update static_group g set size = g.size - 1, unlinked = g.unlinked - gone.unlinked,
    child_count = g.child_count - case when g.id = gone.parent_id then 1 else 0 end
  where g.id = any(above[:array_length(above, 1) - 1]);
  delete from tree_generation t where t.group_id = gone.id;
  perform raise_generations(array[gone.parent_id]);
  update account a set writes = a.writes + 1 where a.id = gone.account_id;
  return true;
end $$;
revoke execute on function delete_unlinked(int) from public;
grant execute on function delete_unlinked(int) to msp_console_app;
