import { connectAccount, listAccounts, listRuns, testAccount, type Account, type Reply } from '@msp-console/contract'
import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { sessionQuery } from '../api/queries.ts'
import { toFailureText } from '../domain/failure.ts'
import { StateIcon } from '../domain/state-icon.tsx'
import { formatNumber } from '../i18n/format.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { notify } from '../ui/notify.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { Notice } from '../ui/pill.tsx'
import css from './accounts.module.css'

interface ConnectDialogProps {
  opened: boolean
  /** A disconnected account that is to be connected again: its address and login stand there already. */
  again: Account | null
  onClose: () => void
}

export function ConnectDialog({ opened, again, onClose }: ConnectDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={520}
      title={<b>{t('accounts.form.title')}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {opened && <ConnectForm again={again} onClose={onClose} />}
    </Modal>
  )
}

/** First a test that saves nothing, then what it found, then the decision. */
function ConnectForm({ again, onClose }: Omit<ConnectDialogProps, 'opened'>) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data: session } = useQuery(sessionQuery())
  const demo = session?.instance.demoSource ?? null
  const form = useForm({
    initialValues: { baseUrl: again?.baseUrl ?? '', login: again?.login ?? '', password: '' },
    validate: {
      baseUrl: (value) => (/^https?:\/\/[^/\s]+\/?$/.test(value.trim()) ? null : t('accounts.form.addressInvalid')),
      login: (value) => (value.trim() === '' ? t('accounts.form.required') : null),
      password: (value) => (value === '' ? t('accounts.form.required') : null),
    },
  })
  const credentials = () => ({
    ...form.values,
    baseUrl: form.values.baseUrl.trim().replace(/\/$/, ''),
    login: form.values.login.trim(),
  })
  const test = useMutation({ mutationFn: () => call(testAccount, { body: credentials() }) })
  const connect = useMutation({
    mutationFn: () => call(connectAccount, { body: credentials() }),
    onSuccess: async (account) => {
      notify(t('accounts.form.done', { name: account.name }), { closeLabel: t('action.close') })
      await client.invalidateQueries({ queryKey: [listAccounts.name] })
      void client.invalidateQueries({ queryKey: [listRuns.name] })
      onClose()
    },
  })
  // Both buttons go away by being pressed, so each hands the focus on.
  const fillDemo = (): void => {
    form.setFieldValue('baseUrl', demo ?? '')
    form.getInputNode('login')?.focus()
  }
  const change = (): void => {
    test.reset()
    form.getInputNode('baseUrl')?.focus()
  }
  const failure = connect.error ?? test.error
  const found = test.data
  const tested = found !== undefined
  const connected = found?.existing?.state === 'connected'
  const next = useRef<HTMLButtonElement>(null)
  // What was pressed for the test has gone: on to what its result leads to.
  useEffect(() => next.current?.focus(), [tested])

  return (
    <form
      className={css['form']}
      noValidate
      onSubmit={form.onSubmit(
        () => (found === undefined ? test.mutate() : connect.mutate()),
        (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
      )}
    >
      <p className="mc-dim">{t('accounts.form.lead')}</p>
      <fieldset>
        <TextInput
          label={t('accounts.form.address')}
          description={t('accounts.form.addressHint')}
          type="url"
          inputMode="url"
          spellCheck={false}
          data-autofocus={again === null || undefined}
          readOnly={tested}
          {...form.getInputProps('baseUrl')}
        />
        {demo !== null && form.values.baseUrl !== demo && found === undefined && (
          <Button size="compact-sm" variant="light" onClick={fillDemo}>
            {t('accounts.form.demo')}
          </Button>
        )}
        <TextInput
          label={t('accounts.form.login')}
          readOnly={tested}
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('login')}
        />
        <PasswordField
          label={t('accounts.form.password')}
          autoComplete="off"
          data-autofocus={again !== null || undefined}
          readOnly={tested}
          {...form.getInputProps('password')}
        />
      </fieldset>
      <div aria-live="polite">
        {failure !== null && (
          <Notice tone="gone" icon={<Sign name="error" size={18} />}>
            <p>{toFailureText(failure)}</p>
          </Notice>
        )}
        {found !== undefined && <Found found={found} />}
      </div>
      <Group justify="flex-end" gap={8}>
        {found === undefined ? (
          <>
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <BusyButton type="submit" busy={test.isPending}>
              {t('accounts.form.test')}
            </BusyButton>
          </>
        ) : (
          <>
            <Button ref={connected ? next : undefined} variant="default" onClick={change}>
              {t('accounts.form.change')}
            </Button>
            <BusyButton ref={connected ? undefined : next} type="submit" busy={connect.isPending} disabled={connected}>
              {t('accounts.form.connect')}
            </BusyButton>
          </>
        )}
      </Group>
    </form>
  )
}

function Found({ found }: { found: Reply<typeof testAccount> }) {
  const { t } = useTranslation()
  const { visible, existing } = found
  return (
    <div className={css['found']}>
      <p className={css['foundName']}>
        <StateIcon kind={found.kind} state="normal" size={22} />
        <b>{t('accounts.form.found', { name: found.companyName })}</b>
        <span className="mc-dim">{t(`kind.${found.kind}`)}</span>
      </p>
      <p>
        {visible === null
          ? t('accounts.form.visibleUnknown')
          : t('accounts.form.visible', { count: visible, shown: formatNumber(visible) })}{' '}
        {t(`accounts.form.${found.strategy}`)} {t('accounts.form.readOnly')}
      </p>
      {existing !== null && (
        <p>
          <b>
            {existing.state === 'connected'
              ? t('accounts.form.existingConnected')
              : t('accounts.form.existingDisconnected')}
          </b>
        </p>
      )}
    </div>
  )
}
