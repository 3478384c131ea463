import { z } from 'zod'

// The words of the product: kinds of group, which kind may sit under which, and the three facts behind a state icon.
// Nothing else may spell these words or decide these rules.

export const GROUP_KINDS = [
  'all',
  'companies',
  'lostAndFound',
  'unresolved',
  'staticGroup',
  'hq',
  'distributor',
  'division',
  'mspManager',
  'msp',
  'managedMsp',
  'customer',
  'unknown',
] as const
export const GroupKind = z.enum(GROUP_KINDS)
export type GroupKind = z.infer<typeof GroupKind>

export const Setup = z.enum(['none', 'done', 'skipped'])
export type Setup = z.infer<typeof Setup>

export const Presence = z.enum(['present', 'suspect', 'inaccessible', 'unlinked'])
export type Presence = z.infer<typeof Presence>

/** What the source says of a company; a code that nobody knows yet reads `unknown`, its number is kept beside it. */
export const SourceStatus = z.enum(['active', 'waiting', 'suspended', 'unknown'])
export type SourceStatus = z.infer<typeof SourceStatus>

/** The icon. Suspended is a badge beside it, not a state. */
export const CustomerState = z.enum(['notSetUp', 'normal', 'unlinked'])
export type CustomerState = z.infer<typeof CustomerState>

export function toState(kind: GroupKind, setup: Setup, presence: Presence): CustomerState {
  if (presence === 'unlinked') return 'unlinked'
  return kind === 'customer' && setup === 'none' ? 'notSetUp' : 'normal'
}

const KIND_BY_TYPE_CODE: Readonly<Record<number, GroupKind>> = {
  1001: 'hq',
  1002: 'distributor',
  1003: 'division',
  1004: 'mspManager',
  1005: 'msp',
  1006: 'managedMsp',
  1007: 'customer',
}

/** EMA entity type code → kind. Codes nobody knows yet become `unknown`: kept and shown, never dropped. */
export function toKind(typeCode: number): GroupKind {
  return KIND_BY_TYPE_CODE[typeCode] ?? 'unknown'
}

const STATUS_BY_CODE: Readonly<Record<number, SourceStatus>> = { 1: 'active', 2: 'waiting', 3: 'suspended' }

export function toSourceStatus(statusCode: number | null): SourceStatus {
  return statusCode === null ? 'unknown' : (STATUS_BY_CODE[statusCode] ?? 'unknown')
}

const CHILD_KINDS: Readonly<Partial<Record<GroupKind, readonly GroupKind[]>>> = {
  hq: ['distributor'],
  distributor: ['division', 'mspManager', 'msp'],
  division: ['mspManager', 'msp'],
  mspManager: ['managedMsp', 'customer'],
  msp: ['customer'],
  managedMsp: ['customer'],
}

/** Whether EMA documents this parent → child pair. A pair outside the list is kept, shown and flagged on the run. */
export function isKnownPair(parent: GroupKind, child: GroupKind): boolean {
  return CHILD_KINDS[parent]?.includes(child) ?? false
}

const NO_DECOMPOSITION: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ß: 's',
  ı: 'i',
  ħ: 'h',
}

const ASCII = /^[\0-\u007F]*$/

/** What search compares: no case, no diacritics. The database has the same function under the same name. */
export function fold(value: string): string {
  if (ASCII.test(value)) return value.toLowerCase()
  return value
    .normalize('NFKD')
    .replace(/[\u0300-\u036F]/g, '')
    .toLowerCase()
    .replace(/[łøđðßıħ]/g, (letter) => NO_DECOMPOSITION[letter] ?? letter)
}
