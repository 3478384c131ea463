-- What administrators may end for users of their view; and what requests never needed to read.

/* Whether a user is at home in the caller's scope, as the policy of app_user says it. For functions of the owner, which policies
   do not hold. */
create function is_at_home_here(who text) returns boolean
language sql stable security definer set search_path = public as $$
  select exists (select from app_user u left join static_group h on h.id = u.home_group_id where u.id = who
    and (h.path >= nullif(current_setting('msp.scope', true), '') and h.path < nullif(current_setting('msp.scope_end', true), '')
      or u.home_group_id is null and nullif(current_setting('msp.scope', true), '') = '/1/'))
$$;

/* API tokens of a user of the view, as far as their roots lie in it: others are not told, as grants elsewhere are not. */
create function tokens_of_user(who text)
returns table (id int, name text, rights jsonb, created_at timestamptz, expires_at timestamptz, last_used_at timestamptz,
  root_id int, root_kind group_kind, root_name text)
language sql stable security definer set search_path = public as $$
  select t.id, t.name, jsonb_build_object('groups', t.groups, 'setup', t.setup, 'sync', t.sync, 'accounts', t.accounts,
      'users', t.users, 'audit', t.audit), t.created_at, t.expires_at, t.last_used_at, g.id, g.kind, g.name
  from api_token t join static_group g on g.id = t.root_group_id
  where t.user_id = who and is_at_home_here(who)
    and g.path >= nullif(current_setting('msp.scope', true), '') and g.path < nullif(current_setting('msp.scope_end', true), '')
  order by t.id desc
$$;

/* Ends one token of a user of the view, or all of them, also those elsewhere; only names of those in view come back. */
create function end_tokens_of(who text, which int) returns setof text
language sql security definer set search_path = public as $$
  with ended as (
    delete from api_token t using static_group g where g.id = t.root_group_id and t.user_id = who and is_at_home_here(who)
      and (which is null or t.id = which and g.path >= nullif(current_setting('msp.scope', true), '')
        and g.path < nullif(current_setting('msp.scope_end', true), ''))
    returning t.name, g.path)
  select name from ended
  where path >= nullif(current_setting('msp.scope', true), '') and path < nullif(current_setting('msp.scope_end', true), '')
$$;

/* Ends the second factor of a user of the view. Whether there was one. */
create function end_two_factor_of(who text) returns boolean
language sql security definer set search_path = public as $$
  with secrets as (delete from user_totp where user_id = who and is_at_home_here(who)),
    codes as (delete from recovery_code where user_id = who and is_at_home_here(who)),
    ended as (update app_user set two_factor_since = null
      where id = who and two_factor_since is not null and is_at_home_here(who) returning 1)
  select exists (select from ended)
$$;

/* As before, and of users of the view only, whoever asks. */
create or replace function end_sessions_of(who text) returns int
language sql security definer set search_path = public as $$
  with ended as (delete from user_session where user_id = who and is_at_home_here(who) returning 1)
  select count(*)::int from ended
$$;

revoke execute on function is_at_home_here(text), tokens_of_user(text), end_tokens_of(text, int), end_two_factor_of(text) from public;
grant execute on function tokens_of_user(text), end_tokens_of(text, int), end_two_factor_of(text) to msp_console_app;

-- Which migrations were applied is the owner's business. Prisma keeps the table elsewhere while it compares schemas.
do $$ begin
  if to_regclass('public._prisma_migrations') is not null then
    revoke all on _prisma_migrations from public, msp_console_app, msp_console_sync;
  end if;
end $$;
