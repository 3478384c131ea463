/**
 * Writes the audit log: who did what to what, where in the tree, before and after, from where.
 * Invariant: an entry is written inside the transaction of what it tells, so what was rolled back was never told. It is append-only in
 * the database. Secrets never come here. A value in `before` or `after` that names a group carries its id as `groupId`: readers
 * whose view does not hold that group are not shown it.
 */
import type { AuditEntry } from '@msp-console/contract'
import type { FastifyRequest } from 'fastify'
import type pg from 'pg'
import { createInScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { EVERYTHING } from './scope.ts'
import { userOf } from './session.ts'

export interface Entry {
  /** Name of the operation in the contract. */
  action: string
  /** Default: done. */
  outcome?: AuditEntry['outcome']
  /** Where in the tree; has to be in the scope of the transaction, or to have been there: a path says where. */
  where: { groupId: number } | { path: string }
  /** In words: an e-mail address, the name of an account, of a set, of a customer. */
  target?: string | null
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
}

/** @param db inside the transaction of what is told, in the caller's scope */
export async function audit(db: Db, request: FastifyRequest, entry: Entry): Promise<void> {
  const { id, email, token } = userOf(request)
  const place = 'path' in entry.where ? [null, entry.where.path] : [entry.where.groupId, null]
  const { rowCount } = await db.query(
    `insert into audit_event (action, outcome, actor_id, actor, token, group_id, path, target, before, after, ip_address, request_id)
     select $1, $2, $3, $4, $5, g.id, g.path, $8, $9, $10, $11, $12 from static_group g where g.id = $6 or g.path = $7`,
    [
      entry.action,
      entry.outcome ?? 'done',
      id,
      email,
      token,
      ...place,
      entry.target ?? null,
      entry.before ?? null,
      entry.after ?? null,
      request.ip,
      request.id,
    ],
  )
  if (rowCount !== 1) throw new Error(`${entry.action}: the place of an audit entry is not in scope`)
}

/**
 * What people do to get in, or to prove that it is they: told where their home is. One statement, whether the address is known or
 * not; for an unknown one it writes nothing. Who failed is nobody who could be told: the address is the target only.
 * @param identity pool that may see users
 */
export async function auditIdentity(
  identity: pg.Pool,
  request: FastifyRequest,
  entry: {
    action: string
    outcome: AuditEntry['outcome']
    who: { email: string } | { id: string }
    after?: Record<string, unknown>
  },
): Promise<void> {
  await createInScope(identity)(EVERYTHING, (db) =>
    db.query(
      `insert into audit_event (action, outcome, actor_id, actor, group_id, path, target, after, ip_address, request_id)
       select $1, $2::audit_outcome, case $2::audit_outcome when 'failed' then null else u.id end, case $2::audit_outcome when 'failed' then null else u.email end, g.id, g.path,
         u.email, $3, $4, $5
       from app_user u join static_group g on g.id = coalesce(u.home_group_id, 1) where u.email = lower($6) or u.id = $7`,
      [
        entry.action,
        entry.outcome,
        entry.after ?? null,
        request.ip,
        request.id,
        'email' in entry.who ? entry.who.email : null,
        'id' in entry.who ? entry.who.id : null,
      ],
    ),
  )
}
