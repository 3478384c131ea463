import { type Account, changeAccountPassword, listAccounts, listRuns } from '@msp-console/contract'
import { Button, Group, Modal } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { toFailureText } from '../domain/failure.ts'
import { FailureNotice } from '../domain/failure-notice.tsx'
import { BusyButton } from '../ui/busy-button.tsx'
import { notify } from '../ui/notify.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import css from './accounts.module.css'

/** Another password for a connected account. It goes in and is never shown; EMA has to accept it first. */
export function PasswordDialog({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={account !== null}
      onClose={onClose}
      size={480}
      title={<b>{t('accounts.password.title', { name: account?.name ?? '' })}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {account !== null && <PasswordForm account={account} onClose={onClose} />}
    </Modal>
  )
}

function PasswordForm({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const withConfirmation = useConfirmation()
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value === '' ? t('accounts.form.required') : null) },
  })
  const change = useMutation({
    mutationFn: (body: typeof form.values) =>
      withConfirmation(() => call(changeAccountPassword, { params: { id: account.id }, body })),
    onSuccess: async ({ name }) => {
      notify(t('accounts.password.done', { name }), { closeLabel: t('action.close') })
      onClose()
      await client.invalidateQueries({ queryKey: [listAccounts.name] })
      void client.invalidateQueries({ queryKey: [listRuns.name] })
    },
  })
  return (
    <form
      className={css['form']}
      noValidate
      onSubmit={form.onSubmit(
        (values) => change.mutate(values),
        () => form.getInputNode('password')?.focus(),
      )}
    >
      <p className="mc-dim">{t('accounts.password.lead')}</p>
      <PasswordField
        label={t('accounts.password.label')}
        description={t('accounts.password.login', { login: account.login ?? '' })}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('password')}
      />
      <div aria-live="polite">
        <FailureNotice error={change.error} toText={toFailureText} />
      </div>
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <BusyButton type="submit" busy={change.isPending}>
          {t('accounts.password.action')}
        </BusyButton>
      </Group>
    </form>
  )
}
