-- What was done by whom, kept for good; and what the administration of users has to know beyond its own view.

-- Audit log --------------------------------------------------------------------------------------------------
create type audit_outcome as enum ('done', 'refused', 'failed');

create table audit_event (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  action text not null,                          -- name of the operation, or signIn, signOut
  outcome audit_outcome not null,
  actor_id text,                                 -- no foreign key: entries outlive users
  actor text,                                    -- e-mail
  token text,                                    -- name of the API token
  group_id int not null,                         -- where in the tree, no foreign key either
  path text collate "C" not null,                -- of that group at the time: who saw it then sees the entry now
  target text,
  before jsonb,
  after jsonb,
  ip_address text,
  request_id text
);
create index audit_event_by_path on audit_event (path);
create index audit_event_sign_ins on audit_event (actor_id, at desc) where action = 'signIn' and outcome = 'done';

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on audit_event for each row execute function refuse_change();
create trigger append_only_whole before update or delete or truncate on audit_event for each statement execute function refuse_change();

alter table audit_event enable row level security;
alter table audit_event force row level security;
create policy owner_all on audit_event to current_user using (true) with check (true);
create policy in_scope on audit_event for select to msp_console_app
  using (path >= nullif(current_setting('msp.scope', true), '') and path < nullif(current_setting('msp.scope_end', true), ''));
create policy in_scope_new on audit_event for insert to msp_console_app with check (
  path >= nullif(current_setting('msp.scope', true), '') and path < nullif(current_setting('msp.scope_end', true), ''));
grant select, insert on audit_event to msp_console_app;

-- Users ------------------------------------------------------------------------------------------------------
/* All grants of users, as far as somebody may know them who sees the subtrees of `roots`. place: `inside` one of them; `above`
   one of them, so it holds there, but its root and a set of somebody's own are not named; `elsewhere`: that it is there, and
   nothing else. Whoever may not know the last must not be told its number. */
create function grants_of_users(people text[], roots int[])
returns table (user_id text, place text, root_id int, root_path text, root_kind group_kind, root_name text, set_id int, set_key text,
  set_name text, rights jsonb)
language sql stable security definer set search_path = public as $$
  with view as materialized (select path from static_group where id = any(roots)), found as (
    select x.user_id, g.id, g.path, g.kind, g.name, s.id as set_id, s.key, s.name as set_name,
      jsonb_build_object('groups', s.groups, 'setup', s.setup, 'sync', s.sync, 'accounts', s.accounts, 'users', s.users,
        'audit', s.audit) as rights,
      case when exists (select from view v where starts_with(g.path, v.path)) then 'inside'
        when exists (select from view v where starts_with(v.path, g.path)) then 'above' else 'elsewhere' end as place,
      s.key is not null or exists (select from static_group o, view v where o.id = s.group_id and starts_with(o.path, v.path)) as own_set
    from user_grant x join static_group g on g.id = x.root_group_id join permission_set s on s.id = x.set_id
    where x.user_id = any(people))
  select f.user_id, f.place,
    case f.place when 'inside' then f.id end, case f.place when 'inside' then f.path end,
    case f.place when 'inside' then f.kind end, case f.place when 'inside' then f.name end,
    case when own_set and f.place <> 'elsewhere' then f.set_id end,
    case when own_set and f.place <> 'elsewhere' then f.key end,
    case when own_set and f.place <> 'elsewhere' then f.set_name end,
    case when f.place <> 'elsewhere' then f.rights end
  from found f order by f.path, f.set_id
$$;

/* Whether users have a password yet, which only the sign-in code may read. */
create function facts_of_users(people text[]) returns table (user_id text, has_password boolean)
language sql stable security definer set search_path = public as $$
  select u.id, exists (select from user_credential c where c.user_id = u.id and c.password is not null)
  from app_user u where u.id = any(people)
$$;

create function end_sessions_of(who text) returns int
language sql security definer set search_path = public as $$
  with ended as (delete from user_session where user_id = who returning 1)
  select count(*)::int from ended
$$;

/* Whether somebody is left who can sign in, is enabled and has the built-in set of administrators on everything. Takes a lock
   until the end of the transaction: two administrators who remove each other at once wait for one another here. */
create function has_administrator() returns boolean
language plpgsql security definer set search_path = public as $$
begin
  perform pg_advisory_xact_lock(5174002);
  return exists (
    select from app_user u join user_grant x on x.user_id = u.id join permission_set s on s.id = x.set_id
    where x.root_group_id = 1 and s.key = 'administrator' and u.disabled_at is null
      and exists (select from user_credential c where c.user_id = u.id and c.password is not null));
end $$;

/* Whether a permission set is granted somewhere outside the subtree of `root`: changing it would change rights there. */
create function set_reaches_beyond(which int, root int) returns boolean
language sql stable security definer set search_path = public as $$
  select exists (
    select from user_grant x join static_group g on g.id = x.root_group_id, static_group r
    where x.set_id = which and r.id = root and not starts_with(g.path, r.path))
$$;

revoke execute on function grants_of_users(text[], int[]), facts_of_users(text[]), end_sessions_of(text), has_administrator(),
  set_reaches_beyond(int, int) from public;
grant execute on function grants_of_users(text[], int[]), facts_of_users(text[]), end_sessions_of(text), has_administrator(),
  set_reaches_beyond(int, int) to msp_console_app;
