import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { sessionQuery } from '../api/queries.ts'
import { toSafeNext } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { PageTitle } from '../ui/page.tsx'
import { Notice } from '../ui/pill.tsx'
import { CodeStep } from './code-step.tsx'
import { Gate } from './gate.tsx'
import { PasswordStep } from './password-step.tsx'
import css from './session.module.css'
import { readArrival } from './arrival.ts'

/** E-mail and password, then a code where the account has two-step sign-in. There is no session before the last step. */
export function SignInPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const { data: session } = useQuery(sessionQuery())
  const arrival = readArrival(useLocation().state)
  const [step, setStep] = useState<'password' | 'code' | 'stale'>('password')
  const enter = async (): Promise<void> => {
    await client.fetchQuery({ ...sessionQuery(), staleTime: 0 })
    await navigate(toSafeNext(search.get('next')), { replace: true })
  }

  return (
    <Gate>
      <PageTitle className={css['title']}>{step === 'code' ? t('session.codeTitle') : t('session.signIn')}</PageTitle>
      {step === 'code' ? (
        <CodeStep onDone={enter} onStale={() => setStep('stale')} onBack={() => setStep('password')} />
      ) : (
        <>
          {step === 'stale' && (
            <div role="alert">
              <Notice tone="todo" icon={<Sign name="clock" size={18} />}>
                <p>{t('session.codeStale')}</p>
              </Notice>
            </div>
          )}
          {arrival !== null && (
            <Notice tone="ok" icon={<Sign name="check" size={18} />}>
              <p>{t('session.passwordSet')}</p>
            </Notice>
          )}
          {session?.instance.setupNeeded === true && (
            <Notice tone="accent" icon={<Sign name="info" size={18} />}>
              <p>{t('session.firstWaiting')}</p>
            </Notice>
          )}
          <PasswordStep
            email={arrival?.email ?? ''}
            isDemo={session?.instance.mode === 'demo' && arrival === null}
            onDone={(next) => (next === 'signedIn' ? enter() : setStep('code'))}
          />
        </>
      )}
    </Gate>
  )
}
