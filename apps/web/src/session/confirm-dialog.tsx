import { confirmSession } from '@msp-console/contract'
import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { sessionQuery } from '../api/queries.ts'
import { FailureNotice } from '../domain/failure-notice.tsx'
import { PasswordField } from '../ui/password-field.tsx'

import css from './session.module.css'

interface ConfirmDialogProps {
  opened: boolean
  onCancel: () => void
  onConfirmed: () => void
}

/** Above every other dialog and whatever drops out of one. */
const ON_TOP = 500

export function ConfirmDialog({ opened, onCancel, onConfirmed }: ConfirmDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onCancel}
      closeOnEscape={false}
      zIndex={ON_TOP}
      size={440}
      title={<b>{t('session.confirm.title')}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <ConfirmForm onCancel={onCancel} onConfirmed={onConfirmed} />
    </Modal>
  )
}

function ConfirmForm({ onCancel, onConfirmed }: Omit<ConfirmDialogProps, 'opened'>) {
  const { t } = useTranslation()
  const { data: session } = useQuery(sessionQuery())
  const user = session?.user ?? null
  const withCode = user?.twoFactor === true
  const form = useForm({
    initialValues: { password: '', code: '' },
    validate: {
      password: (value) => (value === '' ? t('session.required') : null),
      code: (value) => (withCode && value.trim() === '' ? t('session.required') : null),
    },
  })
  const confirm = useMutation({
    mutationFn: ({ password, code }: typeof form.values) =>
      call(confirmSession, { body: { password, ...(withCode ? { code: code.trim() } : {}) } }),
    onSuccess: onConfirmed,
  })
  return (
    <form
      className={css['form']}
      noValidate
      onSubmit={(event) => {
        // In React's tree the dialog may stand inside the form that asked.
        event.stopPropagation()
        form.onSubmit((values) => confirm.mutate(values))(event)
      }}
    >
      <p className={css['lead']}>{t('session.confirm.lead')}</p>
      <FailureNotice error={confirm.error} />
      {/* For password managers: whose password is asked for. */}
      <input type="hidden" autoComplete="username" value={user?.email ?? ''} readOnly />
      <PasswordField
        label={t('session.confirm.password', { email: user?.email ?? '' })}
        autoComplete="current-password"
        data-autofocus
        {...form.getInputProps('password')}
      />
      {withCode && (
        <TextInput
          label={t('session.code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={20}
          {...form.getInputProps('code')}
        />
      )}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" loading={confirm.isPending}>
          {t('session.confirm.action')}
        </Button>
      </Group>
    </form>
  )
}
