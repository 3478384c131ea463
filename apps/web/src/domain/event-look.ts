import type { EventKind } from '@msp-console/contract'
import type { SignName } from '../ui/icons.tsx'
import type { Tone } from '../ui/pill.tsx'

/** Sign and tone of each kind of event; the word or the sentence always stands beside them. */
export const EVENT_LOOK: Record<EventKind, { sign: SignName; tone: Tone }> = {
  created: { sign: 'plus', tone: 'accent' },
  renamed: { sign: 'info', tone: 'neutral' },
  moved: { sign: 'arrowRight', tone: 'neutral' },
  typeChanged: { sign: 'info', tone: 'neutral' },
  statusChanged: { sign: 'pause', tone: 'paused' },
  changed: { sign: 'info', tone: 'neutral' },
  suspected: { sign: 'clock', tone: 'stale' },
  unlinked: { sign: 'close', tone: 'gone' },
  restored: { sign: 'undo', tone: 'ok' },
  accessLost: { sign: 'clock', tone: 'stale' },
  held: { sign: 'pause', tone: 'paused' },
  rejected: { sign: 'undo', tone: 'neutral' },
  setup: { sign: 'check', tone: 'ok' },
  disconnected: { sign: 'disconnect', tone: 'gone' },
}
