// What this room needs of a source, so that it knows no client of any. The composition root brings the real one.
import { ProblemError } from '../http/problem.ts'

export interface SourceCredentials {
  /** Origin. */
  baseUrl: string
  login: string
  password: string
}

/** What the source says of the login's own company. */
export interface Probed {
  companyName: string
  companyGuid: string
  typeCode: number | undefined
  visible: number | null
  strategy: 'flat' | 'breadthFirst'
}

/** Asks the source once, and changes nothing there. Rejects with a SourceFailure. */
export type Probe = (credentials: SourceCredentials, signal: AbortSignal) => Promise<Probed>

export class SourceFailure extends Error {
  override readonly name = 'SourceFailure'
  readonly kind: 'unreachable' | 'refused' | 'rejected' | 'error'

  constructor(kind: SourceFailure['kind'], cause: unknown) {
    super(`the source is no use: ${kind}`, { cause })
    this.kind = kind
  }
}

const PROBLEMS = {
  unreachable: ['source-unreachable', 'Nothing answers at this address; check it and the network.'],
  refused: ['address-not-allowed', 'This address leads to no public one, or to a host that may not be asked.'],
  rejected: ['source-rejected-credentials', 'The source does not accept this login and password.'],
  error: ['source-error', 'The source answered, but not as EMA 2 does; try again later or check the address.'],
} as const

/** Runs a probe for at most 12 s and turns its failures into problems. */
export async function probeSource(probe: Probe, credentials: SourceCredentials): Promise<Probed> {
  try {
    return await probe(credentials, AbortSignal.timeout(12_000))
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error
    const [code, detail] = PROBLEMS[error.kind]
    throw new ProblemError(code, detail, { cause: error.cause })
  }
}
