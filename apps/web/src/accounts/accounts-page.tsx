import type { Account } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { accountsQuery } from '../api/queries.ts'
import { Can } from '../domain/can.tsx'
import { useCan } from '../domain/use-can.ts'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Sign } from '../ui/icons.tsx'
import { Page } from '../ui/page.tsx'
import { AccountCard } from './account-card.tsx'
import css from './accounts.module.css'
import { ConnectDialog } from './connect-dialog.tsx'
import { DisconnectDialog } from './disconnect-dialog.tsx'
import { PasswordDialog } from './password-dialog.tsx'

/** Where the companies come from: connect, watch, disconnect. */
export function AccountsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const { data } = useSuspenseQuery(accountsQuery())
  const [changing, setChanging] = useState<Account | null>(null)
  const [leaving, setLeaving] = useState<Account | null>(null)
  const asked = search.get('connect')
  const connecting = useCan('accounts', 'write') ? asked : null
  const again = data.items.find(({ id, state }) => id === asked && state === 'disconnected') ?? null
  const connect = (account?: Account): void => void navigate(paths.connectAccount(account?.id))
  return (
    <Page
      title={t('accounts.title')}
      lead={t('accounts.lead')}
      actions={
        <Can object="accounts" level="write">
          <Button leftSection={<Sign name="plus" size={16} />} onClick={() => connect()}>
            {t('accounts.connect')}
          </Button>
        </Can>
      }
    >
      {data.items.length === 0 ? (
        <EmptyState sign="accounts" title={t('accounts.empty')}>
          {t('accounts.emptyHint')}
        </EmptyState>
      ) : (
        <ul className={css['cards']}>
          {data.items.map((account) => (
            <li key={account.id}>
              <AccountCard
                account={account}
                onPassword={() => setChanging(account)}
                onDisconnect={() => setLeaving(account)}
                onConnect={() => connect(account)}
              />
            </li>
          ))}
        </ul>
      )}
      <ConnectDialog
        opened={connecting !== null}
        again={again}
        onClose={() => void navigate(paths.accounts(), { replace: true })}
      />
      <PasswordDialog account={changing} onClose={() => setChanging(null)} />
      <DisconnectDialog account={leaving} onClose={() => setLeaving(null)} />
    </Page>
  )
}
