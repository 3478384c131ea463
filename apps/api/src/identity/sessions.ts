import { endSession, listSessions } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { personOf } from '../access/session.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'

interface SessionRecord {
  id: string
  created_at: string
  expires_at: string
  ip_address: string | null
  user_agent: string | null
}

export function serveSessions(app: FastifyInstance, identity: pg.Pool): void {
  serve(app, listSessions, async (_, request) => {
    const { id, sessionId } = personOf(request)
    const { rows } = await identity.query<SessionRecord>(
      `select id, created_at, expires_at, ip_address, user_agent from user_session
       where user_id = $1 and expires_at > now() and seen_at > now() - interval '30 minutes' order by created_at desc`,
      [id],
    )
    return {
      items: rows.map((row) => ({
        id: row.id,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        ipAddress: row.ip_address || null, // the library writes '' for unknown
        userAgent: row.user_agent || null,
        current: row.id === sessionId,
      })),
    }
  })

  serve(app, endSession, async ({ params }, request) => {
    const { id } = personOf(request)
    const ended = await identity.query('delete from user_session where id = $1 and user_id = $2', [params.id, id])
    if (ended.rowCount === 0) throw new ProblemError('not-found', 'There is no such session of yours.')
    return { ended: true as const }
  })
}
