import { z } from 'zod'
import { endpoint, HiddenId } from './endpoint.ts'
import { GroupLink } from './groups.ts'
import { BuiltInSet, Rights } from './rights.ts'

/** Built-in sets have a key and are named by the UI; others belong to a group and have a name. */
export const SetLink = z.object({ id: HiddenId, key: BuiltInSet.nullable(), name: z.string() })
export type SetLink = z.infer<typeof SetLink>

/** The set of a grant. Id and name are empty where the set belongs to a group above the view. */
export const GrantedSet = SetLink.extend({ id: z.union([HiddenId, z.literal('')]) })
export type GrantedSet = z.infer<typeof GrantedSet>

export const PermissionSet = SetLink.extend({
  /** Where the set belongs; null for built-in ones, which cannot be changed. */
  group: GroupLink.nullable(),
  rights: Rights,
  /** Grants that use it, as far as they are in view. */
  grants: z.number().int(),
})
export type PermissionSet = z.infer<typeof PermissionSet>

const SetBody = z.strictObject({ name: z.string().trim().min(1).max(200), rights: Rights })

export const listSets = endpoint({
  name: 'listSets',
  access: { object: 'users', level: 'read' },
  method: 'GET',
  path: '/permission-sets',
  summary: 'Built-in permission sets and those in view',
  response: z.object({ items: z.array(PermissionSet) }),
})

/** Nobody hands out more than they have: levels above the caller's own are refused. */
export const createSet = endpoint({
  name: 'createSet',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'POST',
  path: '/permission-sets',
  summary: 'Make a permission set that belongs to the root of the view',
  body: SetBody,
  response: PermissionSet,
})

export const updateSet = endpoint({
  name: 'updateSet',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'PUT',
  path: '/permission-sets/:id',
  summary: 'Change name and levels of a permission set; every grant of it follows at once',
  params: z.strictObject({ id: HiddenId }),
  body: SetBody,
  response: PermissionSet,
})

export const deleteSet = endpoint({
  name: 'deleteSet',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'DELETE',
  path: '/permission-sets/:id',
  summary: 'Remove a permission set that no grant uses',
  params: z.strictObject({ id: HiddenId }),
  response: z.object({ deleted: z.literal(true) }),
})
