import { createUser, listUsers, type GroupLink, type Reply } from '@msp-console/contract'
import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { FailureNotice } from '../domain/failure-notice.tsx'
import { useView } from '../domain/use-can.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { GrantsEditor, toGrants, type Draft } from './grants-editor.tsx'
import { GroupPicker } from './group-picker.tsx'
import { OneTimeLink } from './one-time-link.tsx'
import css from './users.module.css'

interface InviteDialogProps {
  opened: boolean
  onClose: () => void
}

/** Who, where at home, which rights; ends with the link to pass on. */
export function InviteDialog({ opened, onClose }: InviteDialogProps) {
  const { t } = useTranslation()
  const [made, setMade] = useState<Reply<typeof createUser> | null>(null)
  const close = (): void => {
    setMade(null)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={620}
      // The link is shown once: neither a click beside the dialog nor Escape must lose it.
      closeOnClickOutside={made === null}
      closeOnEscape={made === null}
      title={<b>{made === null ? t('users.inviteTitle') : t('users.inviteDone', { name: made.user.name })}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {opened &&
        (made === null ? (
          <InviteForm onMade={setMade} onClose={close} />
        ) : (
          <OneTimeLink link={made.link} onDone={close} />
        ))}
    </Modal>
  )
}

interface InviteFormProps {
  onMade: (made: Reply<typeof createUser>) => void
  onClose: () => void
}

function InviteForm({ onMade, onClose }: InviteFormProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const withConfirmation = useConfirmation()
  const view = useView()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [home, setHome] = useState<GroupLink | null>(view?.root ?? null)
  const [drafts, setDrafts] = useState<Draft[]>([{ key: 1, root: view?.root ?? null, setId: null }])
  const [strict, setStrict] = useState(false)
  const grants = toGrants(drafts)
  const nameError = name.trim() === '' ? t('users.required') : null
  const emailError = /^\S+@\S+\.\S+$/.test(email.trim()) ? null : t('users.emailInvalid')
  const invite = useMutation({
    mutationFn: (body: { name: string; email: string; homeGroupId: string; grants: NonNullable<typeof grants> }) =>
      withConfirmation(() => call(createUser, { body })),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: [listUsers.name] })
      onMade(made)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setStrict(true)
    if (nameError !== null || emailError !== null || home === null || grants === null) return
    invite.mutate({ name: name.trim(), email: email.trim(), homeGroupId: home.id, grants })
  }
  return (
    <form className={css['form']} noValidate onSubmit={submit}>
      <p className="mc-dim">{t('users.inviteLead')}</p>
      <TextInput
        label={t('users.name')}
        value={name}
        maxLength={200}
        autoComplete="off"
        data-autofocus
        error={strict ? nameError : null}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t('users.email')}
        type="email"
        value={email}
        maxLength={200}
        autoComplete="off"
        error={strict ? emailError : null}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <GroupPicker label={t('users.home')} description={t('users.homeHint')} value={home} onChange={setHome} />
      <GrantsEditor drafts={drafts} onChange={setDrafts} strict={strict} />
      <FailureNotice error={invite.error} />
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" loading={invite.isPending}>
          {t('users.inviteAction')}
        </Button>
      </Group>
    </form>
  )
}
