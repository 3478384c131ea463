import { RIGHT_OBJECTS, type ApiToken } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tokensQuery } from '../api/profile-queries.ts'
import { sessionQuery } from '../api/queries.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { toGroupName } from '../domain/labels.ts'
import { Moment } from '../domain/moment.tsx'
import { formatDateTime } from '../i18n/format.ts'
import { useNow } from '../ui/age.tsx'
import { Sign } from '../ui/icons.tsx'
import { Panel } from '../ui/panel.tsx'
import { Pill } from '../ui/pill.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import css from './profile.module.css'
import { RevokeDialog } from './revoke-dialog.tsx'
import { TokenDialog } from './token-dialog.tsx'

export function TokensPanel() {
  const { t } = useTranslation()
  const { data: session } = useQuery(sessionQuery())
  const { data, error, refetch } = useQuery({ ...tokensQuery(), staleTime: 0 })
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<ApiToken | null>(null)
  const view = session?.view ?? null
  return (
    <Panel
      title={t('profile.tokens.title')}
      flush
      aside={
        view !== null && (
          <Button size="compact-sm" leftSection={<Sign name="plus" size={15} />} onClick={() => setMaking(true)}>
            {t('profile.tokens.new')}
          </Button>
        )
      }
    >
      <p className={css['lead']}>{t('profile.tokens.lead')}</p>
      {data === undefined && error === null && <RowsSkeleton rows={3} label={t('loading')} />}
      {data === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 && <p className={css['quiet']}>{t('profile.tokens.empty')}</p>}
      <ul className={css['list']}>
        {data?.items.map((token) => (
          <TokenLine key={token.id} token={token} onRevoke={() => setRevoking(token)} />
        ))}
      </ul>
      {view !== null && <TokenDialog opened={making} view={view} onClose={() => setMaking(false)} />}
      <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />
    </Panel>
  )
}

function TokenLine({ token, onRevoke }: { token: ApiToken; onRevoke: () => void }) {
  const { t } = useTranslation()
  const expired = Date.parse(token.expiresAt) <= useNow()
  const given = RIGHT_OBJECTS.filter((object) => token.rights[object] !== 'none').map(
    (object) => `${t(`rights.object.${object}`)}: ${t(`rights.level.${token.rights[object]}`)}`,
  )
  return (
    <li>
      <div className={css['item']}>
        <div className={css['itemTitle']}>
          <span>{token.name}</span>
          {expired && <Pill tone="gone">{t('profile.tokens.expired')}</Pill>}
        </div>
        <p className={css['meta']}>
          <span>
            {t('profile.tokens.root')}: {token.root === null ? t('profile.tokens.lost') : toGroupName(token.root)}
          </span>
          <span>{given.join(' · ')}</span>
        </p>
        <p className={css['meta']}>
          <span>
            {t('profile.tokens.created')} <Moment iso={token.createdAt} />
          </span>
          <span>
            {t('profile.tokens.expires')} {formatDateTime(token.expiresAt)}
          </span>
          <span>
            {t('profile.tokens.lastUsed')} {token.lastUsedAt === null ? t('never') : <Moment iso={token.lastUsedAt} />}
          </span>
        </p>
      </div>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={t('profile.tokens.revokeLabel', { name: token.name })}
        onClick={onRevoke}
      >
        {t('profile.tokens.revoke')}
      </Button>
    </li>
  )
}
