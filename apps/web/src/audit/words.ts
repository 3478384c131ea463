import { type AuditEntry, GroupKind, RehearsalName, RightLevel, RightObject, Setup } from '@msp-console/contract'
import i18next from 'i18next'
import { toFieldName } from '../domain/event-sentence.ts'
import { toIntervalWords } from '../domain/freshness.ts'
import { formatNumber } from '../i18n/format.ts'

// Entries are written by the server of today and read for years: whatever has no word here is shown as it came.

type Key = 'audit.actions.signIn' // stands for any key that was just seen to exist

const known = (key: string): key is Key => i18next.exists(key)

export function toActionName(action: string): string {
  const key = `audit.actions.${action}`
  return known(key) ? i18next.t(key) : action
}

/** What it was done to. Rehearsals have no name but that of the operation; everything else is called what people call it. */
export function toTarget({ action, target }: Pick<AuditEntry, 'action' | 'target'>): string | null {
  if (action !== 'startRehearsal') return target
  if (target === 'restore') return i18next.t('rehearsal.restore')
  const name = RehearsalName.safeParse(target)
  return name.success ? i18next.t(`rehearsal.${name.data}.title`) : target
}

/** Name of a field: that of the audit log, of a kind of right, else the one that the history of groups has for it. */
export function toField(action: string, field: string): string {
  const right = isAboutRights(action) ? `rights.object.${field}` : ''
  const own = `audit.fields.${field}`
  return known(right) ? i18next.t(right) : known(own) ? i18next.t(own) : toFieldName(field)
}

/** A value of any shape, one line for each part of a list. Nothing reads as a dash. */
export function toLines(action: string, field: string, value: unknown): string[] {
  const { t } = i18next
  if (field === 'intervalSeconds' && (value === null || typeof value === 'number')) return [toIntervalWords(value)]
  if (value === null || value === undefined || value === '') return ['–']
  if (typeof value === 'boolean') return [value ? t('audit.yes') : t('audit.no')]
  if (typeof value === 'string') return [toWord(action, field, value)]
  if (Array.isArray(value)) {
    const lines = (value as unknown[]).flatMap((each) => toLines(action, field, each))
    return lines.length === 0 ? ['–'] : lines
  }
  if (typeof value === 'number') return [formatNumber(value)]
  if (typeof value === 'object') return toObjectLines(action, value)
  return [JSON.stringify(value)]
}

function toObjectLines(action: string, value: object): string[] {
  if ('set' in value && 'root' in value) {
    const ours = toOurs(value)
    const [set, root] = [
      toLines(action, 'set', value.set),
      ours === null ? toLines(action, 'root', value.root) : [ours],
    ]
    return [i18next.t('audit.grant', { set: set.join(' '), root: root.join(' ') })]
  }
  const parts = Object.entries(value).filter(([name]) => !isId(name))
  const [only] = parts
  if (parts.length === 1 && only?.[0] === 'name') return [toOurs(value) ?? toLines(action, 'name', only[1])].flat()
  return parts.map(([name, inner]) => `${toField(action, name)}: ${toLines(action, name, inner).join(', ')}`)
}

/** Groups that no source has named have the same ids in every database, and their names here. */
const OURS: ReadonlyMap<unknown, GroupKind> = new Map([
  [1, 'all'],
  [2, 'companies'],
  [3, 'lostAndFound'],
])

function toOurs(value: object): string | null {
  const kind = 'groupId' in value ? OURS.get(value.groupId) : undefined
  return kind === undefined ? null : i18next.t(`kind.${kind}`)
}

/** Ids stand behind names that are told anyway; a VAT id is not one of them. */
export function isId(field: string): boolean {
  return /(^id|Ids?)$/.test(field) && field !== 'vatId'
}

/** There `setup: none` is a level, elsewhere a mark. */
function isAboutRights(action: string): boolean {
  return /(Set|Token)$/.test(action)
}

function toWord(action: string, field: string, value: string): string {
  const { t } = i18next
  const level = RightLevel.safeParse(value)
  if (level.success && isAboutRights(action) && RightObject.safeParse(field).success)
    return t(`rights.level.${level.data}`)
  const setup = Setup.safeParse(value)
  if (setup.success && (field === 'setup' || field === 'state')) return t(`setupState.${setup.data}`)
  const kind = GroupKind.safeParse(value)
  if (kind.success && field === 'kind') return t(`kind.${kind.data}`)
  const key = field === 'kind' ? `audit.kinds.${value}` : field === 'set' ? `rights.set.${value}` : ''
  return known(key) ? t(key) : value
}
