import { z } from 'zod'
import { Run } from './runs.ts'

/** Messages of `GET /api/v1/events` (server-sent events, one JSON object per `data:` line). */
export const LiveEvent = z.discriminatedUnion('type', [
  /** The tree changed: ask for it again with its ETag. */
  z.object({ type: z.literal('tree'), generation: z.string() }),
  /** A run started, moved on or ended. */
  z.object({ type: z.literal('run'), run: Run }),
  /** Accounts were connected or disconnected. */
  z.object({ type: z.literal('accounts') }),
])
export type LiveEvent = z.infer<typeof LiveEvent>
