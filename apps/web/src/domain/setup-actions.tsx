import type { Setup } from '@msp-console/contract'
import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { Can } from './can.tsx'
import { useSetup } from './use-setup.ts'

export interface SetupActionsProps {
  id: string
  name: string
  setup: Setup
  size?: 'sm' | 'compact-sm'
  /** Second: something else on the screen matters more now. */
  rank?: 'first' | 'second'
}

/** Set up and skip are of equal rank; what is marked already can be taken back. Nothing for those who may not mark. */
export function SetupActions(props: SetupActionsProps) {
  return (
    <Can object="setup" level="write">
      <Actions {...props} />
    </Can>
  )
}

function Actions({ id, name, setup, size = 'sm', rank = 'first' }: SetupActionsProps) {
  const { t } = useTranslation()
  const change = useSetup()
  const mark = (state: Setup): void => change.mutate({ state, target: { ids: [id] } })
  if (setup !== 'none') {
    return (
      <BusyButton
        size={size}
        variant="default"
        leftSection={<Sign name="undo" size={15} />}
        busy={change.isPending}
        onClick={() => mark('none')}
        aria-label={t('setup.resetOne', { name })}
      >
        {t('setup.markNone')}
      </BusyButton>
    )
  }
  return (
    <Group gap={6} wrap="nowrap">
      <BusyButton
        size={size}
        variant={rank === 'second' ? 'default' : size === 'sm' ? 'filled' : 'light'}
        leftSection={<Sign name="check" size={15} />}
        busy={change.isPending}
        onClick={() => mark('done')}
        aria-label={t('setup.setUpOne', { name })}
      >
        {t('setup.setUp')}
      </BusyButton>
      <BusyButton
        size={size}
        variant="default"
        leftSection={<Sign name="skip" size={15} />}
        busy={change.isPending}
        onClick={() => mark('skipped')}
        aria-label={t('setup.skipOne', { name })}
      >
        {t('setup.skip')}
      </BusyButton>
    </Group>
  )
}
