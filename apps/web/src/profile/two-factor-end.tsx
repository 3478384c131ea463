import { endTwoFactor, getSession } from '@msp-console/contract'
import { Button, Modal } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { notify } from '../ui/notify.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { FailureNotice } from '../domain/failure-notice.tsx'
import css from './profile.module.css'

export function TwoFactorEnd({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={<b>{t('profile.twoFactor.endTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <EndForm onClose={onClose} />
    </Modal>
  )
}

function EndForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const confirm = useConfirmation()
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value === '' ? t('session.required') : null) },
  })
  const end = useMutation({
    mutationFn: (body: typeof form.values) => confirm(() => call(endTwoFactor, { body })),
    onSuccess: async () => {
      notify(t('profile.twoFactor.offDone'), { closeLabel: t('action.close') })
      await client.invalidateQueries({ queryKey: [getSession.name] })
      onClose()
    },
  })
  return (
    <form className={css['form']} noValidate onSubmit={form.onSubmit((values) => end.mutate(values))}>
      <p>{t('profile.twoFactor.endText')}</p>
      <FailureNotice error={end.error} />
      <PasswordField
        label={t('profile.twoFactor.password')}
        autoComplete="current-password"
        data-autofocus
        {...form.getInputProps('password')}
      />
      <div className={css['formEnd']}>
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" color="red" loading={end.isPending}>
          {t('profile.twoFactor.end')}
        </Button>
      </div>
    </form>
  )
}
