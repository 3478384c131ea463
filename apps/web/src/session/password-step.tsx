import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { signIn } from '../api/auth.ts'
import { FailureNotice } from '../domain/failure-notice.tsx'
import { toFailureText } from '../domain/failure.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { Notice } from '../ui/pill.tsx'
import css from './session.module.css'

/** Published with the demo, printed at every start of it. */
const DEMO = { email: 'admin@demo.example', password: 'demo-Password-1' }

interface PasswordStepProps {
  /** Filled in already, or empty. */
  email: string
  isDemo: boolean
  onDone: (next: Awaited<ReturnType<typeof signIn>>) => void | Promise<void>
}

export function PasswordStep({ email: known, isDemo, onDone }: PasswordStepProps) {
  const { t } = useTranslation()
  const submit = useRef<HTMLButtonElement>(null)
  const form = useForm({
    initialValues: { email: known, password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? t('session.required') : null),
      password: (value) => (value === '' ? t('session.required') : null),
    },
  })
  const enter = useMutation({
    mutationFn: async ({ email, password }: typeof form.values) => onDone(await signIn(email.trim(), password)),
  })
  const fill = (): void => {
    form.setValues(DEMO)
    submit.current?.focus()
  }
  return (
    <>
      {isDemo && (
        <Notice tone="accent" icon={<Sign name="info" size={18} />}>
          <p>
            <b>{t('session.demoTitle')}.</b> {t('session.demoText', { email: DEMO.email })}{' '}
            <code className={css['password']}>{DEMO.password}</code>
          </p>
          <Button size="compact-sm" variant="default" onClick={fill} mt={8}>
            {t('session.demoFill')}
          </Button>
        </Notice>
      )}
      <form
        className={css['form']}
        noValidate
        onSubmit={form.onSubmit(
          (values) => enter.mutate(values),
          (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
        )}
      >
        <FailureNotice error={enter.error} toText={toFailureText} />
        <TextInput
          label={t('session.email')}
          type="email"
          autoComplete="username"
          size="md"
          // The one thing to do here. What stands above is a hint.
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- see the line above
          autoFocus={known === ''}
          {...form.getInputProps('email')}
        />
        <PasswordField
          label={t('session.password')}
          autoComplete="current-password"
          size="md"
          {...form.getInputProps('password')}
        />
        <BusyButton ref={submit} type="submit" size="md" fullWidth busy={enter.isPending}>
          {t('session.signIn')}
        </BusyButton>
      </form>
    </>
  )
}
