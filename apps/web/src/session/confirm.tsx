import { getSession } from '@msp-console/contract'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { ApiError } from '../api/call.ts'
import { ConfirmationCancelled, ConfirmationContext, type Confirm } from '../domain/confirmation.ts'

// One dialog for the whole console: asks for the password when a dangerous step needs it. Two steps that need it at the
// same time share one question. It knows nothing of the steps; they are repeated as they were.

const ConfirmDialog = lazy(async () => ({ default: (await import('./confirm-dialog.tsx')).ConfirmDialog }))

interface Question {
  answer: Promise<void>
  confirmed: () => void
  cancel: () => void
}

function createQuestion(): Question {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return { answer: promise, confirmed: resolve, cancel: () => reject(new ConfirmationCancelled()) }
}

const FOCUS_POLL_MS = 50
const FOCUS_PATIENCE_MS = 2_000

/**
 * To the control that began it, once it is there again: while it waits for its answer it is disabled, which takes the focus
 * from it, and the dialog has nobody to give it back to. Whoever has gone on meanwhile is left in peace.
 */
function giveFocusBack(element: Element | null): void {
  if (!(element instanceof HTMLElement)) return
  const until = Date.now() + FOCUS_PATIENCE_MS
  const timer = setInterval(() => {
    if (document.activeElement === document.body) element.focus()
    if (document.activeElement === element || !element.isConnected || Date.now() > until) clearInterval(timer)
  }, FOCUS_POLL_MS)
}

export function ConfirmationProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const asked = useRef<Question | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const [wanted, setWanted] = useState(false)

  const ask = useCallback((): Promise<void> => {
    asked.current ??= createQuestion()
    setQuestion(asked.current)
    setWanted(true)
    return asked.current.answer
  }, [])
  const close = useCallback((how: 'confirmed' | 'cancel'): void => {
    const open = asked.current
    asked.current = null
    setQuestion(null)
    open?.[how]()
  }, [])

  const confirm = useCallback<Confirm>(
    async (action) => {
      const began = document.activeElement
      try {
        return await action()
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'confirmation-required') throw error
      }
      try {
        await ask()
        return await action()
      } finally {
        giveFocusBack(began)
      }
    },
    [ask],
  )

  // Every open dialog listens for Escape at the window. This listener is there before all of them, so that Escape closes
  // the question and not also the dialog below it.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.isComposing || asked.current === null) return
      event.stopImmediatePropagation()
      close('cancel')
    }
    addEventListener('keydown', onKey, true)
    return () => removeEventListener('keydown', onKey, true)
  }, [close])

  return (
    <ConfirmationContext value={confirm}>
      {children}
      {wanted && (
        <Suspense>
          <ConfirmDialog
            opened={question !== null}
            onCancel={() => close('cancel')}
            onConfirmed={() => {
              void client.invalidateQueries({ queryKey: [getSession.name] })
              close('confirmed')
            }}
          />
        </Suspense>
      )}
    </ConfirmationContext>
  )
}
