import type { ClientBase } from 'pg'

// What a plan means for history: one statement that turns plan rows into events. A run writes them to the history, a preview
// and a hold keep them as plan items; so what was announced and what is applied cannot differ.

/**
 * Of the temporary table `plan`, and of the mirror for names of parents that this plan leaves alone. To be asked before the
 * plan is written. Parents are named as they will be.
 */
export const EVENTS = `
  select p.id, 'created'::event_kind as kind, null::jsonb as before, jsonb_build_object('name', p.name) as after, p.guid::text as aim
  from plan p where p.is_new and p.guid is not null
  union all
  select p.id, e.kind, e.before, e.after, e.aim
  from plan p
  left join static_group o on o.id = p.old_parent_id
  left join static_group n on n.id = p.parent_id
  left join plan np on np.id = p.parent_id
  cross join lateral (
    select jsonb_object_agg(field, before) as before, jsonb_object_agg(field, after) as after
    from (values ('email', p.old_email, p.email), ('vatId', p.old_vat_id, p.vat_id),
      ('customIdentifier', p.old_custom_identifier, p.custom_identifier),
      ('description', p.old_description, p.description)) v (field, before, after)
    where before is distinct from after) d
  cross join lateral (values
    ('restored'::event_kind, p.presence = 'present' and p.old_presence <> 'present',
      jsonb_build_object('presence', p.old_presence), jsonb_build_object('presence', p.presence), ''),
    ('renamed', p.name <> p.old_name, jsonb_build_object('name', p.old_name), jsonb_build_object('name', p.name), p.name),
    ('moved', p.parent_id is distinct from p.old_parent_id and not p.is_missing,
      jsonb_build_object('parent', o.name, 'parentId', o.id::text),
      jsonb_build_object('parent', coalesce(np.name, n.name), 'parentId', p.parent_id::text), coalesce(p.parent_guid::text, '')),
    ('typeChanged', p.type_code <> p.old_type_code,
      jsonb_build_object('kind', p.old_kind, 'typeCode', p.old_type_code), jsonb_build_object('kind', p.kind, 'typeCode', p.type_code),
      p.type_code::text),
    ('statusChanged', p.status_code is distinct from p.old_status_code and not p.is_missing,
      jsonb_build_object('sourceStatus', p.old_source_status, 'statusCode', p.old_status_code),
      jsonb_build_object('sourceStatus', p.source_status, 'statusCode', p.status_code), coalesce(p.status_code::text, '')),
    ('changed', d.after is not null, d.before, d.after, d.after::text),
    ('suspected', p.presence = 'suspect' and p.old_presence = 'present',
      jsonb_build_object('presence', p.old_presence), jsonb_build_object('presence', p.presence), ''),
    ('accessLost', p.presence = 'inaccessible' and p.old_presence <> 'inaccessible',
      jsonb_build_object('presence', p.old_presence), jsonb_build_object('presence', p.presence), ''),
    ('unlinked', p.presence = 'unlinked' and p.old_presence <> 'unlinked',
      jsonb_build_object('presence', p.old_presence), jsonb_build_object('presence', p.presence), '')
  ) e (kind, happened, before, after, aim)
  where not p.is_new and e.happened`

/** @param actor e-mail of whoever decided; null = the source */
export async function writeEvents(client: ClientBase, runId: number, actor: string | null): Promise<void> {
  await client.query(
    `insert into group_event (group_id, run_id, kind, before, after, actor) select id, $1, kind, before, after, $2 from (${EVENTS}) e`,
    [runId, actor],
  )
}
