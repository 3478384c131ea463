import type { CustomerState, GroupKind } from '@msp-console/contract'
import { VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { KindIcon } from '../ui/kind-icon.tsx'

export interface StateIconProps {
  kind: GroupKind
  /** Customers always carry their badge, other companies only when removed. */
  state: CustomerState
  size?: number
  /** False where the words for kind and state stand beside the icon anyway. */
  labelled?: boolean
}

/** The icon of a group: kind by drawing, state by a badge, both in words for those who do not see it. */
export function StateIcon({ kind, state, size = 20, labelled = true }: StateIconProps) {
  const { t } = useTranslation()
  const badge = kind === 'customer' || state === 'unlinked' ? state : undefined
  const words = badge === undefined ? t(`kind.${kind}`) : `${t(`kind.${kind}`)}, ${t(`state.${badge}`)}`
  return (
    <span className="mc-state-icon" data-kind={kind} data-state={badge} title={labelled ? words : undefined}>
      <KindIcon kind={kind} state={badge} size={size} />
      {labelled && <VisuallyHidden>{words}</VisuallyHidden>}
    </span>
  )
}
