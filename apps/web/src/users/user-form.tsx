import type { GroupLink, User } from '@msp-console/contract'
import { Button, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../domain/failure-notice.tsx'
import { notify } from '../ui/notify.tsx'
import { GrantsEditor, toGrants, type Draft } from './grants-editor.tsx'
import { GroupPicker } from './group-picker.tsx'
import { useUpdateUser } from './use-update-user.ts'
import css from './users.module.css'

/** Name, home group and rights; saved together. */
export function UserForm({ user }: { user: User }) {
  const { t } = useTranslation()
  const [name, setName] = useState(user.name)
  const [home, setHome] = useState<GroupLink | null>(user.homeGroup)
  const [drafts, setDrafts] = useState<Draft[]>(() =>
    user.grants.map(({ root, set }, key) => ({ key, root, setId: set.id })),
  )
  const [strict, setStrict] = useState(false)
  const update = useUpdateUser(user)
  const nameError = name.trim() === '' ? t('users.required') : null
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setStrict(true)
    const grants = toGrants(drafts)
    if (nameError !== null || home === null || grants === null) return
    update.mutate(
      { name: name.trim(), homeGroupId: home.id, grants },
      { onSuccess: () => notify(t('users.saved'), { closeLabel: t('action.close') }) },
    )
  }
  return (
    <form className={css['form']} noValidate onSubmit={submit}>
      <TextInput
        label={t('users.name')}
        value={name}
        maxLength={200}
        autoComplete="off"
        error={strict ? nameError : null}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <GroupPicker
        label={t('users.home')}
        description={t('users.homeHint')}
        value={home}
        onChange={setHome}
        error={strict && home === null ? t('users.required') : null}
      />
      <p className="mc-dim">{t('users.grantsLead')}</p>
      <GrantsEditor drafts={drafts} onChange={setDrafts} strict={strict} />
      <FailureNotice error={update.error} />
      <div>
        <Button type="submit" loading={update.isPending}>
          {t('users.save')}
        </Button>
      </div>
    </form>
  )
}
