// The rows and the ways of asking that the tests of row-level security share.
import { rangeOf } from '../db/scoped.ts'

export const OWN = '/1/2/10/11/'
export const FOREIGN = '/1/2/20/21/'

/** Two accounts (roots 10 and 20), an MSP below each (11, 21) with two customers, and one row of everything beside each. */
export const WORLD = `
  insert into account (id, name, base_url, login, company_guid, root_group_id) overriding system value
    select n, 'a' || n, 'http://x', 'l' || n, gen_random_uuid(), n from unnest(array[10, 20]) n;
  insert into static_group (id, parent_id, account_id, kind, name, path, depth, search_text)
    select n, 2, n, 'distributor'::group_kind, 'g' || n, '/1/2/' || n || '/', 2, 'g' from unnest(array[10, 20]) n
    union all select n + 1, n, n, 'msp', 'g' || n + 1, '/1/2/' || n || '/' || n + 1 || '/', 3, 'g' from unnest(array[10, 20]) n
    union all select n + 1 + c, n + 1, n, 'customer', 'g' || n + 1 + c, '/1/2/' || n || '/' || n + 1 || '/' || n + 1 + c || '/', 4, 'g'
      from unnest(array[10, 20]) n, generate_series(1, 2) c;
  insert into company (group_id, account_id, guid, type_code) select id, account_id, gen_random_uuid(), 1007 from static_group where account_id is not null;
  insert into sync_run (account_id, trigger, status) select id, 'manual', 'succeeded' from account;
  insert into group_event (group_id, kind) select id, 'created' from static_group where account_id is not null;
  insert into tree_generation (group_id, generation) select id, 1 from static_group where account_id is not null and not leaf;
  insert into plan_item (run_id, account_id, preview, kind, anchor_id, company_kind, name, aim) select r.id, g.account_id, false, 'unlinked', g.id, g.kind,
    g.name, '' from static_group g join sync_run r on r.account_id = g.account_id;
  insert into app_user (id, name, email, home_group_id) select 'u' || id, 'u', 'u' || id || '@x.example', id from static_group where account_id is not null;
  insert into app_user (id, name, email) values ('lost', 'lost', 'lost@x.example');
  insert into permission_set (name, group_id) select 's', id from static_group where account_id is not null;
  insert into user_grant (user_id, set_id, root_group_id) select 'u' || g.id, s.id, g.id from static_group g, permission_set s
    where g.account_id is not null and s.key = 'partner';
  insert into user_session (id, user_id, token, expires_at) select 's' || id, id, 't' || id, now() + interval '1 h' from app_user;
  insert into user_credential (id, user_id, account_id, provider_id) select 'c' || id, id, id, 'credential' from app_user;
  insert into user_verification (id, identifier, value, expires_at) values ('v', 'v', 'v', now() + interval '1 h');`

export type Settings = readonly [scope: string, end: string] | null
export const CONTEXTS: Record<string, { before?: Settings; now: Settings; sees: 'nothing' | 'own' | 'foreign' }> = {
  none: { now: null, sees: 'nothing' },
  empty: { now: ['', ''], sees: 'nothing' },
  malformed: { now: ['not a path', 'not a path0'], sees: 'nothing' },
  '%': { now: ['%', '%'], sees: 'nothing' },
  '/': { now: ['/', '/'], sees: 'nothing' },
  foreign: { now: rangeOf(FOREIGN), sees: 'foreign' },
  own: { now: rangeOf(OWN), sees: 'own' },
  'after a committed transaction': { before: rangeOf('/1/'), now: null, sees: 'nothing' },
}
