import { z } from 'zod'

/** Closed list: clients and tests switch on the code, never on text. */
export const PROBLEM_CODES = [
  'validation-failed',
  'malformed-body',
  'unsupported-media-type',
  'payload-too-large',
  'not-found',
  'method-not-allowed',
  'unauthenticated',
  'forbidden',
  'confirmation-required',
  'rights-exceeded',
  'email-taken',
  'set-in-use',
  'link-invalid',
  'code-wrong',
  'invalid-credentials',
  'setup-link-invalid',
  'too-many-requests',
  'conflict',
  'account-exists',
  'account-disconnected',
  'plan-stale',
  'plan-expired',
  'group-in-use',
  'password-refused',
  'source-unreachable',
  'source-rejected-credentials',
  'source-error',
  'address-not-allowed',
  'stale-cursor',
  'not-a-customer',
  'not-ready',
  'timeout',
  'internal',
] as const
export const ProblemCode = z.enum(PROBLEM_CODES)
export type ProblemCode = z.infer<typeof ProblemCode>

/** RFC 9457. `instance` is the request id; `errors[].pointer` says where, e.g. `/query/limit`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: ProblemCode,
  detail: z.string().optional(),
  instance: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
})
export type Problem = z.infer<typeof Problem>
