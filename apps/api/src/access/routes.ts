import { getSession, type GroupLink, type Session } from '@msp-console/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'
import { toId } from '../db/ids.ts'
import { serve } from '../http/serve.ts'
import { hasUsers } from './users.ts'
import type { Place } from './view.ts'

export interface Instance {
  mode: 'demo' | 'production'
  version: string
  collation: string
  /** Demo only: address of the mock. */
  demoSource: string | null
}

export function serveSession(app: FastifyInstance, pool: pg.Pool, instance: Instance): void {
  serve(app, getSession, async (_, request) => ({
    ...presentSession(request),
    instance: { ...instance, setupNeeded: request.signedIn === null && !(await hasUsers(pool)) },
  }))
}

function presentSession({ signedIn, caller }: FastifyRequest): Omit<Session, 'instance'> {
  return {
    user: signedIn && { id: signedIn.id, name: signedIn.name, email: signedIn.email, twoFactor: signedIn.twoFactor },
    view: caller && {
      root: presentPlace(caller.view.root),
      rights: caller.view.rights,
      roots: caller.view.roots.map(presentPlace),
      preview: caller.preview,
    },
    confirmedUntil: signedIn?.confirmedUntil ?? null,
  }
}

export function presentPlace({ rootId, kind, name }: Omit<Place, 'path'>): GroupLink {
  return { id: toId(rootId), kind, name }
}
