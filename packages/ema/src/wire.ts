// What EMA 2 says on the wire. Unknown fields and codes never fail; what we rely on (ids, names, wrappers) is strict.
// A page is parsed here only down to its rows: one bad row must not cost the other 99 (see company-row.ts).
import { z } from 'zod'
import { cutName, toCamelKeys, toGuid, toSafeText } from './text.ts'

/** Most rows a page may have; EMA refuses a larger `take`. */
export const PAGE_MOST = 100

const camel = <S extends z.ZodType>(schema: S) => z.preprocess(toCamelKeys, schema)

export const guidSchema = z.unknown().transform((value, context) => {
  const guid = toGuid(value)
  if (guid !== null) return guid
  context.addIssue({ code: 'custom', message: 'not a GUID' })
  return z.NEVER
})

/** Known text, `null` = known to be empty, `undefined` = not said (or said in a way we cannot read). */
export type KnownText = string | null | undefined

const TEXT_MOST = 65_536

export function toKnownText(value: unknown): KnownText {
  if (value === null || value === '') return null
  return typeof value === 'string' && value.length <= TEXT_MOST ? toSafeText(value) : undefined
}

export const knownText = z.unknown().optional().transform(toKnownText)

/** Ten times the largest account thought of. Work is planned by the total, so an absurd one must not be believed. */
const COUNT_MOST = 10_000_000

/** A count that may arrive as a numeric string; anything else (negative, missing, float, absurd) is `null`. */
const count = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,12}$/)])
  .transform(Number)
  .pipe(z.number().max(COUNT_MOST))
  .nullable()
  .catch(null)

const paging = camel(z.object({ totalCount: count.default(null) })).catch({ totalCount: null })

export const tokenReply = camel(
  z.object({
    accessToken: z.string().min(1).max(16_384),
    refreshToken: z.string().min(1).max(16_384).optional().catch(undefined),
    /** Seconds. No page documents it, some clients look for it. */
    expiresIn: z.number().positive().optional().catch(undefined),
  }),
)

const companyRef = camel(
  z.object({
    companyId: guidSchema.optional().catch(undefined),
    publicId: guidSchema.optional().catch(undefined),
    id: guidSchema.optional().catch(undefined),
    name: z.string().transform(toSafeText).transform(cutName).optional().catch(undefined),
    type: z.unknown().optional(),
  }),
).transform(({ companyId, publicId, id, name, type }) => ({ guid: companyId ?? publicId ?? id, name, type }))

export const currentUserReply = camel(
  z.object({
    id: z.string().optional().catch(undefined),
    email: knownText,
    firstName: knownText,
    lastName: knownText,
    company: companyRef,
  }),
)

export const childrenReply = camel(z.object({ companies: z.array(z.unknown()), paging: paging.optional() }))
export const searchReply = camel(z.object({ search: z.array(z.unknown()), paging: paging.optional() }))

const tag = z.union([z.string(), camel(z.object({ tag: z.string() })).transform((item) => item.tag)])
const address = camel(
  z.object({ countryCode: knownText, state: knownText, city: knownText, streetAddress: knownText, zipCode: knownText }),
)

export const detailReply = camel(
  z.looseObject({
    ancestor: companyRef.nullable().optional().catch(undefined),
    comment: knownText,
    address: address.nullable().optional().catch(undefined),
    tags: z.array(tag).optional().catch(undefined),
    created: z.string().optional().catch(undefined),
    lastUpdate: z.string().optional().catch(undefined),
  }),
)

export const entityTypesReply = z.preprocess(
  (value) => (Array.isArray(value) ? { entityTypes: value } : toCamelKeys(value)),
  z.object({
    entityTypes: z.array(camel(z.object({ id: z.coerce.number(), name: z.string() }))),
  }),
)

/** Create calls are said to answer with the new company's id; its property name is not documented. */
export const createdReply = companyRef.refine((reply) => reply.guid !== undefined, 'no id of the new company')

/** Suspend and Unsuspend answer with an operation id: a bare string or a property. */
export const operationStartedReply = z.preprocess(
  (value) => (typeof value === 'string' ? { operationId: value } : toCamelKeys(value)),
  z
    .object({ operationId: guidSchema.optional().catch(undefined), id: guidSchema.optional().catch(undefined) })
    .transform((reply) => reply.operationId ?? reply.id)
    .refine((id) => id !== undefined, 'no operation id'),
)

/** The values of a state are not documented, so it is passed on as it came. */
export const operationReply = camel(z.object({ state: z.union([z.number(), z.string()]) }))

export const errorReply = camel(
  z.object({
    code: z.number().optional().catch(undefined),
    subCode: z.number().optional().catch(undefined),
    message: z.unknown().optional(),
  }),
)
