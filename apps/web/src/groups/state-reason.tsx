import type { CompanyFacts, Group } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { useView } from '../domain/use-can.ts'
import { formatAge } from '../i18n/format.ts'
import { useNow } from '../ui/age.tsx'
import { Sign } from '../ui/icons.tsx'
import css from './group.module.css'

/** Why the icon is what it is, in sentences; and that and why the structure cannot be edited here. */
export function StateReason({ group, company }: { group: Group; company: CompanyFacts }) {
  const { t } = useTranslation()
  const now = useNow()
  const isWhole = useView()?.root.kind === 'all'
  const why = [presenceReason(), setupReason()].filter((reason) => reason !== null)
  return (
    <div className={css['reasons']}>
      {why.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      {group.sourceStatus === 'suspended' && <p>{t('groups.reason.suspended')}</p>}
      {group.account?.state === 'connected' && (
        <p className={css['readOnly']}>
          <Sign name="lock" size={15} />
          <span>
            <b>{t('groups.readOnly')}.</b> {t('groups.readOnlyWhy', { account: group.account.name })}
          </span>
        </p>
      )}
    </div>
  )

  function presenceReason(): string | null {
    if (group.presence === 'present') return null
    if (group.presence === 'unlinked' && group.account?.state === 'disconnected') return t('groups.reason.disconnected')
    return t(`groups.reason.${group.presence}`)
  }

  function setupReason(): string | null {
    if (group.kind !== 'customer') return null
    if (group.setup === 'none') return group.presence === 'unlinked' ? null : t('groups.reason.notSetUp')
    if (company.setupAt === null)
      return t(group.setup === 'done' ? 'groups.reason.doneUnknown' : 'groups.reason.skippedUnknown')
    const age = formatAge(company.setupAt, Math.max(now, Date.parse(company.setupAt))) ?? t('justNow')
    return t(`groups.reason.${group.setup}`, {
      by: company.setupBy ?? (isWhole ? t('groups.somebody') : t('rights.somebodyOutside')),
      age,
    })
  }
}
