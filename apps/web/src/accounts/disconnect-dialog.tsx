import { disconnectAccount, type Account } from '@msp-console/contract'
import { Button, Checkbox, Group, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { treeChanged } from '../api/live.ts'
import { disconnectPreviewQuery } from '../api/queries.ts'
import { toCount } from '../domain/count.ts'
import { toFailureText } from '../domain/failure.ts'
import { tellFailure } from '../domain/use-setup.ts'
import { formatNumber } from '../i18n/format.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { notify } from '../ui/notify.tsx'
import { Notice } from '../ui/pill.tsx'
import css from './accounts.module.css'

/** "Blocked because" and "confirm" are two dialogs: while a sync runs there is nothing to confirm. */
export function DisconnectDialog({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const { t } = useTranslation()
  const blocked = account?.health === 'running'
  return (
    <Modal
      opened={account !== null}
      onClose={onClose}
      size={540}
      title={<b>{blocked ? t('accounts.leave.blocked') : t('accounts.leave.title', { name: account?.name ?? '' })}</b>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {blocked && (
        <>
          <p>{t('accounts.leave.blockedRunning')}</p>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>
              {t('action.close')}
            </Button>
          </Group>
        </>
      )}
      {account !== null && !blocked && <Confirm account={account} onClose={onClose} />}
    </Modal>
  )
}

function Confirm({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [understood, setUnderstood] = useState(false)
  const { data: affected, error } = useQuery({ ...disconnectPreviewQuery(account.id), staleTime: 0, gcTime: 0 })
  const cancel = useRef<HTMLButtonElement>(null)
  const counted = affected !== undefined
  // The dialog opens before it can be answered; then its focus belongs on the harmless answer.
  useEffect(() => cancel.current?.focus(), [counted])
  const withConfirmation = useConfirmation()
  const leave = useMutation({
    mutationFn: () => withConfirmation(() => call(disconnectAccount, { params: { id: account.id } })),
    onSuccess: ({ unlinked }) => {
      const words = { name: account.name, count: unlinked, shown: formatNumber(unlinked) }
      notify(t('accounts.leave.done', words), { closeLabel: t('action.close') })
      treeChanged(client)
      onClose()
    },
    onError: tellFailure,
  })
  if (error !== null) {
    return (
      <Notice tone="gone" icon={<Sign name="error" size={18} />}>
        <p>{toFailureText(error)}</p>
      </Notice>
    )
  }
  if (affected === undefined) return <p className="mc-dim">{t('accounts.leave.counting')}</p>
  return (
    <div className={css['leaveBody']}>
      <h3>{t('accounts.leave.affects')}</h3>
      <ul className={css['affected']}>
        {(['companies', 'customers', 'computers'] as const).map((what) => (
          <li key={what}>{toCount(what, affected[what])}</li>
        ))}
      </ul>
      <h3>{t('accounts.leave.will')}</h3>
      <ul>
        <li>{t('accounts.leave.unlink')}</li>
        <li>{t('accounts.leave.forget')}</li>
        <li>{t('accounts.leave.stop')}</li>
      </ul>
      <h3>{t('accounts.leave.not')}</h3>
      <ul>
        <li>{t('accounts.leave.keep')}</li>
        <li>{t('accounts.leave.agents')}</li>
        <li>{t('accounts.leave.ema')}</li>
        <li>{t('accounts.leave.again')}</li>
      </ul>
      <Checkbox
        checked={understood}
        onChange={(event) => setUnderstood(event.currentTarget.checked)}
        label={t('accounts.leave.confirm', { shown: toCount('companies', affected.companies) })}
      />
      <Group justify="flex-end" gap={8}>
        <Button ref={cancel} variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <BusyButton color="red" disabled={!understood} busy={leave.isPending} onClick={() => leave.mutate()}>
          {t('accounts.leave.action')}
        </BusyButton>
      </Group>
    </div>
  )
}
