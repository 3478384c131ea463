import { listTokens, revokeToken, type ApiToken } from '@msp-console/contract'
import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { notify } from '../ui/notify.tsx'
import { FailureNotice } from '../domain/failure-notice.tsx'
import css from './profile.module.css'

export function RevokeDialog({ token, onClose }: { token: ApiToken | null; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={token !== null}
      onClose={onClose}
      title={<b>{t('profile.tokens.revokeTitle', { name: token?.name ?? '' })}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {token !== null && <Confirm token={token} onClose={onClose} />}
    </Modal>
  )
}

function Confirm({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const confirm = useConfirmation()
  const revoke = useMutation({
    mutationFn: () => confirm(() => call(revokeToken, { params: { id: token.id } })),
    onSuccess: () => {
      notify(t('profile.tokens.revoked', { name: token.name }), { closeLabel: t('action.close') })
      onClose()
    },
    onSettled: () => client.invalidateQueries({ queryKey: [listTokens.name] }),
  })
  return (
    <div className={css['form']}>
      <p>{t('profile.tokens.revokeText')}</p>
      <FailureNotice error={revoke.error} />
      <div className={css['formEnd']}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.cancel')}
        </Button>
        <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
          {t('profile.tokens.revoke')}
        </Button>
      </div>
    </div>
  )
}
