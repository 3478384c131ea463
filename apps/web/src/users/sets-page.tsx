import { deleteSet, listSets, RIGHT_OBJECTS, type PermissionSet } from '@msp-console/contract'
import { Button, Group, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { setsQuery } from '../api/user-queries.ts'
import { Can } from '../domain/can.tsx'
import { FailureState } from '../domain/failure-state.tsx'
import { tellFailure } from '../domain/use-setup.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { Sign } from '../ui/icons.tsx'
import { notify } from '../ui/notify.tsx'
import { Page } from '../ui/page.tsx'
import { Panel } from '../ui/panel.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { SetDialog } from './set-dialog.tsx'
import { SetRow } from './set-row.tsx'
import { Tabs } from './tabs.tsx'
import css from './users.module.css'

/** Permission sets by kinds of object: the built-in ones explained, others to change. */
export function SetsPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(setsQuery())
  /** `new`, or the set that is being changed. */
  const [editing, setEditing] = useState<PermissionSet | 'new' | null>(null)
  const [deleting, setDeleting] = useState<PermissionSet | null>(null)
  return (
    <Page
      title={t('users.title')}
      lead={t('users.setsLead')}
      actions={
        <Can object="users" level="write">
          <Button leftSection={<Sign name="plus" size={16} />} onClick={() => setEditing('new')}>
            {t('users.newSet')}
          </Button>
        </Can>
      }
    >
      <Tabs />
      <Panel title={t('users.sets')} aside={<span>{t('users.levelsLegend')}</span>} flush>
        {data === undefined && error === null && <RowsSkeleton label={t('loading')} />}
        {data === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
        {data !== undefined && (
          <table className={css['table']}>
            <thead>
              <tr>
                <th scope="col">{t('users.setName')}</th>
                {RIGHT_OBJECTS.map((object) => (
                  <th key={object} scope="col">
                    {t(`rights.object.${object}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((set) => (
                <SetRow key={set.id} set={set} onEdit={() => setEditing(set)} onDelete={() => setDeleting(set)} />
              ))}
            </tbody>
          </table>
        )}
      </Panel>
      <SetDialog editing={editing} onClose={() => setEditing(null)} />
      <DeleteSetDialog set={deleting} onClose={() => setDeleting(null)} />
    </Page>
  )
}

function DeleteSetDialog({ set, onClose }: { set: PermissionSet | null; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const withConfirmation = useConfirmation()
  const remove = useMutation({
    mutationFn: (id: string) => withConfirmation(() => call(deleteSet, { params: { id } })),
    onSuccess: () => {
      notify(t('users.setDeleted'), { closeLabel: t('action.close') })
      void client.invalidateQueries({ queryKey: [listSets.name] })
      onClose()
    },
    onError: tellFailure,
  })
  return (
    <Modal
      opened={set !== null}
      onClose={onClose}
      title={<b>{t('users.deleteSetTitle', { name: set?.name ?? '' })}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <p>{t('users.deleteSetText')}</p>
      <Group justify="flex-end" gap={8} mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.cancel')}
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => set !== null && remove.mutate(set.id)}>
          {t('users.deleteSetAction')}
        </Button>
      </Group>
    </Modal>
  )
}
