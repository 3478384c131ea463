// What the invariants are shown of one step: the database before and after it, the source's truth, and what it was heard to say.
import type { Truth } from './oracle.ts'
import type { Run, Snapshot } from './snapshot.ts'
import type { Witness } from './source.ts'

/** What a step says of itself. */
export interface Done {
  words: string
  /** One whole run of a source that answers honestly and stands still. */
  isClean?: boolean
  isLocal?: boolean
  isTime?: boolean
  /** What the source left out could not be told from what is gone. */
  isPerfectLie?: boolean
}

export interface Scene {
  before: Snapshot
  after: Snapshot
  witness: Witness
  /** What the login may see now. */
  truth: ReadonlyMap<string, Truth>
  /** Companies that the login saw from the beginning of the step to its end. */
  seen: ReadonlySet<string>
  /** Companies that existed from the beginning of the step to its end. */
  existing: ReadonlySet<string>
  /** An earlier complete listing, long enough before, did not name this company. */
  wasAbsentBefore: (guid: string, runId: number) => boolean
  /** Runs that this step began. */
  runs: readonly Run[]
  /** No fault, nothing that moved, one whole run: the mirror must show what the source shows. */
  isClean: boolean
  /** Somebody marks customers in this step. */
  isLocal: boolean
  /** Only time passed, which the simulation does by rewriting moments. */
  isTime: boolean
  isPerfectLie: boolean
  refusedSincePassword: number
  logged: readonly string[]
  tokens: ReadonlySet<string>
}

/** Says in sentences what does not hold. */
export type Invariant = (scene: Scene) => string[]
