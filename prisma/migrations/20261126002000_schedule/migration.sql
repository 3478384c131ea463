-- When each account runs next, and how its last runs went. A table of its own, because an apply locks the account's row for as
-- long as it lasts: whoever changes the interval meanwhile must not wait for it. Written last in every transaction that also
-- writes sync_run, so nobody waits in a circle.
create table account_schedule (
  account_id int primary key references account,
  interval_seconds int default 900 check (interval_seconds between 300 and 86400), -- null: only on demand
  next_run_at timestamptz default now(),         -- null: not by itself
  started_at timestamptz,                        -- of the last run
  last_seconds real not null default 0,          -- how long the last run took that came to an end by itself
  failures int not null default 0,               -- in a row
  failing_since timestamptz,
  cause text,                                    -- code of the last failure; null: well
  rejections int not null default 0,             -- how often the source refused the stored password; at 2 it is not sent again
  interruptions int not null default 0,          -- in a row
  disabled_at timestamptz                        -- after 28 days of failures
);

-- Every change of the reason why an account is not well, once: the notifications.
create table account_event (
  id bigint generated always as identity primary key,
  account_id int not null references account,
  at timestamptz not null default now(),
  kind text not null check (kind in ('quarantined', 'disabled', 'recovered')),
  cause text,
  run_id int
);
create index account_event_by_account on account_event (account_id, id desc);

/* The schedule comes with the account, ends when it is disconnected and begins anew when it is connected again. */
create function account_has_schedule() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  if new.state = 'disconnected' then
    update account_schedule set next_run_at = null where account_id = new.id;
  else
    insert into account_schedule (account_id) values (new.id)
    on conflict (account_id) do update set next_run_at = case when account_schedule.interval_seconds is not null then now() end,
      failures = 0, failing_since = null, cause = null, rejections = 0, interruptions = 0, disabled_at = null;
  end if;
  return null;
end $$;
revoke execute on function account_has_schedule() from public;
create trigger schedule_added after insert on account for each row execute function account_has_schedule();
create trigger schedule_follows after update of state on account for each row
  when (new.state <> old.state) execute function account_has_schedule();

insert into account_schedule (account_id, next_run_at)
select id, case when state = 'connected' then now() end from account;

alter table account_schedule enable row level security;
alter table account_schedule force row level security;
create policy owner_all on account_schedule to current_user using (true) with check (true);
create policy sync_all on account_schedule to msp_console_sync using (true) with check (true);
create policy in_scope on account_schedule to msp_console_app using (exists (select from account a where a.id = account_id));
alter table account_event enable row level security;
alter table account_event force row level security;
create policy owner_all on account_event to current_user using (true) with check (true);
create policy sync_all on account_event to msp_console_sync using (true) with check (true);
create policy in_scope on account_event to msp_console_app using (exists (select from account a where a.id = account_id));

grant select, update on account_schedule to msp_console_app, msp_console_sync;
grant select, insert on account_event to msp_console_app, msp_console_sync;

/* As before, but it never waits: now that accounts begin by themselves and at any time, another first run may be reading both tables,
   in the other order, and the two would wait for each other. With somebody in the way the load keeps its indexes and is slower. */
create or replace function mirror_drop_indexes() returns void
language plpgsql security definer set search_path = public as $$
begin
  if not mirror_is_empty() then raise exception 'indexes are dropped only while the mirror is empty'; end if;
  lock table company, static_group, group_event in access exclusive mode nowait;
  drop index if exists static_group_siblings, static_group_by_path, static_group_by_name, static_group_by_state, static_group_search, company_by_guid,
    group_event_by_group, group_event_by_run;
  alter table static_group drop constraint if exists static_group_parent;
  alter table company drop constraint if exists company_group;
exception when lock_not_available then null;
end $$;
