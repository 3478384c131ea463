import {
  createToken,
  joinRights,
  listTokens,
  NO_RIGHTS,
  RIGHT_OBJECTS,
  type Rights,
  type View,
} from '@msp-console/contract'
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { rightsInQuery } from '../api/profile-queries.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { toGroupName } from '../domain/labels.ts'
import { formatNumber } from '../i18n/format.ts'
import { focusOnce } from '../ui/focus-once.ts'
import { FailureNotice } from '../domain/failure-notice.tsx'
import css from './profile.module.css'
import { RightsMatrix } from './rights-matrix.tsx'
import { SecretBox } from './secret-box.tsx'

const DAYS = [7, 30, 90, 180, 365] as const

interface TokenDialogProps {
  opened: boolean
  view: View
  onClose: () => void
}

/** First what the token may do, then the token itself, once. */
export function TokenDialog({ opened, view, onClose }: TokenDialogProps) {
  const { t } = useTranslation()
  const [secret, setSecret] = useState<string | null>(null)
  const close = (): void => {
    setSecret(null)
    onClose()
  }
  const made = secret !== null
  return (
    <Modal
      opened={opened}
      onClose={close}
      // What is shown once does not vanish by a slip of the hand.
      closeOnClickOutside={!made}
      closeOnEscape={!made}
      withCloseButton={!made}
      size={520}
      title={<b>{made ? t('profile.tokens.secretTitle') : t('profile.tokens.newTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {made ? (
        <div className={css['form']}>
          <p>{t('profile.tokens.secretText')}</p>
          <SecretBox text={secret} label={t('profile.tokens.secret')} />
          <div className={css['formEnd']}>
            <Button onClick={close} ref={focusOnce}>
              {t('profile.tokens.secretDone')}
            </Button>
          </div>
        </div>
      ) : (
        <TokenForm view={view} onCancel={close} onMade={setSecret} />
      )}
    </Modal>
  )
}

interface TokenFormProps {
  view: View
  onCancel: () => void
  onMade: (secret: string) => void
}

function TokenForm({ view, onCancel, onMade }: TokenFormProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const confirm = useConfirmation()
  const form = useForm({
    initialValues: { name: '', rootId: view.root.id, days: '30' },
    validate: { name: (value) => (value.trim() === '' ? t('session.required') : null) },
  })
  const { rootId } = form.values
  const elsewhere = useQuery({ ...rightsInQuery(rootId), enabled: rootId !== view.root.id })
  const most = rootId === view.root.id ? view.rights : (elsewhere.data ?? NO_RIGHTS)
  const [wanted, setWanted] = useState<Rights>({ ...NO_RIGHTS, groups: 'read' })
  // Another root, other rights: what is offered there no more is not asked for either.
  const rights = joinRights(wanted, most, 'lower')
  const empty = RIGHT_OBJECTS.every((object) => rights[object] === 'none')
  const create = useMutation({
    mutationFn: ({ name, days }: typeof form.values) =>
      confirm(() => call(createToken, { body: { name: name.trim(), rootId, rights, days: Number(days) } })),
    onSuccess: ({ secret }) => {
      void client.invalidateQueries({ queryKey: [listTokens.name] })
      onMade(secret)
    },
  })
  return (
    <form className={css['form']} noValidate onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <FailureNotice error={create.error} />
      <TextInput
        label={t('profile.tokens.name')}
        description={t('profile.tokens.nameHint')}
        maxLength={200}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <NativeSelect
        label={t('profile.tokens.root')}
        data={view.roots.map((root) => ({ value: root.id, label: toGroupName(root) }))}
        {...form.getInputProps('rootId')}
      />
      <div>
        <RightsMatrix value={rights} most={most} onChange={setWanted} />
        <p className={css['hint']}>{empty ? t('profile.tokens.rightsNone') : t('profile.tokens.rightsHint')}</p>
      </div>
      <NativeSelect
        label={t('profile.tokens.days')}
        data={DAYS.map((count) => ({
          value: String(count),
          label: t('profile.tokens.daysChoice', { count, shown: formatNumber(count) }),
        }))}
        {...form.getInputProps('days')}
      />
      <div className={css['formEnd']}>
        <Button variant="default" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" disabled={empty} loading={create.isPending}>
          {t('profile.tokens.create')}
        </Button>
      </div>
    </form>
  )
}
