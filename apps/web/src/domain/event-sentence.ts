import { GroupKind, Presence, Setup, SourceStatus, type EventKind, type GroupEvent } from '@msp-console/contract'
import i18next from 'i18next'

type Told = Pick<GroupEvent, 'kind' | 'before' | 'after'>

/** One event as a sentence in the reader's language, without who and when. Unknown fields are named as they came. */
export function toEventSentence({ kind, before, after }: Told): string {
  const { t } = i18next
  const pair = (field: string) => ({ before: toValue(field, before?.[field]), after: toValue(field, after?.[field]) })
  switch (kind) {
    case 'created':
      return typeof after?.['name'] === 'string' ? t('events.created', pair('name')) : t('events.createdPlain')
    case 'renamed':
      return t('events.renamed', pair('name'))
    case 'moved':
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
    default:
      return t(`events.${kind}`)
  }
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

/** A value as people read it: words of ours translated, nothing known as "unknown", an empty text as "empty". */
export function toValue(field: string, value: string | number | null | undefined): string {
  const { t } = i18next
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
