import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { verifyCode } from '../api/auth.ts'
import { ApiError } from '../api/call.ts'
import { FailureNotice } from '../domain/failure-notice.tsx'
import css from './session.module.css'

interface CodeStepProps {
  onDone: () => Promise<void>
  /** The password was given too long ago. */
  onStale: () => void
  onBack: () => void
}

/** Six digits of the app, or a recovery code where the app is out of reach. */
export function CodeStep({ onDone, onStale, onBack }: CodeStepProps) {
  const { t } = useTranslation()
  const [kind, setKind] = useState<'app' | 'recovery'>('app')
  const field = useRef<HTMLInputElement>(null)
  const form = useForm({
    initialValues: { code: '' },
    validate: {
      code: (value) => {
        const code = value.replaceAll(' ', '')
        if (code === '') return t('session.required')
        return kind === 'recovery' || /^[0-9]{6}$/.test(code) ? null : t('session.codeInvalid')
      },
    },
  })
  const verify = useMutation({
    mutationFn: async ({ code }: typeof form.values) => {
      await verifyCode(code.replaceAll(' ', ''))
      await onDone()
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'unauthenticated') onStale()
      else field.current?.select()
    },
  })
  useEffect(() => field.current?.focus(), [kind])
  const switchTo = (next: typeof kind): void => {
    setKind(next)
    form.reset()
    verify.reset()
  }
  return (
    <form className={css['form']} noValidate onSubmit={form.onSubmit((values) => verify.mutate(values))}>
      <p className={css['lead']}>{kind === 'app' ? t('session.codeLead') : t('session.recoveryLead')}</p>
      <FailureNotice error={verify.error} />
      <TextInput
        key={kind}
        ref={field}
        label={kind === 'app' ? t('session.code') : t('session.recovery')}
        autoComplete={kind === 'app' ? 'one-time-code' : 'off'}
        inputMode={kind === 'app' ? 'numeric' : 'text'}
        maxLength={kind === 'app' ? 7 : 40}
        spellCheck={false}
        size="md"
        {...form.getInputProps('code')}
      />
      <Button type="submit" size="md" fullWidth loading={verify.isPending}>
        {t('session.codeSubmit')}
      </Button>
      <div className={css['linkRow']}>
        <Button variant="subtle" size="compact-sm" onClick={() => switchTo(kind === 'app' ? 'recovery' : 'app')}>
          {kind === 'app' ? t('session.useRecovery') : t('session.useApp')}
        </Button>
        <Button variant="subtle" size="compact-sm" onClick={onBack}>
          {t('session.startOver')}
        </Button>
      </div>
    </form>
  )
}
