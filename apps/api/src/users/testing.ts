// A manager with a part below and a part beside, for the tests of this room.
import { createUser, listSets, type Args } from '@msp-console/contract'
import { fromHiddenId } from '../http/hidden.ts'
import { openMock, openTestApp } from '../testing.ts'

export type Parts = Awaited<ReturnType<typeof openParts>>

export async function openParts() {
  const t = await openTestApp()
  const mock = await openMock()
  await t.connect(mock)
  const { rows } = await t.owner.query<{ manager: string; below: string; customer: string; beside: string }>(
    `select m.id::text as manager, b.id::text as below, c.id::text as customer,
       (select id::text from static_group where name = 'Chytrá síť s.r.o.') as beside
     from static_group m join static_group b on b.parent_id = m.id and b.kind = 'managedMsp'
       join static_group c on c.parent_id = b.id and c.leaf
     where m.name = 'Vysočina IT Group' order by b.id, c.id limit 1`,
  )
  const place = rows[0]
  if (place === undefined) throw new Error('the world lacks a manager with a part')
  const { items } = await t.call(listSets)
  const sets = new Map(items.map(({ key, id }) => [key ?? '', id]))
  const boss = await t.actAs('mspManager', Number(place.manager))

  let count = 0
  const body = (changes: object = {}) => ({
    name: 'New',
    homeGroupId: place.below,
    disabled: false,
    grants: [] as { rootId: string; setId: string }[],
    ...changes,
  })
  /** Without what only an existing user has. */
  const newBody = (changes: object = {}): Args<typeof createUser>['body'] => {
    const { disabled: _, ...rest } = body(changes)
    return { email: `user-${(count += 1)}@console.example`, ...rest }
  }
  return {
    t,
    place,
    boss,
    body,
    newBody,
    /** Id of a built-in set. */
    set: (key: string) => sets.get(key) ?? '',
    idOf: async (email: string) => {
      const found = await t.owner.query<{ id: string }>('select id from app_user where email = $1', [email])
      return found.rows[0]?.id ?? ''
    },
    /** Past all rules. @param key of a built-in set, or the id of one */
    grantTo: (email: string, key: string, rootId: string) =>
      t.owner.query(
        `insert into user_grant (user_id, set_id, root_group_id)
         select u.id, s.id, $3 from app_user u, permission_set s where u.email = $1 and (s.key = $2 or s.id::text = $2)`,
        [email, key.includes('-') ? String(fromHiddenId('set', key)) : key, rootId],
      ),
    /** As the manager. */
    invite: (changes: object = {}) => boss.call(createUser, { body: newBody(changes) }),
    close: async () => {
      await t.close()
      await mock.close()
    },
  }
}
