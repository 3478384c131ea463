import type { User } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { sessionQuery } from '../api/queries.ts'
import { userQuery } from '../api/user-queries.ts'
import { choosePreview } from '../api/view.ts'
import { ReadOnlyInPreview } from '../domain/can.tsx'
import { toGroupName } from '../domain/labels.ts'
import { Moment } from '../domain/moment.tsx'
import { useCan } from '../domain/use-can.ts'
import { formatDateTime } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { Page } from '../ui/page.tsx'
import { Panel } from '../ui/panel.tsx'
import { Notice } from '../ui/pill.tsx'
import { GrantsList } from './grants-list.tsx'
import { UserActions } from './user-actions.tsx'
import { UserForm } from './user-form.tsx'
import { UserPills } from './user-pills.tsx'
import css from './users.module.css'
import { WhyPanel } from './why-panel.tsx'

/** One user: facts, rights, sign-in, and why something is seen or not. */
export function UserPage() {
  const { t } = useTranslation()
  const { userId = '' } = useParams()
  const { data: user } = useSuspenseQuery(userQuery(userId))
  const { data: session } = useQuery(sessionQuery())
  const isSelf = session?.user?.id === user.id
  const mayWrite = useCan('users', 'write')
  const canChange = mayWrite && user.manageable
  return (
    <Page
      title={user.name}
      lead={
        <>
          <Link to={paths.users()}>{t('users.back')}</Link> · {user.email}
        </>
      }
      actions={<UserPills user={user} />}
    >
      {!canChange && (
        <div className={css['notice']}>
          <Notice icon={<Sign name="lock" size={18} />}>
            <p>
              {isSelf
                ? t('users.notManageableSelf')
                : mayWrite
                  ? t('users.notManageable')
                  : t('users.notManageableRead')}
            </p>
          </Notice>
        </div>
      )}
      <div className={css['columns']}>
        <div className={css['column']}>
          <Panel title={canChange ? t('users.edit') : t('users.grants')}>
            {canChange ? (
              <ReadOnlyInPreview>
                {/* What the server answers after a change is where editing starts again. */}
                <UserForm key={toVersion(user)} user={user} />
              </ReadOnlyInPreview>
            ) : (
              <GrantsList user={user} />
            )}
          </Panel>
          <WhyPanel user={user} />
        </div>
        <div className={css['column']}>
          <FactsPanel user={user} />
          {!isSelf && <PreviewPanel user={user} />}
          {canChange && <UserActions user={user} />}
        </div>
      </div>
    </Page>
  )
}

function toVersion({ id, name, homeGroup, disabled, grants }: User): string {
  return JSON.stringify([id, name, homeGroup?.id, disabled, grants.map(({ root, set }) => [root.id, set.id])])
}

function FactsPanel({ user }: { user: User }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('users.facts')}>
      <dl className={css['facts']}>
        <Fact name={t('users.home')}>
          {user.homeGroup === null ? (
            t('users.homeNone')
          ) : (
            <Link to={paths.group(user.homeGroup.id)}>{toGroupName(user.homeGroup)}</Link>
          )}
        </Fact>
        <Fact name={t('users.lastSignIn')}>
          {user.lastSignInAt === null ? t('users.signedInNever') : <Moment iso={user.lastSignInAt} />}
        </Fact>
        <Fact name={t('users.twoFactorFact')}>{user.twoFactor ? t('users.on') : t('users.off')}</Fact>
        <Fact name={t('users.created')}>{formatDateTime(user.createdAt)}</Fact>
      </dl>
    </Panel>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function PreviewPanel({ user }: { user: User }) {
  const { t } = useTranslation()
  const nothing = user.grants.length === 0
  const start = (): void => {
    choosePreview(user.id)
    location.assign(paths.overview())
  }
  return (
    <Panel title={t('users.previewTitle')}>
      <ReadOnlyInPreview>
        <Button variant="light" leftSection={<Sign name="user" size={16} />} disabled={nothing} onClick={start}>
          {t('users.preview')}
        </Button>
      </ReadOnlyInPreview>
      <p className={css['hint']}>{nothing ? t('users.previewNone') : t('users.previewHint')}</p>
    </Panel>
  )
}
