import type { Setup } from '@msp-console/contract'
import { Button, Group, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { useSetup, type SetupTarget } from './use-setup.ts'

/** As many as the server can name for undoing. */
const UNDO_MOST = 1000

export interface SetupConfirmProps {
  opened: boolean
  onClose: () => void
  state: Setup
  count: number
  target: SetupTarget
  /** What "everything" means where no filter is on screen. */
  whole?: string
  onDone?: () => void
}

/** Says in numbers what a change of several customers does, and what it does not do. */
export function SetupConfirm({ opened, onClose, state, count, target, whole, onDone }: SetupConfirmProps) {
  const { t } = useTranslation()
  const change = useSetup()
  const confirm = (): void =>
    change.mutate(
      { state, target },
      {
        onSuccess: () => {
          onClose()
          onDone?.()
        },
      },
    )
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={<b>{t('setup.confirm.title', { count })}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <p className="mc-strong">{t(`setup.confirm.${state}`, { count, shown: formatNumber(count) })}</p>
      {'filter' in target && <p>{whole ?? t('setup.confirm.all')}</p>}
      <p className="mc-dim">
        {t('setup.confirm.not')} {count > UNDO_MOST ? t('setup.confirm.noUndo') : t('setup.confirm.undo')}
      </p>
      <Group justify="flex-end" mt="lg" gap={8}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.cancel')}
        </Button>
        <BusyButton onClick={confirm} busy={change.isPending}>
          {t(state === 'done' ? 'setup.markDone' : state === 'skipped' ? 'setup.markSkipped' : 'setup.markNone')}
        </BusyButton>
      </Group>
    </Modal>
  )
}
