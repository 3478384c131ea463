-- A token is found by its hash alone: with a number in its text it would tell how many others there are.
create unique index api_token_by_hash on api_token (secret_hash);
drop function caller_of_token(int, bytea);
/* A token that has not expired, with its owner and what the owner may do now; or no row. */
create function caller_of_token(by_hash bytea)
returns table (token_id int, token_name text, rights jsonb, root_id int, path text, kind text, root_name text, unseen boolean,
  user_id text, name text, email text, two_factor boolean, grants jsonb)
language sql stable security definer set search_path = public as $$
  select t.id, t.name, jsonb_build_object('groups', t.groups, 'setup', t.setup, 'sync', t.sync, 'accounts', t.accounts,
      'users', t.users, 'audit', t.audit), g.id, g.path, g.kind::text, g.name,
    t.last_used_at is null or t.last_used_at < now() - interval '1 minute',
    u.id, u.name, u.email, u.two_factor_since is not null, grants_of(u.id)
  from api_token t join app_user u on u.id = t.user_id join static_group g on g.id = t.root_group_id
  where t.secret_hash = by_hash and t.expires_at > now() and u.disabled_at is null
$$;
revoke execute on function caller_of_token(bytea) from public;
grant execute on function caller_of_token(bytea) to msp_console_app;
