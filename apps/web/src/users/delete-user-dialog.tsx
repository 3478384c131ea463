import type { User } from '@msp-console/contract'
import { Button, Group, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import css from './users.module.css'

interface DeleteUserDialogProps {
  user: User
  opened: boolean
  busy: boolean
  onClose: () => void
  onConfirm: () => void
}

/** What deleting does, what it does not do, and what to do instead. */
export function DeleteUserDialog({ user, opened, busy, onClose, onConfirm }: DeleteUserDialogProps) {
  const { t } = useTranslation()
  const { length } = user.grants
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={520}
      title={<b>{t('users.deleteTitle', { name: user.name })}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className={css['consequences']}>
        <h3>{t('users.deleteWill')}</h3>
        <ul>
          <li>{t('users.deleteSessions')}</li>
          <li>{t('users.deleteGrants', { count: length, shown: formatNumber(length) })}</li>
          <li>{t('users.deleteTokens')}</li>
        </ul>
        <h3>{t('users.deleteNot')}</h3>
        <ul>
          <li>{t('users.deleteHistory')}</li>
        </ul>
        {!user.disabled && <p className="mc-dim">{t('users.deleteInstead')}</p>}
        <Group justify="flex-end" gap={8} mt="lg">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('action.cancel')}
          </Button>
          <Button color="red" loading={busy} onClick={onConfirm}>
            {t('users.deleteAction')}
          </Button>
        </Group>
      </div>
    </Modal>
  )
}
