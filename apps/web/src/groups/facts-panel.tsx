import type { CompanyFacts, Group } from '@msp-console/contract'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useCan } from '../domain/use-can.ts'
import { formatDateTime } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Panel } from '../ui/panel.tsx'
import { Pill } from '../ui/pill.tsx'
import css from './group.module.css'

/** What the source said. What it has not said reads "unknown", never empty. */
export function FactsPanel({ group, company }: { group: Group; company: CompanyFacts }) {
  const { t } = useTranslation()
  const canReadAccounts = useCan('accounts', 'read')
  const code = (name: string, number: number | null): string =>
    number === null ? name : t('groups.codeNumber', { name, code: number })
  return (
    <Panel title={t('groups.facts')}>
      <dl className={css['facts']}>
        <Fact name={t('groups.identifier')}>
          <Text value={company.customIdentifier} />
        </Fact>
        <Fact name={t('groups.status')}>{code(t(`sourceStatus.${group.sourceStatus}`), company.statusCode)}</Fact>
        <Fact name={t('groups.typeCode')}>{code(t(`kind.${group.kind}`), company.typeCode)}</Fact>
        {group.account !== null && (
          <Fact name={t('groups.account')}>
            {canReadAccounts ? <Link to={paths.accounts()}>{group.account.name}</Link> : group.account.name}
          </Fact>
        )}
        <Fact name={t('groups.email')}>
          <Email value={company.email} />
        </Fact>
        <Fact name={t('groups.vat')}>
          <Text value={company.vatId} />
        </Fact>
        <Fact name={t('groups.address')}>
          {company.address === null ? <Unknown /> : <Address address={company.address} />}
        </Fact>
        <Fact name={t('groups.description')}>
          <Text value={company.description} />
        </Fact>
        <Fact name={t('groups.tags')}>
          {company.tags === null ? (
            <Unknown />
          ) : company.tags.length === 0 ? (
            t('none')
          ) : (
            <span className={css['tags']}>
              {company.tags.map((tag) => (
                <Pill key={tag}>{tag}</Pill>
              ))}
            </span>
          )}
        </Fact>
        {company.formerNames.length > 0 && <Fact name={t('groups.formerNames')}>{company.formerNames.join(', ')}</Fact>}
        <Fact name={t('groups.firstSeen')}>{formatDateTime(company.firstSeenAt)}</Fact>
        <Fact name={t('groups.lastSeen')}>
          {company.lastSeenAt === null ? <Unknown /> : formatDateTime(company.lastSeenAt)}
        </Fact>
        <Fact name={t('groups.changed')}>{formatDateTime(company.changedAt)}</Fact>
        <Fact name={t('groups.guid')}>
          <code className={css['guid']}>{company.guid}</code>
          <CopyButton value={company.guid} label={t('groups.copyGuid')} done={t('action.copied')} />
        </Fact>
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

function Text({ value }: { value: string | null }) {
  const { t } = useTranslation()
  if (value === null) return <Unknown />
  return value === '' ? <span className="mc-dim">{t('groups.emptyValue')}</span> : <>{value}</>
}

/** Breaks before the @ rather than anywhere. */
function Email({ value }: { value: string | null }) {
  const at = value?.indexOf('@') ?? -1
  if (value === null || at <= 0) return <Text value={value} />
  return (
    <span>
      {value.slice(0, at)}
      <wbr />
      {value.slice(at)}
    </span>
  )
}

function Unknown() {
  const { t } = useTranslation()
  return (
    <span className={css['unknown']} title={t('groups.unknownHint')}>
      {t('unknown')}
    </span>
  )
}

function Address({ address }: { address: NonNullable<CompanyFacts['address']> }) {
  const { t } = useTranslation()
  const place = [address.zipCode, address.city].filter((part) => part !== '').join(' ')
  const whole = [address.street, place, address.state, address.countryCode].filter((part) => part !== '')
  return whole.length === 0 ? <span className="mc-dim">{t('groups.emptyValue')}</span> : <>{whole.join(', ')}</>
}
