/**
 * Lets better-auth keep sessions without keeping their tokens: what is stored and looked for is the SHA-256 of the token, what
 * comes back is the token that was given. So a copy of the table signs nobody in.
 */
import { createHash } from 'node:crypto'
import type { prismaAdapter } from 'better-auth/adapters/prisma'

type AdapterFactory = ReturnType<typeof prismaAdapter>
type Adapter = ReturnType<AdapterFactory>
type Where = NonNullable<Parameters<Adapter['findMany']>[0]['where']>

export function toTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

export function withHashedTokens(open: AdapterFactory): AdapterFactory {
  return (options) => hashTokens(open(options))
}

function hashTokens(adapter: Adapter): Adapter {
  return {
    ...adapter,
    create: async (args) => restore(await adapter.create(toStored(args, 'data')), tokenOf(args, 'data')),
    findOne: async (args) => restore(await adapter.findOne(toWanted(args)), wantedToken(args)),
    findMany: (args) => adapter.findMany(toWanted(args)),
    count: (args) => adapter.count(toWanted(args)),
    update: async (args) => restore(await adapter.update(toStored(toWanted(args), 'update')), wantedToken(args)),
    updateMany: (args) => adapter.updateMany(toStored(toWanted(args), 'update')),
    delete: (args) => adapter.delete(toWanted(args)),
    deleteMany: (args) => adapter.deleteMany(toWanted(args)),
    transaction: (work) => adapter.transaction((inner) => work({ ...hashTokens({ ...adapter, ...inner }) })),
  }
}

function tokenOf(args: { model: string }, part: string): string | undefined {
  const values = (args as Record<string, unknown>)[part] // the library's own argument objects
  const token = typeof values === 'object' && values !== null && 'token' in values ? values.token : undefined
  return args.model === 'session' && typeof token === 'string' ? token : undefined
}

function toStored<T extends { model: string }>(args: T, part: 'data' | 'update'): T {
  const token = tokenOf(args, part)
  if (token === undefined) return args
  const values = (args as Partial<Record<string, unknown>>)[part]
  return { ...args, [part]: { ...(values as object), token: toTokenHash(token) } } // an object, for it holds the token
}

function wantedToken(args: { model: string; where?: Where | undefined }): string | undefined {
  const value = args.where?.find(({ field }) => field === 'token')?.value
  return args.model === 'session' && typeof value === 'string' ? value : undefined
}

function toWanted<T extends { model: string; where?: Where | undefined }>(args: T): T {
  if (args.model !== 'session' || args.where === undefined) return args
  const where = args.where.map((each) => {
    if (each.field !== 'token') return each
    const { value } = each
    if (Array.isArray(value)) return { ...each, value: value.map((token) => toTokenHash(String(token))) }
    return { ...each, value: toTokenHash(String(value)) }
  })
  return { ...args, where }
}

function restore<T>(row: T, token: string | undefined): T {
  return token === undefined || typeof row !== 'object' || row === null ? row : { ...row, token }
}
