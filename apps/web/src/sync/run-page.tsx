import type { Run } from '@msp-console/contract'
import { useSuspenseQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { runQuery } from '../api/queries.ts'
import { RunProgress } from '../domain/run-progress.tsx'
import { formatDateTime, formatDuration, formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { Page } from '../ui/page.tsx'
import { Panel } from '../ui/panel.tsx'
import { Notice } from '../ui/pill.tsx'
import { toGroupName } from '../domain/labels.ts'
import { ChangesPanel } from './changes-panel.tsx'
import { PlanPanel } from './plan-panel.tsx'
import { COUNT_NAMES } from '../domain/run-counts.ts'
import { RunFindings } from './run-findings.tsx'
import { RunStatus } from './run-status.tsx'
import css from './sync.module.css'

/** One run: how it went, what it proved, what it changed and what it held back. */
export function RunPage() {
  const { t } = useTranslation()
  const { runId = '' } = useParams()
  const { data: run } = useSuspenseQuery(runQuery(runId))
  const by = run.startedBy
  return (
    <Page
      title={t('sync.run', { when: formatDateTime(run.startedAt) })}
      lead={
        <>
          <Link to={paths.sync()}>{t('sync.title')}</Link> · {run.accountName}
        </>
      }
      actions={<RunStatus run={run} />}
    >
      <div className={css['run']}>
        {run.status === 'running' && (
          <Panel title={t(`sync.phase.${run.phase}`)}>
            <RunProgress run={run} />
          </Panel>
        )}
        {run.preview && run.status === 'succeeded' && (
          <Notice tone="accent" icon={<Sign name="info" />}>
            <p>{t('plans.preview.notice')}</p>
          </Notice>
        )}
        <RunFindings run={run} />
        {(run.preview || run.hold !== null) && run.status === 'succeeded' && <PlanPanel run={run} />}
        {run.partial && (
          <Notice icon={<Sign name="info" />}>
            <p>{t('rights.partialRun')}</p>
          </Notice>
        )}
        <Panel title={t('sync.summary')}>
          <ul className={css['counts']}>
            {COUNT_NAMES.map((name) => (
              <li key={name} data-zero={run.counts[name] === 0}>
                <b className="mc-numeric">{formatNumber(run.counts[name])}</b>
                <span>{t(`sync.count.${name}`)}</span>
              </li>
            ))}
          </ul>
          <dl className={css['facts']}>
            <Fact name={t('sync.facts.trigger')}>
              {by === null
                ? t(`sync.trigger.${run.trigger}`)
                : t('sync.triggeredBy', { trigger: t(`sync.trigger.${run.trigger}`), who: by })}
            </Fact>
            <Fact name={t('sync.duration')}>{toDuration(run) ?? t('sync.status.running')}</Fact>
            {!run.partial && (
              <>
                <Fact name={t('sync.facts.calls')}>{formatNumber(run.calls)}</Fact>
                <Fact name={t('sync.facts.listed')}>{formatNumber(run.listed)}</Fact>
              </>
            )}
            {run.company !== null && (
              <Fact name={t('plans.company.fact')}>
                <Link to={paths.group(run.company.id)}>{toGroupName(run.company)}</Link>
              </Fact>
            )}
            {run.strategy !== null && <Fact name={t('sync.facts.strategy')}>{t(`sync.strategy.${run.strategy}`)}</Fact>}
          </dl>
          {run.complete === true && (
            <p className={css['proof']}>
              <Sign name="check" size={16} /> {t('sync.complete')}
            </p>
          )}
        </Panel>
        {!run.preview && <ChangesPanel run={run} />}
      </div>
    </Page>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="mc-numeric">{children}</dd>
    </div>
  )
}

function toDuration(run: Run): string | null {
  return run.finishedAt === null ? null : formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))
}
