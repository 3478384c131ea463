import type { Group } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Can } from '../domain/can.tsx'
import { GroupPath } from '../domain/group-path.tsx'
import { toGroupName } from '../domain/labels.ts'
import { SetupActions } from '../domain/setup-actions.tsx'
import { StateIcon } from '../domain/state-icon.tsx'
import { StatePill, StatusBadges } from '../domain/state-pill.tsx'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { PageTitle } from '../ui/page.tsx'
import { Notice, Pill } from '../ui/pill.tsx'
import { ChildrenPanel } from './children-panel.tsx'
import { CompanyActions } from './company-actions.tsx'
import { FactsPanel } from './facts-panel.tsx'
import css from './group.module.css'
import { HistoryPanel } from './history-panel.tsx'
import { OwnAccess } from './own-access.tsx'
import { RollUpPanel } from './roll-up-panel.tsx'
import { StateReason } from './state-reason.tsx'

/** Everything about one group: what it is, what state it is in and why, what is below it, what happened to it. */
export function GroupPage({ group }: { group: Group }) {
  const { t } = useTranslation()
  const name = toGroupName(group)
  const customer = group.kind === 'customer'
  return (
    <article className={css['group']}>
      <header className={css['head']}>
        {group.ancestors.length > 0 && <GroupPath path={group.ancestors} />}
        {group.ancestors.length === 0 && group.kind !== 'all' && <p className="mc-above">{t('rights.aboveOutside')}</p>}
        <div className={css['title']}>
          <span className={css['icon']}>
            <StateIcon kind={group.kind} state={group.state} size={30} labelled={false} />
          </span>
          <PageTitle className={css['name']}>{name}</PageTitle>
        </div>
        <div className={css['badges']}>
          {t(`kind.${group.kind}`) !== name && <Pill>{t(`kind.${group.kind}`)}</Pill>}
          {(customer || group.state === 'unlinked') && <StatePill state={group.state} setup={group.setup} />}
          <StatusBadges
            presence={group.presence}
            sourceStatus={group.company === null ? 'active' : group.sourceStatus}
          />
          <OwnAccess key={group.id} group={group} />
          {group.company !== null && (
            <div className={css['actions']}>
              <CompanyActions group={group} />
              {customer && isCutOff(group) && (
                <Can object="accounts" level="write">
                  <Button component={Link} to={paths.connectAccount(group.account?.id)}>
                    {t('groups.connectAgain')}
                  </Button>
                </Can>
              )}
              {customer && (
                <SetupActions
                  id={group.id}
                  name={name}
                  setup={group.setup}
                  rank={isCutOff(group) ? 'second' : 'first'}
                />
              )}
            </div>
          )}
        </div>
      </header>
      {group.company !== null && <StateReason group={group} company={group.company} />}
      {group.elsewhere.length > 0 && (
        <Notice icon={<Sign name="info" size={18} />}>
          <p>
            {t('groups.elsewhereText')}{' '}
            {group.elsewhere.map((other, index) => (
              <span key={other.id}>
                {index > 0 && ', '}
                <Link to={paths.group(other.id)}>{other.accountName}</Link>
              </span>
            ))}
          </p>
        </Notice>
      )}
      <div className={css['columns']}>
        <div className={css['column']}>
          {!customer && <RollUpPanel group={group} />}
          {!customer && <ChildrenPanel group={group} />}
          {customer && group.company !== null && <FactsPanel group={group} company={group.company} />}
        </div>
        {group.company !== null && (
          <div className={css['column']}>
            {!customer && <FactsPanel group={group} company={group.company} />}
            <HistoryPanel group={group} />
          </div>
        )}
      </div>
    </article>
  )
}

/** Removed only because nothing is read from its account any more: connecting that again helps, setting up does not. */
function isCutOff(group: Group): boolean {
  return group.presence === 'unlinked' && group.account?.state === 'disconnected'
}
