import { Sign } from '../ui/icons.tsx'
import { Notice } from '../ui/pill.tsx'
import { ConfirmationCancelled } from './confirmation.ts'
import { toPasswordFailure } from './failure.ts'

interface FailureNoticeProps {
  error: Error | null
  /** Most forms ask for nothing of a login but the password. */
  toText?: (error: Error) => string
}

/** Why a form did not go through, in the form. Nothing is said to somebody who gave up on the password. */
export function FailureNotice({ error, toText = toPasswordFailure }: FailureNoticeProps) {
  if (error === null || error instanceof ConfirmationCancelled) return null
  return (
    <div role="alert">
      <Notice tone="gone" icon={<Sign name="error" size={18} />}>
        <p>{toText(error)}</p>
      </Notice>
    </div>
  )
}
