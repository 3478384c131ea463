-- The first load: more is built after it, and what was built twice is built once.

-- Plain ASCII needs no rules of a language, and lower() by those of ICU costs twice as much.
create or replace function fold(value text) returns text
language sql immutable parallel safe -- not strict: a strict function is not inlined, and this one runs for every row
return case when octet_length(value) = length(value) then lower(value collate "C")
  else translate(lower(regexp_replace(normalize(value, nfkd), U&'[\0300-\036F]', '', 'g')), 'łøđðßıħ', 'loddsih') end;

-- One index answers both "this GUID in this account" and "this GUID anywhere": GUIDs come in no order, so each entry of a large
-- account touches a page of its own. Whoever wants a whole account reads the table.
alter table company drop constraint company_account_id_guid_key;
drop index company_by_guid;
create unique index company_by_guid on company (guid, account_id);

create or replace function mirror_drop_indexes() returns void
language plpgsql security definer set search_path = public as $$
begin
  if not mirror_is_empty() then raise exception 'indexes are dropped only while the mirror is empty'; end if;
  lock table company, static_group, group_event in access exclusive mode nowait; -- as before
  drop index if exists static_group_siblings, static_group_by_path, static_group_by_name, static_group_by_state, static_group_search,
    company_by_guid, group_event_by_group, group_event_by_run;
  alter table static_group drop constraint if exists static_group_parent;
  alter table company drop constraint if exists company_group, drop constraint if exists company_pkey;
  alter table group_event drop constraint if exists group_event_pkey;
exception when lock_not_available then null; -- with somebody in the way the load keeps its indexes and is slower
end $$;

-- Enough memory to sort a million rows, and for the trigrams to be gathered by two processes at once.
create or replace function mirror_create_indexes() returns void
language plpgsql security definer set search_path = public set maintenance_work_mem = '256MB' as $$
begin
  create index if not exists static_group_siblings on static_group (parent_id, leaf, name, id);
  create index if not exists static_group_by_path on static_group (path) include (kind, state);
  create index if not exists static_group_by_name on static_group (name, id) include (path, state) where leaf;
  create index if not exists static_group_by_state on static_group (state, name, id) include (path) where leaf;
  create index if not exists static_group_search on static_group using gin (search_text gin_trgm_ops);
  create unique index if not exists company_by_guid on company (guid, account_id);
  create index if not exists group_event_by_group on group_event (group_id, id desc);
  create index if not exists group_event_by_run on group_event (run_id, id) where run_id is not null;
  if not exists (select from pg_constraint where conname = 'company_pkey') then
    alter table company add constraint company_pkey primary key (group_id);
  end if;
  if not exists (select from pg_constraint where conname = 'group_event_pkey') then
    alter table group_event add constraint group_event_pkey primary key (id);
  end if;
  if not exists (select from pg_constraint where conname = 'static_group_parent') then
    alter table static_group add constraint static_group_parent foreign key (parent_id) references static_group;
  end if;
  if not exists (select from pg_constraint where conname = 'company_group') then
    alter table company add constraint company_group foreign key (group_id) references static_group on delete cascade;
  end if;
end $$;
