-- One sealed text that is known: a start with another SECRET_KEY is told at once, not at the next sync. For the sync role
-- alone, as the sealed passwords are.
create table secret_check (
  id int primary key check (id = 1),
  sealed bytea not null
);
alter table secret_check enable row level security;
alter table secret_check force row level security;
create policy owner_all on secret_check to current_user using (true) with check (true);
create policy sync_all on secret_check to msp_console_sync using (true) with check (true);
grant select, insert, update on secret_check to msp_console_sync;
revoke all on secret_check from msp_console_app;
