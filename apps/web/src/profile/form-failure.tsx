import { ConfirmationCancelled } from '../domain/confirmation.ts'
import { toPasswordFailure } from '../domain/failure.ts'
import { Sign } from '../ui/icons.tsx'
import { Notice } from '../ui/pill.tsx'

/** Why a form did not go through. Nothing is said to somebody who gave up on the password. */
export function FormFailure({ error }: { error: Error | null }) {
  if (error === null || error instanceof ConfirmationCancelled) return null
  return (
    <div role="alert">
      <Notice tone="gone" icon={<Sign name="error" size={18} />}>
        <p>{toPasswordFailure(error)}</p>
      </Notice>
    </div>
  )
}
