import { confirmTwoFactor, getSession, startTwoFactor, type Reply } from '@msp-console/contract'
import { Button, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { notify } from '../ui/notify.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { focusOnce } from '../ui/focus-once.ts'
import { FailureNotice } from '../domain/failure-notice.tsx'
import css from './profile.module.css'
import { QrCode } from './qr-code.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SecretBox } from './secret-box.tsx'

type Step =
  | { name: 'password' }
  | { name: 'scan'; secret: Reply<typeof startTwoFactor> }
  | { name: 'keep'; codes: readonly string[] }

interface TwoFactorStartProps {
  opened: boolean
  email: string
  onClose: () => void
}

/** Password, then the secret and a first code, then the recovery codes. It is on from the first right code, not before. */
export function TwoFactorStart({ opened, email, onClose }: TwoFactorStartProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [step, setStep] = useState<Step>({ name: 'password' })
  const close = (): void => {
    if (step.name === 'keep') {
      notify(t('profile.twoFactor.onDone'), { closeLabel: t('action.close') })
      void client.invalidateQueries({ queryKey: [getSession.name] })
    }
    setStep({ name: 'password' })
    onClose()
  }
  // Codes that are shown once do not vanish by a slip of the hand.
  const keeping = step.name === 'keep'
  return (
    <Modal
      opened={opened}
      onClose={close}
      closeOnClickOutside={!keeping}
      closeOnEscape={!keeping}
      withCloseButton={!keeping}
      title={<b>{keeping ? t('profile.twoFactor.recoveryTitle') : t('profile.twoFactor.startTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {step.name === 'password' && (
        <PasswordStep onCancel={close} onDone={(secret) => setStep({ name: 'scan', secret })} />
      )}
      {step.name === 'scan' && (
        <ScanStep secret={step.secret} onCancel={close} onDone={(codes) => setStep({ name: 'keep', codes })} />
      )}
      {step.name === 'keep' && <RecoveryCodes codes={step.codes} email={email} onDone={close} />}
    </Modal>
  )
}

interface StepProps<T> {
  onCancel: () => void
  onDone: (result: T) => void
}

function PasswordStep({ onCancel, onDone }: StepProps<Reply<typeof startTwoFactor>>) {
  const { t } = useTranslation()
  const confirm = useConfirmation()
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value === '' ? t('session.required') : null) },
  })
  const start = useMutation({
    mutationFn: (body: typeof form.values) => confirm(() => call(startTwoFactor, { body })),
    onSuccess: onDone,
  })
  return (
    <form className={css['form']} noValidate onSubmit={form.onSubmit((values) => start.mutate(values))}>
      <FailureNotice error={start.error} />
      <PasswordField
        label={t('profile.twoFactor.password')}
        autoComplete="current-password"
        data-autofocus
        {...form.getInputProps('password')}
      />
      <div className={css['formEnd']}>
        <Button variant="default" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" loading={start.isPending}>
          {t('profile.twoFactor.next')}
        </Button>
      </div>
    </form>
  )
}

function ScanStep({
  secret,
  onCancel,
  onDone,
}: StepProps<readonly string[]> & { secret: Reply<typeof startTwoFactor> }) {
  const { t } = useTranslation()
  const confirm = useConfirmation()
  const form = useForm({
    initialValues: { code: '' },
    validate: {
      code: (value) => (/^[0-9]{6}$/.test(value.replaceAll(' ', '')) ? null : t('profile.twoFactor.codeInvalid')),
    },
  })
  const check = useMutation({
    mutationFn: ({ code }: typeof form.values) =>
      confirm(() => call(confirmTwoFactor, { body: { code: code.replaceAll(' ', '') } })),
    onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
  })
  return (
    <form className={css['form']} noValidate onSubmit={form.onSubmit((values) => check.mutate(values))}>
      <p>{t('profile.twoFactor.scan')}</p>
      <QrCode text={secret.uri} label={t('profile.twoFactor.qr')} />
      <p className="mc-dim">{t('profile.twoFactor.secret')}</p>
      <SecretBox text={secret.secret} label={t('profile.twoFactor.secret')} />
      <FailureNotice error={check.error} />
      <TextInput
        label={t('profile.twoFactor.code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={7}
        ref={focusOnce}
        {...form.getInputProps('code')}
      />
      <div className={css['formEnd']}>
        <Button variant="default" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" loading={check.isPending}>
          {t('profile.twoFactor.confirm')}
        </Button>
      </div>
    </form>
  )
}
