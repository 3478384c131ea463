import {
  EVENT_KINDS,
  GroupKind,
  Presence,
  Setup,
  SourceStatus,
  type EventKind,
  type GroupEvent,
} from '@msp-console/contract'
import i18next from 'i18next'

type Told = Pick<GroupEvent, 'kind' | 'before' | 'after'> & Partial<Pick<GroupEvent, 'outside'>>

/** One event as a sentence in the reader's language, without who and when. Unknown fields are named as they came. */
export function toEventSentence({ kind, before, after, outside = false }: Told): string {
  const { t } = i18next
  const pair = (field: string) => ({
    before: toValue(field, before?.[field], outside),
    after: toValue(field, after?.[field], outside),
  })
  switch (kind) {
    case 'created':
      return typeof after?.['name'] === 'string' ? t('events.created', pair('name')) : t('events.createdPlain')
    case 'renamed':
      return t('events.renamed', pair('name'))
    case 'moved':
      if (outside) return toMoveAcross({ before, after })
      return typeof after?.['parent'] === 'string' ? t('events.moved', pair('parent')) : t('events.movedPlain')
    case 'typeChanged':
      return t('events.typeChanged', pair(before?.['kind'] === after?.['kind'] ? 'typeCode' : 'kind'))
    case 'statusChanged':
      return t(
        'events.statusChanged',
        pair(before?.['sourceStatus'] === after?.['sourceStatus'] ? 'statusCode' : 'sourceStatus'),
      )
    case 'changed':
      return toChanged({ kind, before, after })
    case 'setup':
      return t(`events.${SETUP[String(after?.['setup'])] ?? 'setupNone'}`)
    case 'held':
    case 'rejected':
      return t(`events.${kind}`, { change: toChange(after?.['change']) })
    default:
      return t(`events.${kind}`)
  }
}

function toChange(value: unknown): string {
  const kind = EVENT_KINDS.find((each) => each === value)
  return kind === undefined ? '' : i18next.t(`events.kind.${kind}`)
}

const SETUP: Readonly<Record<string, 'setupDone' | 'setupSkipped'>> = { done: 'setupDone', skipped: 'setupSkipped' }

function toChanged({ before, after }: Told): string {
  const { t } = i18next
  const fields = changedFields(before, after)
  const [field] = fields
  if (field === undefined) return t('events.changedPlain')
  if (fields.length > 1) return t('events.changedSeveral', { fields: fields.map(toFieldName).join(', ') })
  return t('events.changed', {
    field: toFieldName(field),
    before: toValue(field, before?.[field]),
    after: toValue(field, after?.[field]),
  })
}

/** A former or later parent that lies outside the view has no name here: the server leaves it empty. */
function toMoveAcross({ before, after }: Pick<Told, 'before' | 'after'>): string {
  const [from, to] = [before?.['parent'], after?.['parent']]
  if (typeof to === 'string') return i18next.t('rights.movedIn', { after: to })
  return typeof from === 'string' ? i18next.t('rights.movedOut', { before: from }) : i18next.t('rights.movedOutside')
}

/** Who did it, in words after a moment: the source, a person, or somebody whom this view may not know. */
export function toActor({
  actor,
  outside,
  before,
  after,
}: Pick<GroupEvent, 'actor' | 'outside' | 'before' | 'after'>): string {
  const { t } = i18next
  if (actor !== null) return t('events.by', { actor })
  const parentHidden = [before, after].some(
    (values) => values !== null && 'parent' in values && values['parent'] === null,
  )
  return outside && !parentHidden ? t('rights.byOutside') : t('events.bySource')
}

/** Names of the fields that differ; ids behind names are left out, the name says it. */
export function changedFields(before: Told['before'], after: Told['after']): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names]
    .filter((name) => !name.endsWith('Id') || name === 'vatId')
    .filter((name) => before?.[name] !== after?.[name])
}

export function toFieldName(field: string): string {
  const key = `events.field.${field}`
  // The key is made of what the server sent: it may be a field that this console does not know.
  return i18next.exists(key) ? i18next.t(key as 'events.field.name') : field
}

/**
 * A value as people read it: words of ours translated, nothing known as "unknown", an empty text as "empty".
 * @param outside the event leaves out what lies outside the view
 */
export function toValue(field: string, value: string | number | null | undefined, outside = false): string {
  const { t } = i18next
  if (outside && field === 'parent' && value === null) return t('rights.outside')
  if (value === null || value === undefined) return t('unknown')
  if (value === '') return t('groups.emptyValue')
  if (field === 'kind') return toWord(GroupKind, value, (word) => t(`kind.${word}`))
  if (field === 'sourceStatus') return toWord(SourceStatus, value, (word) => t(`sourceStatus.${word}`))
  if (field === 'setup') return toWord(Setup, value, (word) => t(`setupState.${word}`))
  if (field === 'presence') return toWord(Presence, value, (word) => t(`presence.${word}`))
  return String(value)
}

interface Vocabulary<Word extends string> {
  safeParse(value: unknown): { success: true; data: Word } | { success: false }
}

function toWord<Word extends string>(
  words: Vocabulary<Word>,
  value: string | number,
  say: (word: Word) => string,
): string {
  const known = words.safeParse(value)
  return known.success ? say(known.data) : String(value)
}

export function toEventKindName(kind: EventKind): string {
  return i18next.t(`events.kind.${kind}`)
}
