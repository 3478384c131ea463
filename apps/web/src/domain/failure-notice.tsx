import { Sign } from '../ui/icons.tsx'
import { Notice } from '../ui/pill.tsx'
import { ConfirmationCancelled } from './confirmation.ts'
import { toFailureText } from './failure.ts'

/** Why a form did not go through, in the form. Nothing is said to somebody who gave up on the password. */
export function FailureNotice({ error }: { error: Error | null }) {
  if (error === null || error instanceof ConfirmationCancelled) return null
  return (
    <div role="alert">
      <Notice tone="gone" icon={<Sign name="error" size={18} />}>
        <p>{toFailureText(error)}</p>
      </Notice>
    </div>
  )
}
