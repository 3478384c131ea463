import { z } from 'zod'

// The words of rights: kinds of object, levels, and what the built-in permission sets are called. A right on a group covers
// its subtree; grants only add.

/** Each level includes those before it. */
export const RIGHT_LEVELS = ['none', 'read', 'use', 'write'] as const
export const RightLevel = z.enum(RIGHT_LEVELS)
export type RightLevel = z.infer<typeof RightLevel>

/**
 * groups: the tree and its companies · setup: marks of customers · sync: runs (use: start one, write: decide on held plans) ·
 * accounts: connected EMA accounts · users: users, sets and grants · audit: the audit log
 */
export const RIGHT_OBJECTS = ['groups', 'setup', 'sync', 'accounts', 'users', 'audit'] as const
export const RightObject = z.enum(RIGHT_OBJECTS)
export type RightObject = z.infer<typeof RightObject>

export const Rights = z.record(RightObject, RightLevel)
export type Rights = z.infer<typeof Rights>

export const NO_RIGHTS: Rights = {
  groups: 'none',
  setup: 'none',
  sync: 'none',
  accounts: 'none',
  users: 'none',
  audit: 'none',
}

/** Built-in sets by key; the UI names them. */
export const BUILT_IN_SETS = ['administrator', 'mspManager', 'mspAdmin', 'partner', 'customerViewer'] as const
export const BuiltInSet = z.enum(BUILT_IN_SETS)
export type BuiltInSet = z.infer<typeof BuiltInSet>

export function covers(rights: Rights, object: RightObject, level: RightLevel): boolean {
  return RIGHT_LEVELS.indexOf(rights[object]) >= RIGHT_LEVELS.indexOf(level)
}

/** The higher of two levels for each kind of object, or with `lower` the lower one. */
export function joinRights(a: Rights, b: Rights, pick: 'higher' | 'lower' = 'higher'): Rights {
  const joined = RIGHT_OBJECTS.map((object) => {
    const [low, high] = covers(a, object, b[object]) ? [b, a] : [a, b]
    return [object, (pick === 'higher' ? high : low)[object]] as const
  })
  return { ...NO_RIGHTS, ...Object.fromEntries(joined) }
}

/** What an operation asks of its caller. `open`: nothing; `signedIn`: a session, whatever its rights. */
export type Access =
  | 'open'
  | 'signedIn'
  | {
      object: RightObject
      level: Exclude<RightLevel, 'none'>
      /** True where the password must have been given within the last ten minutes. */
      fresh?: boolean
    }
