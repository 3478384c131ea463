import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { MOD_KEY } from './mod-key.ts'

const PLAIN_MS = 6_000
/** Long enough to read, to decide, and to get there with the keyboard; hovering stops the clock. */
const UNDO_MS = 20_000

interface Undo {
  label: string
  run: () => void
}

const shown = new Set<string>()
let pending: { id: string; run: () => void } | null = null

/** Runs the newest undo still on screen. False when there is none. */
export function runLatestUndo(): boolean {
  if (pending === null) return false
  const { id, run } = pending
  pending = null
  notifications.hide(id)
  run()
  return true
}

export interface NotifyOptions {
  undo?: Undo
  tone?: 'plain' | 'error'
  closeLabel: string
  /** A later message with the same key takes the place of the former one. */
  key?: string
}

/** A message that goes away by itself; with `undo` it stays longer and offers a button (also Ctrl/Cmd-Z). */
export function notify(words: string, options: NotifyOptions): void {
  const { undo, tone = 'plain' } = options
  const id = options.key ?? `n${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`
  if (undo !== undefined) pending = { id, run: undo.run }
  const message = {
    id,
    color: tone === 'error' ? 'red' : 'petrol',
    autoClose: tone === 'error' ? 12_000 : undo === undefined ? PLAIN_MS : UNDO_MS,
    role: tone === 'error' ? 'alert' : 'status',
    closeButtonProps: { 'aria-label': options.closeLabel },
    onClose: () => {
      shown.delete(id)
      if (pending?.id === id) pending = null
    },
    message:
      undo === undefined ? (
        words
      ) : (
        <span className="mc-undo">
          <span>{words}</span>
          <Button size="compact-sm" variant="light" onClick={runLatestUndo} aria-keyshortcuts="Control+Z Meta+Z">
            {undo.label} <kbd>{`${MOD_KEY} Z`}</kbd>
          </Button>
        </span>
      ),
  } as const // the role is one of two words
  if (shown.has(id)) notifications.update(message)
  else notifications.show(message)
  shown.add(id)
}
