import { z } from 'zod'
import type { Access } from './rights.ts'

// One declaration per operation: the server parses requests and replies with it, the web client builds URLs and checks
// replies with it, the OpenAPI document is made of it.

// The console's policy forbids eval, and zod's try whether it is there counts as a violation. It tries while schemas are made,
// so this stands before the first object.
if ('document' in globalThis) z.config({ jitless: true })

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Shape = z.ZodObject
const Nothing = z.strictObject({})

export interface Endpoint<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  /** Unique, camelCase; the OpenAPI operationId and the first part of the client's query key. */
  name: string
  method: Method
  /** With `:id` for parameters, below `/api/v1`. */
  path: `/${string}`
  summary: string
  params: Params
  query: Query
  body: Body
  response: Response
  /** Status of success: 200, or 202 where the work goes on after the answer. */
  status: 200 | 202
  access: Access
  /** What the reply is: JSON that fits `response`, or a file of comma-separated values. */
  format: 'json' | 'csv'
}

interface Declaration<P extends Shape, Q extends Shape, B extends z.ZodType, R extends z.ZodType> {
  name: string
  method: Method
  path: `/${string}`
  summary: string
  params?: P
  query?: Q
  body?: B
  response: R
  status?: 200 | 202
  /** There is no default: an operation without a policy does not compile. */
  access: Access
  format?: 'json' | 'csv'
}

export function endpoint<
  R extends z.ZodType,
  P extends Shape = typeof Nothing,
  Q extends Shape = typeof Nothing,
  B extends z.ZodType = z.ZodUndefined,
>(declaration: Declaration<P, Q, B, R>): Endpoint<P, Q, B, R> {
  return {
    status: 200,
    format: 'json',
    ...declaration,
    // The defaults stand for "none declared"; the type parameters default to the same schemas.
    params: (declaration.params ?? Nothing) as P,
    query: (declaration.query ?? Nothing) as Q,
    body: (declaration.body ?? z.undefined()) as B,
  }
}

/** What a caller passes: the parts the endpoint declares. */
export interface Args<E extends Endpoint> {
  params: z.input<E['params']>
  query: z.input<E['query']>
  body: z.input<E['body']>
}

/** What a handler receives. */
export interface Received<E extends Endpoint> {
  params: z.output<E['params']>
  query: z.output<E['query']>
  body: z.output<E['body']>
}

export type Reply<E extends Endpoint> = z.output<E['response']>

/** Ids are integers in the database and strings on the wire. */
export const Id = z.string().regex(/^[1-9][0-9]{0,9}$/, 'an id is a whole number')
/** Of what counts across the whole instance: it says nothing, not even which of two is older. */
export const HiddenId = z.guid()
/** A group may also be named by its EMA GUID, or by the word `root`. */
export const GroupRef = z.union([Id, z.literal('root'), z.guid()])
export const Timestamp = z.iso.datetime({ offset: true })

/** A page of a list: keyset paging, `cursor` is opaque and belongs to the same filter and sort. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional(),
})

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().nonnegative() })
}
