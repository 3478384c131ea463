import { deleteGroup, type Group, type Removal } from '@msp-console/contract'
import { Button, Group as Row, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { call } from '../api/call.ts'
import { treeChanged } from '../api/live.ts'
import { removalQuery } from '../api/queries.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { toFailureText } from '../domain/failure.ts'
import { toGroupName } from '../domain/labels.ts'
import { tellFailure } from '../domain/use-setup.ts'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { notify } from '../ui/notify.tsx'
import { Notice } from '../ui/pill.tsx'
import css from './delete-dialog.module.css'

/** "Blocked because" and "confirm" are two dialogs. @param group null = closed */
export function DeleteDialog({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    ...removalQuery(group?.id ?? ''),
    enabled: group !== null,
    staleTime: 0,
    gcTime: 0,
  })
  const isBlocked = (data?.blockedBy.length ?? 0) > 0
  const name = group === null ? '' : toGroupName(group)
  return (
    <Modal
      opened={group !== null}
      onClose={onClose}
      size={520}
      title={<b>{isBlocked ? t('plans.delete.blocked') : t('plans.delete.title', { name })}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {error !== null && (
        <Notice tone="gone" icon={<Sign name="error" size={18} />}>
          <p>{toFailureText(error)}</p>
        </Notice>
      )}
      {group !== null && data !== undefined && isBlocked && <Blocked removal={data} onClose={onClose} />}
      {group !== null && data !== undefined && !isBlocked && <Confirm {...{ group, name, onClose }} removal={data} />}
    </Modal>
  )
}

function Blocked({ removal, onClose }: { removal: Removal; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={css['body']}>
      <ul>
        {removal.blockedBy.map((reason) => (
          <li key={reason}>
            {t(`plans.delete.blockedBy.${reason}`, {
              shown: formatNumber(reason === 'computers' ? removal.computers : removal.children),
            })}
          </li>
        ))}
      </ul>
      <Row justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.close')}
        </Button>
      </Row>
    </div>
  )
}

interface ConfirmProps {
  group: Group
  name: string
  removal: Removal
  onClose: () => void
}

function Confirm({ group, name, removal, onClose }: ConfirmProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const withConfirmation = useConfirmation()
  const remove = useMutation({
    mutationFn: () => withConfirmation(() => call(deleteGroup, { params: { id: group.id } })),
    onSuccess: ({ parentId }) => {
      notify(t('plans.delete.done', { name }), { closeLabel: t('action.close') })
      onClose()
      void navigate(paths.group(parentId), { replace: true })
      treeChanged(client)
    },
    onError: tellFailure,
  })
  return (
    <div className={css['body']}>
      <h3>{t('plans.will')}</h3>
      <ul>
        <li>{t('plans.delete.gone', { name })}</li>
        {(['events', 'grants'] as const)
          .filter((each) => removal[each] > 0)
          .map((each) => (
            <li key={each}>
              {t(`plans.delete.${each}`, { count: removal[each], shown: formatNumber(removal[each]) })}
            </li>
          ))}
        <li>{t('plans.delete.back')}</li>
      </ul>
      <h3>{t('plans.willNot')}</h3>
      <ul>
        <li>{t('plans.delete.not')}</li>
      </ul>
      <Row justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.cancel')}
        </Button>
        <BusyButton color="red" busy={remove.isPending} onClick={() => remove.mutate()}>
          {t('plans.delete.do')}
        </BusyButton>
      </Row>
    </div>
  )
}
