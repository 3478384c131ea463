-- Rights: who may do what in which subtree; the same limits a second time as row-level security; what changed per subtree.

-- Permission sets and grants ---------------------------------------------------------------------------------
create type right_level as enum ('none', 'read', 'use', 'write');

create table permission_set (
  id int generated always as identity primary key,
  key text unique,                               -- built-in sets; the UI names them
  name text not null,
  group_id int references static_group on delete cascade, -- where a set of somebody's own lives
  groups right_level not null default 'none',
  setup right_level not null default 'none',
  sync right_level not null default 'none',
  accounts right_level not null default 'none',
  users right_level not null default 'none',
  audit right_level not null default 'none',
  check ((key is null) <> (group_id is null)),
  unique nulls not distinct (group_id, name)
);
insert into permission_set (key, name, groups, setup, sync, accounts, users, audit) values
  ('administrator',  'Administrator',   'write', 'write', 'write', 'write', 'write', 'read'),
  ('mspManager',     'MSP manager',     'write', 'write', 'write', 'read',  'write', 'read'),
  ('mspAdmin',       'MSP admin',       'write', 'write', 'use',   'none',  'none',  'none'),
  ('partner',        'Partner',         'read',  'read',  'read',  'read',  'none',  'none'),
  ('customerViewer', 'Customer viewer', 'read',  'read',  'none',  'none',  'none',  'none');

alter table app_user
  add column home_group_id int references static_group on delete set null, -- null: only who sees everything sees this user
  add column disabled_at timestamptz;

alter table user_session add column confirmed_at timestamptz not null default now(); -- the password was given then

create table user_grant (
  id int generated always as identity primary key,
  user_id text not null references app_user on delete cascade,
  set_id int not null references permission_set,
  root_group_id int not null references static_group on delete cascade,
  granted_at timestamptz not null default now(),
  granted_by text,                               -- e-mail
  unique (user_id, root_group_id, set_id)
);
create index user_grant_by_root on user_grant (root_group_id);
create index user_grant_by_set on user_grant (set_id);

-- Until now everybody saw everything.
update app_user set home_group_id = 1;
insert into user_grant (user_id, set_id, root_group_id)
select u.id, s.id, 1 from app_user u, permission_set s where s.key = 'administrator';

-- Generations: what changed where ----------------------------------------------------------------------------
-- One row per inner group: how often something in its subtree has changed. So a reader's tree is told by the number of the
-- reader's root, and changes elsewhere tell the reader nothing, not even how many there were.
create table tree_generation (
  group_id int primary key,                      -- no foreign key: a row that outlives its group harms nobody
  generation bigint not null
);
alter table account drop column generation;

/* Raises the number of every group above, and of the groups themselves. Called last in a transaction: all writers meet at the
   top two rows. */
create function raise_generations(ids int[]) returns void
language sql security definer set search_path = public as $$
  insert into tree_generation (group_id, generation)
  select id, 1 from (
    select distinct unnest(string_to_array(trim(both '/' from g.path), '/')::int[]) as id
    from static_group g where g.id = any(ids)) above
  order by id
  on conflict (group_id) do update set generation = tree_generation.generation + 1
$$;

/* Adds to the roll-up counters of groups; a customer that is marked changes counters above the scope of the one who marks it. */
create function add_to_counters(ids int[], not_set_up_deltas int[]) returns void
language sql security definer set search_path = public as $$
  update static_group g set not_set_up = g.not_set_up + d.delta, normal = g.normal - d.delta
  from unnest(ids, not_set_up_deltas) as d (id, delta) where g.id = d.id
$$;

-- Who is asking ----------------------------------------------------------------------------------------------
/* The grants of a user with the places of their roots: [{rootId, path, kind, name, rights: {…}}]. */
create function grants_of(who text) returns jsonb
language sql stable security definer set search_path = public as $$
  select coalesce(jsonb_agg(jsonb_build_object('rootId', g.id, 'path', g.path, 'kind', g.kind, 'name', g.name,
      'rights', jsonb_build_object('groups', s.groups, 'setup', s.setup, 'sync', s.sync, 'accounts', s.accounts,
        'users', s.users, 'audit', s.audit))
    order by (g.id <> u.home_group_id), g.id), '[]')
  from user_grant x join app_user u on u.id = x.user_id join permission_set s on s.id = x.set_id
    join static_group g on g.id = x.root_group_id
  where x.user_id = who and u.disabled_at is null
$$;

/* The owner of a session that lives, or no row. */
create function caller_of_session(by_token text, by_id text)
returns table (session_id text, user_id text, name text, email text, confirmed_at timestamptz, grants jsonb)
language sql stable security definer set search_path = public as $$
  select s.id, u.id, u.name, u.email, s.confirmed_at, grants_of(u.id)
  from user_session s join app_user u on u.id = s.user_id
  where (s.token = by_token or s.id = by_id) and s.expires_at > now() and u.disabled_at is null
