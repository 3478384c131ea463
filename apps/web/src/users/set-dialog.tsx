import {
  covers,
  createSet,
  listSets,
  listUsers,
  NO_RIGHTS,
  RIGHT_LEVELS,
  RIGHT_OBJECTS,
  updateSet,
  type PermissionSet,
  type Rights,
} from '@msp-console/contract'
import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { FailureNotice } from '../domain/failure-notice.tsx'
import { toGroupName } from '../domain/labels.ts'
import { RightsMeaning } from '../domain/rights-words.tsx'
import { useView } from '../domain/use-can.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { notify } from '../ui/notify.tsx'
import css from './users.module.css'

interface SetDialogProps {
  editing: PermissionSet | 'new' | null
  onClose: () => void
}

export function SetDialog({ editing, onClose }: SetDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={editing !== null}
      onClose={onClose}
      size={560}
      title={<b>{editing === 'new' ? t('users.newSet') : t('users.editSetTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {editing !== null && <SetForm set={editing === 'new' ? null : editing} onClose={onClose} />}
    </Modal>
  )
}

/** A name and a level for each kind of object. Levels above the reader's own cannot be chosen. */
function SetForm({ set, onClose }: { set: PermissionSet | null; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const withConfirmation = useConfirmation()
  const view = useView()
  const [name, setName] = useState(set?.name ?? '')
  const [rights, setRights] = useState<Rights>(set?.rights ?? { ...NO_RIGHTS, groups: 'read' })
  const [strict, setStrict] = useState(false)
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), rights }
      return withConfirmation(() =>
        set === null ? call(createSet, { body }) : call(updateSet, { params: { id: set.id }, body }),
      )
    },
    onSuccess: () => {
      notify(t('users.setSaved'), { closeLabel: t('action.close') })
      for (const endpoint of [listSets, listUsers]) void client.invalidateQueries({ queryKey: [endpoint.name] })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setStrict(true)
    if (name.trim() !== '') save.mutate()
  }
  return (
    <form className={css['form']} noValidate onSubmit={submit}>
      <p className="mc-dim">
        {set === null
          ? t('users.newSetHint', { root: view === null ? '' : toGroupName(view.root) })
          : t('users.editSetHint')}
      </p>
      <TextInput
        label={t('users.setName')}
        value={name}
        maxLength={200}
        autoComplete="off"
        data-autofocus
        error={strict && name.trim() === '' ? t('users.required') : null}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <table className={css['matrix']} aria-label={t('users.levels')}>
        <thead>
          <tr>
            <th scope="col">{t('users.object')}</th>
            {RIGHT_LEVELS.map((level) => (
              <th key={level} scope="col">
                {t(`rights.level.${level}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {RIGHT_OBJECTS.map((object) => (
            <tr key={object}>
              <th scope="row">{t(`rights.object.${object}`)}</th>
              {RIGHT_LEVELS.map((level) => (
                <td key={level}>
                  <input
                    type="radio"
                    name={object}
                    aria-label={`${t(`rights.object.${object}`)}: ${t(`rights.level.${level}`)}`}
                    checked={rights[object] === level}
                    disabled={view === null || !covers(view.rights, object, level)}
                    onChange={() => setRights({ ...rights, [object]: level })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <RightsMeaning rights={rights} />
      <FailureNotice error={save.error} />
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {set === null ? t('users.create') : t('users.save')}
        </Button>
      </Group>
    </form>
  )
}
