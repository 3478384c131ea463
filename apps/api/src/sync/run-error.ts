import { EmaError } from '@msp-console/ema'
import { REFUSED } from '../schedule/rule.ts'
import { RunLost } from './apply.ts'
import { OtherCompany } from './list.ts'

// Why a run failed, as a code that the console has words for.

export function toRunError(error: unknown, aborted: boolean): { code: string; detail: string } {
  // Before the rest: a run that is stopped fails in many ways.
  if (aborted) return { code: 'stopped', detail: 'The run was stopped before it applied anything.' }
  if (isRefused(error)) return { code: REFUSED, detail: error.message }
  // Signed in, and refused all the same: the password is not what is wrong.
  if (error instanceof EmaError && error.kind === 'unauthorized')
    return { code: 'session-refused', detail: error.message }
  if (error instanceof EmaError) return { code: error.kind, detail: error.message }
  if (error instanceof OtherCompany) return { code: 'other-company', detail: error.message }
  if (error instanceof RunLost) return { code: 'lost', detail: error.message }
  return {
    code: 'internal',
    detail: 'The run failed inside the console; its log has the details. Nothing was applied.',
  }
}

/** The source refused the password itself, which must not be sent again and again. */
export function isRefused(error: unknown): error is EmaError {
  return error instanceof EmaError && error.kind === 'unauthorized' && error.path === '/Token/Get'
}
