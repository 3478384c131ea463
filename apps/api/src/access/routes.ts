import { getSession } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { serve } from '../http/serve.ts'
import { hasUsers } from './users.ts'

export interface Instance {
  mode: 'demo' | 'production'
  version: string
  collation: string
  /** Demo only: address of the mock. */
  demoSource: string | null
}

export function serveSession(app: FastifyInstance, pool: pg.Pool, instance: Instance): void {
  serve(app, getSession, async (_, request) => {
    const { signedIn } = request
    return {
      user: signedIn && { id: signedIn.id, name: signedIn.name, email: signedIn.email },
      instance: { ...instance, setupNeeded: signedIn === null && !(await hasUsers(pool)) },
    }
  })
}
