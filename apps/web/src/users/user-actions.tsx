import {
  createUserLink,
  deleteUser,
  endUserSessions,
  endUserTwoFactor,
  getUser,
  listUsers,
  revokeUserTokens,
  type User,
  type UserLink,
} from '@msp-console/contract'
import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { call } from '../api/call.ts'
import { ReadOnlyInPreview } from '../domain/can.tsx'
import { tellFailure } from '../domain/use-setup.ts'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { useConfirmation } from '../domain/confirmation.ts'
import { notify } from '../ui/notify.tsx'
import { Panel } from '../ui/panel.tsx'
import { DeleteUserDialog } from './delete-user-dialog.tsx'
import { OneTimeLink } from './one-time-link.tsx'
import { useUpdateUser } from './use-update-user.ts'
import css from './users.module.css'

/** Everything about signing in, each step with what it does. */
export function UserActions({ user }: { user: User }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const withConfirmation = useConfirmation()
  const [link, setLink] = useState<UserLink | null>(null)
  const [deleting, deletion] = useDisclosure(false)
  const params = { id: user.id }
  const say = (message: string) => notify(message, { closeLabel: t('action.close') })

  const update = useUpdateUser(user)
  const newLink = useMutation({
    mutationFn: () => withConfirmation(() => call(createUserLink, { params })),
    onSuccess: setLink,
    onError: tellFailure,
  })
  const endSessions = useMutation({
    mutationFn: () => withConfirmation(() => call(endUserSessions, { params })),
    onSuccess: ({ ended }) => say(t('users.ended', { count: ended, shown: formatNumber(ended) })),
    onError: tellFailure,
  })
  const endTokens = useMutation({
    mutationFn: () => withConfirmation(() => call(revokeUserTokens, { params })),
    onSuccess: ({ revoked }) => say(t('users.tokensEnded', { count: revoked, shown: formatNumber(revoked) })),
    onError: tellFailure,
  })
  const endTwoFactor = useMutation({
    mutationFn: () => withConfirmation(() => call(endUserTwoFactor, { params })),
    onSuccess: () => {
      say(t('users.twoFactorEnded', { name: user.name }))
      for (const { name } of [getUser, listUsers]) void client.invalidateQueries({ queryKey: [name] })
    },
    onError: tellFailure,
  })
  const remove = useMutation({
    mutationFn: () => withConfirmation(() => call(deleteUser, { params })),
    onSuccess: async () => {
      say(t('users.deleted', { name: user.name }))
      void client.invalidateQueries({ queryKey: [listUsers.name] })
      await navigate(paths.users())
    },
    onError: tellFailure,
  })
  const setDisabled = (disabled: boolean): void =>
    update.mutate(
      { disabled },
      {
        onSuccess: () => say(t(disabled ? 'users.disabledDone' : 'users.enabledDone', { name: user.name })),
        onError: tellFailure,
      },
    )

  return (
    <Panel title={t('users.actions')} flush>
      <ReadOnlyInPreview>
        <ul className={css['steps']}>
          <Step hint={user.invited ? t('users.newLinkHintInvited') : t('users.newLinkHintReset')}>
            <Button variant="default" loading={newLink.isPending} onClick={() => newLink.mutate()}>
              {t('users.newLink')}
            </Button>
          </Step>
          <Step hint={t('users.endSessionsHint')}>
            <Button variant="default" loading={endSessions.isPending} onClick={() => endSessions.mutate()}>
              {t('users.endSessions')}
            </Button>
          </Step>
          <Step hint={t('users.endTokensHint')}>
            <Button variant="default" loading={endTokens.isPending} onClick={() => endTokens.mutate()}>
              {t('users.endTokens')}
            </Button>
          </Step>
          {user.twoFactor && (
            <Step hint={t('users.endTwoFactorHint')}>
              <Button variant="default" loading={endTwoFactor.isPending} onClick={() => endTwoFactor.mutate()}>
                {t('users.endTwoFactor')}
              </Button>
            </Step>
          )}
          <Step hint={user.disabled ? t('users.enableHint') : t('users.disableHint')}>
            <Button variant="default" loading={update.isPending} onClick={() => setDisabled(!user.disabled)}>
              {user.disabled ? t('users.enable') : t('users.disable')}
            </Button>
          </Step>
          <Step hint={t('users.deleteHint')}>
            <Button variant="subtle" color="red" onClick={deletion.open}>
              {t('users.delete')}
            </Button>
          </Step>
        </ul>
      </ReadOnlyInPreview>
      <Modal
        opened={link !== null}
        onClose={() => setLink(null)}
        closeOnClickOutside={false}
        closeOnEscape={false}
        title={<b>{t('users.linkTitle', { name: user.name })}</b>}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {link !== null && <OneTimeLink link={link} onDone={() => setLink(null)} />}
      </Modal>
      <DeleteUserDialog
        user={user}
        opened={deleting}
        busy={remove.isPending}
        onClose={deletion.close}
        onConfirm={() => remove.mutate(undefined, { onSuccess: deletion.close })}
      />
    </Panel>
  )
}

function Step({ hint, children }: { hint: string; children: ReactNode }) {
  return (
    <li>
      <p>{hint}</p>
      {children}
    </li>
  )
}
