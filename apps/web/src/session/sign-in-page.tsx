import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { signIn } from '../api/auth.ts'
import { sessionQuery } from '../api/queries.ts'
import { toFailureText } from '../domain/failure.ts'
import { toSafeNext } from '../paths.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { PageTitle } from '../ui/page.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { Notice } from '../ui/pill.tsx'
import { Gate } from './gate.tsx'
import css from './session.module.css'

/** Published with the demo, printed at every start of it. */
const DEMO = { email: 'admin@demo.example', password: 'demo-Password-1' }

export function SignInPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const { data: session } = useQuery(sessionQuery())
  const submit = useRef<HTMLButtonElement>(null)
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? t('session.required') : null),
      password: (value) => (value === '' ? t('session.required') : null),
    },
  })
  const enter = useMutation({
    mutationFn: async ({ email, password }: { email: string; password: string }) => {
      await signIn(email.trim(), password)
      await client.fetchQuery({ ...sessionQuery(), staleTime: 0 })
    },
    onSuccess: () => navigate(toSafeNext(search.get('next')), { replace: true, state: { signedIn: true } }),
  })
  const fill = (): void => {
    form.setValues(DEMO)
    submit.current?.focus()
  }

  return (
    <Gate>
      <PageTitle className={css['title']}>{t('session.signIn')}</PageTitle>
      {session?.instance.mode === 'demo' && (
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
      {session?.instance.setupNeeded === true && (
        <Notice tone="accent" icon={<Sign name="info" size={18} />}>
          <p>{t('session.firstWaiting')}</p>
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
        {enter.isError && (
          <div role="alert">
            <Notice tone="gone" icon={<Sign name="error" size={18} />}>
              <p>{toFailureText(enter.error)}</p>
            </Notice>
          </div>
        )}
        <TextInput
          label={t('session.email')}
          type="email"
          autoComplete="username"
          size="md"
          // The one thing to do here. What stands above is a hint.
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- see the line above
          autoFocus
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
    </Gate>
  )
}
