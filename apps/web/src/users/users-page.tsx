import type { User } from '@msp-console/contract'
import { Button, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { sessionQuery } from '../api/queries.ts'
import { usersQuery } from '../api/user-queries.ts'
import { Can } from '../domain/can.tsx'
import { FailureState } from '../domain/failure-state.tsx'
import { toGroupName } from '../domain/labels.ts'
import { Moment } from '../domain/moment.tsx'
import { toSetName } from '../domain/rights-words.tsx'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Sign } from '../ui/icons.tsx'
import { LoadMore } from '../domain/load-more.tsx'
import { Page } from '../ui/page.tsx'
import { Panel } from '../ui/panel.tsx'
import { Pill } from '../ui/pill.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { Tabs } from './tabs.tsx'
import { UserPills } from './user-pills.tsx'
import css from './users.module.css'

const TYPING_MS = 200

/** Users at home in the view. The address holds the search. */
export function UsersPage() {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const q = search.get('q') ?? ''
  const pages = useInfiniteQuery({
    ...usersQuery(q),
    placeholderData: keepPreviousData,
  })
  const { data, error, refetch } = pages
  const [inviting, invite] = useDisclosure(false)
  const users = data?.pages.flatMap((page) => page.items)
  const total = data?.pages[0]?.total ?? 0
  return (
    <Page
      title={t('users.title')}
      lead={t('users.lead')}
      actions={
        <Can object="users" level="write">
          <Button leftSection={<Sign name="plus" size={16} />} onClick={invite.open}>
            {t('users.invite')}
          </Button>
        </Can>
      }
    >
      <Tabs />
      <div className={css['bar']}>
        <SearchField q={q} />
        <span className="mc-dim" aria-live="polite">
          {data !== undefined && t('users.total', { count: total, shown: formatNumber(total) })}
        </span>
      </div>
      <Panel title={t('users.users')} flush>
        {users === undefined && error === null && <RowsSkeleton label={t('loading')} />}
        {users === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
        {users?.length === 0 && (
          <EmptyState sign="user" title={q === '' ? t('users.empty') : t('users.emptySearch')}>
            {q === '' && t('users.emptyHint')}
          </EmptyState>
        )}
        {users !== undefined && users.length > 0 && <UsersTable users={users} />}
        <LoadMore query={pages} />
      </Panel>
      <InviteDialog opened={inviting} onClose={invite.close} />
    </Page>
  )
}

function SearchField({ q }: { q: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [text, setText] = useState(q)
  const wanted = text.trim()
  useEffect(() => {
    if (wanted === q) return
    const timer = setTimeout(() => void navigate(paths.users({ q: wanted }), { replace: true }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [wanted, q, navigate])
  return (
    <TextInput
      className={css['search'] ?? ''}
      type="search"
      aria-label={t('users.search')}
      placeholder={t('users.search')}
      leftSection={<Sign name="search" size={16} />}
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}

function UsersTable({ users }: { users: readonly User[] }) {
  const { t } = useTranslation()
  const { data: session } = useQuery(sessionQuery())
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          <th scope="col">{t('users.name')}</th>
          <th scope="col">{t('users.state')}</th>
          <th scope="col">{t('users.rights')}</th>
          <th scope="col">{t('users.lastSignIn')}</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id}>
            <td>
              <Link to={paths.user(user.id)}>{user.name}</Link>{' '}
              {session?.user?.id === user.id && <Pill>{t('users.you')}</Pill>}
              <span className={css['sub']}>{user.email}</span>
            </td>
            <td data-label={t('users.state')}>
              <UserPills user={user} />
            </td>
            <td data-label={t('users.rights')}>
              <GrantWords user={user} />
            </td>
            <td data-label={t('users.lastSignIn')}>
              {user.lastSignInAt === null ? (
                <span className="mc-dim">{t('users.signedInNever')}</span>
              ) : (
                <Moment iso={user.lastSignInAt} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function GrantWords({ user }: { user: User }) {
  const { t } = useTranslation()
  if (user.grants.length === 0) return <span className="mc-dim">{t('users.noGrants')}</span>
  return (
    <ul className={css['plainList']}>
      {user.grants.map(({ root, set }) => (
        <li key={`${root.id} ${set.id}`}>{t('rights.why.on', { set: toSetName(set), root: toGroupName(root) })}</li>
      ))}
    </ul>
  )
}
