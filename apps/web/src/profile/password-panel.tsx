import { changePassword, listSessions } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError, call } from '../api/call.ts'
import { formatNumber } from '../i18n/format.ts'
import { notify } from '../ui/notify.tsx'
import { Panel } from '../ui/panel.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { FailureNotice } from '../domain/failure-notice.tsx'
import css from './profile.module.css'

const PASSWORD_LEAST = 12

export function PasswordPanel({ email }: { email: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const form = useForm({
    initialValues: { current: '', next: '' },
    validate: {
      current: (value) => (value === '' ? t('session.required') : null),
      next: (value, { current }) => {
        if (value.length < PASSWORD_LEAST) return t('session.passwordShort')
        return value === current ? t('profile.password.same') : null
      },
    },
  })
  const change = useMutation({
    mutationFn: (values: typeof form.values) => call(changePassword, { body: values }),
    onSuccess: ({ endedSessions: count }) => {
      notify(t('profile.password.done', { count, shown: formatNumber(count) }), { closeLabel: t('action.close') })
      form.reset()
      void client.invalidateQueries({ queryKey: [listSessions.name] })
    },
    onError: (error) => {
      // Its length was looked at here: what the server minds is that it is known or easy to guess.
      if (error instanceof ApiError && error.code === 'validation-failed')
        form.setFieldError('next', t('profile.password.weak'))
    },
  })
  const failure = change.error instanceof ApiError && change.error.code === 'validation-failed' ? null : change.error
  return (
    <Panel title={t('profile.password.title')}>
      <form className={css['form']} noValidate onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <FailureNotice error={failure} />
        {/* For password managers: whose password this is. */}
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <PasswordField
          label={t('profile.password.current')}
          autoComplete="current-password"
          {...form.getInputProps('current')}
        />
        <PasswordField
          label={t('profile.password.next')}
          description={t('session.passwordHint')}
          autoComplete="new-password"
          {...form.getInputProps('next')}
        />
        <div className={css['formEnd']}>
          <span className="mc-dim">{t('profile.password.ends')}</span>
          <Button type="submit" loading={change.isPending}>
            {t('profile.password.action')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