$$;

create function has_users() returns boolean
language sql stable security definer set search_path = public
return exists (select from app_user);

-- Search ------------------------------------------------------------------------------------------------------
/* Groups of the caller's scope whose search text is like the pattern. `like` is not leakproof, so under row-level security the
   trigram index would never be used; here it is, and the scope is inside. */
create function groups_like(pattern text) returns setof int
language sql stable security definer rows 200 set search_path = public as $$
  select id from static_group
  where search_text like pattern
    and path >= nullif(current_setting('msp.scope', true), '') and path < nullif(current_setting('msp.scope_end', true), '')
$$;

-- Row-level security ------------------------------------------------------------------------------------------
-- The app role sees the subtree named by msp.scope … msp.scope_end, two byte-order bounds set for one transaction. nullif makes
-- it fail closed: after a transaction the settings read '' on a pooled connection, not NULL. The comparison is leakproof, so
-- the indexes are used. msp.identity opens who-is-who to the sign-in code, whose connections alone carry it.
-- The owner (migrations, and the functions above) and the sync role see everything by policy, for every table is FORCEd.
do $$
declare t text;
begin
  foreach t in array array['account', 'static_group', 'company', 'sync_run', 'group_event', 'tree_generation', 'permission_set',
    'user_grant', 'app_user', 'user_session', 'user_credential', 'user_verification'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy owner_all on %I to current_user using (true) with check (true)', t);
  end loop;
  foreach t in array array['account', 'static_group', 'company', 'sync_run', 'group_event', 'tree_generation'] loop
    execute format('create policy sync_all on %I to msp_console_sync using (true) with check (true)', t);
  end loop;
  foreach t in array array['app_user', 'user_session', 'user_credential', 'user_verification'] loop
    execute format($p$create policy identity on %I to msp_console_app using (current_setting('msp.identity', true) = 'on')
      with check (current_setting('msp.identity', true) = 'on')$p$, t);
  end loop;
end $$;

create policy in_scope on static_group to msp_console_app
  using (path >= nullif(current_setting('msp.scope', true), '') and path < nullif(current_setting('msp.scope_end', true), ''));

-- Tables beside the tree follow the group they belong to: the look at static_group is under its own policy.
create policy in_scope on company to msp_console_app using (exists (select from static_group g where g.id = group_id));
create policy in_scope on group_event to msp_console_app using (exists (select from static_group g where g.id = group_id));
create policy in_scope on tree_generation to msp_console_app using (exists (select from static_group g where g.id = group_id));

-- An account is known to whoever sees its root, and to whoever sees a part of its tree; what is shown of it differs. Its root
-- hangs under Companies always; an account without a root yet belongs to those who see Companies.
create policy in_scope on account to msp_console_app using (
  coalesce('/1/2/' || root_group_id || '/', '/1/2/') collate "C" >= nullif(current_setting('msp.scope', true), '')
    and coalesce('/1/2/' || root_group_id || '/', '/1/2/') collate "C" < nullif(current_setting('msp.scope_end', true), '')
  or starts_with(nullif(current_setting('msp.scope', true), ''), '/1/2/' || root_group_id || '/'));
create policy in_scope on sync_run to msp_console_app using (exists (select from account a where a.id = account_id));

-- Users live where their home group is.
create policy in_scope on app_user to msp_console_app using (
  exists (select from static_group g where g.id = home_group_id)
  or home_group_id is null and nullif(current_setting('msp.scope', true), '') = '/1/');
create policy in_scope on user_grant to msp_console_app using (
  exists (select from app_user u where u.id = user_id) and exists (select from static_group g where g.id = root_group_id));
create policy built_in on permission_set for select to msp_console_app using (key is not null);
create policy in_scope on permission_set to msp_console_app using (exists (select from static_group g where g.id = group_id));

-- Grants ------------------------------------------------------------------------------------------------------
grant select on permission_set, user_grant, tree_generation to msp_console_app;
grant insert, update, delete on permission_set, user_grant to msp_console_app;
grant usage on all sequences in schema public to msp_console_app;
-- The sealed password is the sync's alone.
revoke select on account from msp_console_app;
grant select (id, name, base_url, login, state, company_guid, root_group_id, calls_per_second, last_complete_at, connected_at,
  disconnected_at) on account to msp_console_app;
revoke execute on function raise_generations(int[]), add_to_counters(int[], int[]), grants_of(text), has_users(),
  caller_of_session(text, text), groups_like(text) from public;
grant execute on function raise_generations(int[]) to msp_console_app, msp_console_sync;
grant execute on function add_to_counters(int[], int[]), grants_of(text), has_users(), caller_of_session(text, text),
  groups_like(text) to msp_console_app;
