-- When each inner group's subtree was last changed, so that a reader can be told what is new since they last asked.

-- The transaction that raised it. Readers keep the oldest transaction that was still under way when they read; whatever was raised by
-- that one or a later one may be new to them. A number of the whole database, so it never leaves the server in the clear.
alter table tree_generation add column raised_in xid8 not null default pg_current_xact_id();

create or replace function raise_generations(ids int[]) returns void
language sql security definer set search_path = public as $$
  insert into tree_generation (group_id, generation)
  select id, 1 from (
    select distinct unnest(string_to_array(trim(both '/' from g.path), '/')::int[]) as id
    from static_group g where g.id = any(ids)) above
  order by id
  on conflict (group_id) do update set generation = tree_generation.generation + 1, raised_in = pg_current_xact_id()
$$;
