import type { GroupKind } from '@msp-console/contract'
import i18next from 'i18next'

/** Groups of our own are named in the reader's language, companies by the source. A nameless company is called by its kind. */
export function toGroupName(group: { kind: GroupKind; name: string }): string {
  const ours =
    group.kind === 'all' || group.kind === 'companies' || group.kind === 'lostAndFound' || group.kind === 'unresolved'
  return ours || group.name.trim() === '' ? i18next.t(`kind.${group.kind}`) : group.name
}
