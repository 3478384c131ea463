import { createFirstUser } from '@msp-console/contract'
import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { signIn } from '../api/auth.ts'
import { call } from '../api/call.ts'
import { sessionQuery } from '../api/queries.ts'
import { FailureNotice } from '../domain/failure-notice.tsx'
import { paths } from '../paths.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { PageTitle } from '../ui/page.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { Notice } from '../ui/pill.tsx'
import { Gate } from './gate.tsx'
import css from './session.module.css'

const PASSWORD_LEAST = 12

export function FirstUserPage() {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const { data: session } = useQuery(sessionQuery())
  const token = search.get('token') ?? ''
  const done = session?.instance.setupNeeded === false
  return (
    <Gate>
      <PageTitle className={css['title']}>{t('session.firstTitle')}</PageTitle>
      {done || token === '' ? (
        <>
          <Notice icon={<Sign name="info" size={18} />}>
            <p>{done ? t('session.firstDone') : t('session.firstMissing')}</p>
          </Notice>
          <Button component={Link} to={paths.signIn()} variant="light" fullWidth mt="md">
            {t('session.signIn')}
          </Button>
        </>
      ) : (
        <>
          <p className={css['lead']}>{t('session.firstLead')}</p>
          <FirstUserForm token={token} />
        </>
      )}
    </Gate>
  )
}

function FirstUserForm({ token }: { token: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('session.required') : null),
      email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : t('session.emailInvalid')),
      password: (value) => (value.length < PASSWORD_LEAST ? t('session.passwordShort') : null),
    },
  })
  const create = useMutation({
    mutationFn: async (values: typeof form.values) => {
      const email = values.email.trim()
      await call(createFirstUser, { body: { ...values, email, token } })
      await signIn(email, values.password)
      await client.fetchQuery({ ...sessionQuery(), staleTime: 0 })
    },
    onSuccess: () => navigate(paths.overview(), { replace: true }),
  })
  return (
    <form
      className={css['form']}
      noValidate
      onSubmit={form.onSubmit(
        (values) => create.mutate(values),
        (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
      )}
    >
      <FailureNotice error={create.error} />
      <TextInput label={t('session.name')} autoComplete="name" size="md" {...form.getInputProps('name')} />
      <TextInput
        label={t('session.email')}
        type="email"
        autoComplete="username"
        size="md"
        {...form.getInputProps('email')}
      />
      <PasswordField
        label={t('session.password')}
        description={t('session.passwordHint')}
        autoComplete="new-password"
        size="md"
        {...form.getInputProps('password')}
      />
      <BusyButton type="submit" size="md" fullWidth busy={create.isPending}>
        {t('session.create')}
      </BusyButton>
    </form>
  )
}
