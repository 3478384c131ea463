import type { GroupLink, User } from '@msp-console/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { explainAccessQuery } from '../api/user-queries.ts'
import { AccessWords } from '../domain/access-words.tsx'
import { FailureState } from '../domain/failure-state.tsx'
import { Panel } from '../ui/panel.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { GroupPicker } from './group-picker.tsx'
import css from './users.module.css'

/** Asks about one group, answers in words. */
export function WhyPanel({ user }: { user: User }) {
  const { t } = useTranslation()
  const [group, setGroup] = useState<GroupLink | null>(null)
  return (
    <Panel title={t('users.whyTitle')}>
      <div className={css['form']}>
        <p className="mc-dim">{t('users.whyLead')}</p>
        <GroupPicker label={t('users.group')} value={group} onChange={setGroup} />
        <div aria-live="polite">{group !== null && <Answer user={user} group={group} />}</div>
      </div>
    </Panel>
  )
}

function Answer({ user, group }: { user: User; group: GroupLink }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({ ...explainAccessQuery(user.id, group.id), staleTime: 0 })
  if (data !== undefined) return <AccessWords explained={data} group={group} who={user.name} />
  if (error !== null) return <FailureState error={error} retry={() => void refetch()} />
  return <RowsSkeleton rows={3} label={t('loading')} />
}
