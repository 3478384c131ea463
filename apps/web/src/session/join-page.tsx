import { inspectLink, useLink, type Reply } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { signOut } from '../api/auth.ts'
import { ApiError, call } from '../api/call.ts'
import { sessionQuery } from '../api/queries.ts'
import { forgetView } from '../api/view.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { FailureNotice } from '../domain/failure-notice.tsx'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { PageTitle } from '../ui/page.tsx'
import { Notice } from '../ui/pill.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import type { Arrival } from './arrival.ts'
import { Gate } from './gate.tsx'
import css from './session.module.css'

const PASSWORD_LEAST = 12

/** An invitation or a reset: whose it is, and a password for it. */
export function JoinPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const [token] = useState(() => search.get('token') ?? '')
  // The token is worth a password: it leaves the address bar and the history before anybody looks over a shoulder.
  useEffect(() => {
    if (search.has('token')) void navigate(paths.join(), { replace: true })
  }, [search, navigate])
  const {
    data: link,
    error,
    refetch,
  } = useQuery({
    queryKey: [inspectLink.name, token],
    queryFn: ({ signal }) => call(inspectLink, { body: { token } }, { signal }),
    enabled: token !== '',
    gcTime: 0,
  })
  const dead = error instanceof ApiError && (error.code === 'link-invalid' || error.code === 'validation-failed')
  return (
    <Gate>
      {token === '' && <Broken why={t('session.join.missing')} />}
      {token !== '' && link === undefined && error === null && (
        <RowsSkeleton rows={3} label={t('session.join.loading')} />
      )}
      {dead && <Broken why={t('session.join.broken')} />}
      {error !== null && !dead && <FailureState error={error} retry={() => void refetch()} />}
      {link !== undefined && !dead && <PasswordForm link={link} token={token} onDead={() => void refetch()} />}
    </Gate>
  )
}

function Broken({ why }: { why: string }) {
  const { t } = useTranslation()
  return (
    <>
      <PageTitle className={css['title']}>{t('session.join.brokenTitle')}</PageTitle>
      <Notice tone="todo" icon={<Sign name="warning" size={18} />}>
        <p>{why}</p>
        <p>{t('session.join.askWhom')}</p>
      </Notice>
      <Button component={Link} to={paths.signIn()} variant="light" fullWidth mt="md">
        {t('session.join.toSignIn')}
      </Button>
    </>
  )
}

interface PasswordFormProps {
  link: Reply<typeof inspectLink>
  token: string
  onDead: () => void
}

function PasswordForm({ link, token, onDead }: PasswordFormProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data: session } = useQuery(sessionQuery())
  const other = session?.user ?? null
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value.length < PASSWORD_LEAST ? t('session.passwordShort') : null) },
  })
  const set = useMutation({
    mutationFn: async ({ password }: typeof form.values) => {
      const { email } = await call(useLink, { body: { token, password } })
      if (other !== null) await signOut().catch(() => undefined)
      client.clear()
      forgetView()
      await navigate(paths.signIn(), { replace: true, state: { email } satisfies Arrival })
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) return
      if (error.code === 'link-invalid') onDead()
      // Its length was looked at here: what the server minds is that it is known or easy to guess.
      if (error.code === 'validation-failed') form.setFieldError('password', t('profile.password.weak'))
    },
  })
  return (
    <>
      <PageTitle className={css['title']}>{t(`session.join.${link.kind}`, { name: link.name })}</PageTitle>
      <p className={css['lead']}>
        {t('session.join.lead', { email: link.email })} {link.kind === 'reset' && t('session.join.ends')}
      </p>
      <form className={css['form']} noValidate onSubmit={form.onSubmit((values) => set.mutate(values))}>
        {other !== null && (
          <Notice tone="todo" icon={<Sign name="info" size={18} />}>
            <p>{t('session.join.otherUser', { email: other.email })}</p>
          </Notice>
        )}
        <FailureNotice error={set.error} />
        {/* For password managers: whose password this becomes. */}
        <input type="hidden" autoComplete="username" value={link.email} readOnly />
        <PasswordField
          label={t('session.password')}
          description={t('session.passwordHint')}
          autoComplete="new-password"
          size="md"
          {...form.getInputProps('password')}
        />
        <Button type="submit" size="md" fullWidth loading={set.isPending}>
          {t('session.join.action')}
        </Button>
      </form>
    </>
  )
}
