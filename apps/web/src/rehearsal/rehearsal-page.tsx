import {
  REHEARSAL_NAMES,
  listRehearsals,
  type Rehearsal,
  type RehearsalName,
  startRehearsal,
} from '@msp-console/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../api/call.ts'
import { rehearsalsQuery } from '../api/queries.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { tellFailure } from '../domain/use-setup.ts'
import { formatNumber } from '../i18n/format.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { notify } from '../ui/notify.tsx'
import { Page } from '../ui/page.tsx'
import { Panel } from '../ui/panel.tsx'
import { Notice, Pill } from '../ui/pill.tsx'
import css from './rehearsal.module.css'

/** Demo only: makes the source misbehave, so that people see the guard work before they need it. */
export function RehearsalPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(rehearsalsQuery())
  const rehearse = useMutation({
    mutationFn: (name: RehearsalName | 'restore') => call(startRehearsal, { body: { name } }),
    onSuccess: (_, name) => {
      const words = name === 'restore' ? t('rehearsal.restored') : t('rehearsal.started')
      notify(words, { closeLabel: t('action.close') })
      void client.invalidateQueries({ queryKey: [listRehearsals.name] })
    },
    onError: tellFailure,
  })
  const active = data?.active ?? []
  if (error !== null && data === undefined) return <FailureState isScreen error={error} retry={() => void refetch()} />
  return (
    <Page
      title={t('rehearsal.title')}
      lead={t('rehearsal.lead')}
      actions={
        active.length > 0 && (
          <BusyButton variant="default" busy={rehearse.isPending} onClick={() => rehearse.mutate('restore')}>
            {t('rehearsal.restore')}
          </BusyButton>
        )
      }
    >
      {data !== undefined && active.length === 0 && (
        <div className={css['state']}>
          <Notice icon={<Sign name="check" size={18} />}>
            <p>{t('rehearsal.none')}</p>
          </Notice>
        </div>
      )}
      <div className={css['cards']}>
        {REHEARSAL_NAMES.map((name) => {
          const known = active.find((each) => each.name === name)
          return (
            <Panel
              key={name}
              title={t(`rehearsal.${name}.title`)}
              aside={known && <Pill tone="todo">{t('rehearsal.active')}</Pill>}
              className={css['card']}
            >
              <p>{t(`rehearsal.${name}.what`)}</p>
              <p className="mc-dim">{t(`rehearsal.${name}.result`)}</p>
              <footer>
                <BusyButton
                  variant="light"
                  busy={rehearse.isPending || known !== undefined}
                  aria-label={`${t('rehearsal.start')}: ${t(`rehearsal.${name}.title`)}`}
                  onClick={() => rehearse.mutate(name)}
                >
                  {known === undefined ? t('rehearsal.start') : t('rehearsal.again')}
                </BusyButton>
                {known !== undefined && <About rehearsal={known} />}
              </footer>
            </Panel>
          )
        })}
      </div>
    </Page>
  )
}

function About({ rehearsal: { companies, subject } }: { rehearsal: Rehearsal }) {
  const { t } = useTranslation()
  if (companies === 0) return null
  const words = { count: companies, shown: formatNumber(companies), subject }
  return <span className="mc-dim">{subject === null ? t('rehearsal.count', words) : t('rehearsal.about', words)}</span>
}
