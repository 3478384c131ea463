-- Identity: guesses are counted, sessions idle out, links set passwords, second factors, API tokens.

-- Guesses ------------------------------------------------------------------------------------------------------
create table sign_in_attempt (
  key bytea primary key,                         -- HMAC of what is guessed at: addresses that nobody has are not kept in words
  taken int not null,
  blocked_until timestamptz not null,
  last_at timestamptz not null
);
create index sign_in_attempt_by_age on sign_in_attempt (last_at);

-- Users and sessions -------------------------------------------------------------------------------------------
alter table app_user
  add column two_factor_since timestamptz,       -- null: the password alone signs in
  add column last_sign_in_at timestamptz;
create unique index user_credential_once on user_credential (user_id, provider_id);

alter table user_session add column seen_at timestamptz not null default now(); -- to the minute
-- Whoever reads the table cannot use what stands there: the cookie holds the token, the table its SHA-256.
update user_session set token = encode(sha256(convert_to(token, 'UTF8')), 'hex');

drop function caller_of_session(text, text);
/* The owner of a session that lives, or no row. */
create function caller_of_session(by_token text, by_id text)
returns table (session_id text, user_id text, name text, email text, two_factor boolean, confirmed_at timestamptz, unseen boolean,
  grants jsonb)
language sql stable security definer set search_path = public as $$
  select s.id, u.id, u.name, u.email, u.two_factor_since is not null, s.confirmed_at, s.seen_at < now() - interval '1 minute',
    grants_of(u.id)
  from user_session s join app_user u on u.id = s.user_id
  where (s.token = encode(sha256(convert_to(by_token, 'UTF8')), 'hex') or s.id = by_id)
    and s.expires_at > now() and s.seen_at > now() - interval '30 minutes' and u.disabled_at is null
$$;

create function touch_session(by_id text) returns void
language sql security definer set search_path = public
begin atomic
  update user_session set seen_at = now() where id = by_id and seen_at < now() - interval '1 minute';
end;

-- Links to set a password ----------------------------------------------------------------------------------------
create table user_link (
  token_hash bytea primary key,                  -- SHA-256 of 256 random bits
  user_id text not null references app_user on delete cascade,
  kind text not null check (kind in ('invite', 'reset')),
  created_by text not null,                      -- e-mail
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check (expires_at <= created_at + case kind when 'invite' then interval '24 hours' else interval '30 minutes' end)
);
create index user_link_by_user on user_link (user_id);

-- Second factor ----------------------------------------------------------------------------------------------------
create table user_totp (
  user_id text primary key references app_user on delete cascade,
  sealed bytea not null,
  confirmed_at timestamptz,                      -- null: no code has proved yet that the secret arrived
  last_step bigint not null default 0            -- a code of this step or an earlier one is worth nothing
);
create table recovery_code (
  user_id text not null references app_user on delete cascade,
  hash bytea not null,                           -- SHA-256 of 80 random bits
  primary key (user_id, hash)
);

-- API tokens -------------------------------------------------------------------------------------------------------
create table api_token (
  id int generated always as identity primary key,
  user_id text not null references app_user on delete cascade,
  name text not null,
  secret_hash bytea not null,                    -- SHA-256 of 256 random bits
  root_group_id int not null references static_group on delete cascade,
  groups right_level not null,
  setup right_level not null,
  sync right_level not null,
  accounts right_level not null,
  users right_level not null,
  audit right_level not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,                      -- to the minute
  check (expires_at <= created_at + interval '365 days')
);
create index api_token_by_user on api_token (user_id);
create index api_token_by_root on api_token (root_group_id);

/* A token that has not expired, with its owner and what the owner may do now; or no row. */
create function caller_of_token(by_id int, by_hash bytea)
returns table (token_id int, token_name text, rights jsonb, root_id int, path text, kind text, root_name text, unseen boolean,
  user_id text, name text, email text, two_factor boolean, grants jsonb)
language sql stable security definer set search_path = public as $$
  select t.id, t.name, jsonb_build_object('groups', t.groups, 'setup', t.setup, 'sync', t.sync, 'accounts', t.accounts,
      'users', t.users, 'audit', t.audit), g.id, g.path, g.kind::text, g.name,
    t.last_used_at is null or t.last_used_at < now() - interval '1 minute',
    u.id, u.name, u.email, u.two_factor_since is not null, grants_of(u.id)
  from api_token t join app_user u on u.id = t.user_id join static_group g on g.id = t.root_group_id
  where t.id = by_id and t.secret_hash = by_hash and t.expires_at > now() and u.disabled_at is null
$$;

create function touch_token(by_id int) returns void
language sql security definer set search_path = public
begin atomic
  update api_token set last_used_at = now()
  where id = by_id and (last_used_at is null or last_used_at < now() - interval '1 minute');
end;

-- Row-level security -------------------------------------------------------------------------------------------------
do $$
declare t text;
begin
  foreach t in array array['sign_in_attempt', 'user_link', 'user_totp', 'recovery_code', 'api_token'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy owner_all on %I to current_user using (true) with check (true)', t);
    execute format($p$create policy identity on %I to msp_console_app using (current_setting('msp.identity', true) = 'on')
      with check (current_setting('msp.identity', true) = 'on')$p$, t);
  end loop;
end $$;
-- Who may change a user may give that user a link; the look at app_user is under its own policy.
create policy in_scope on user_link to msp_console_app using (exists (select from app_user u where u.id = user_id));

grant select, insert, delete, update (taken, blocked_until, last_at) on sign_in_attempt to msp_console_app;
grant select, insert, delete, update (used_at) on user_link to msp_console_app;
grant select, insert, delete, update (sealed, confirmed_at, last_step) on user_totp to msp_console_app;
grant select, insert, delete on recovery_code, api_token to msp_console_app;
grant usage on sequence api_token_id_seq to msp_console_app;
revoke execute on function caller_of_session(text, text), touch_session(text), caller_of_token(int, bytea), touch_token(int)
  from public;
grant execute on function caller_of_session(text, text), touch_session(text), caller_of_token(int, bytea), touch_token(int)
  to msp_console_app;
