import type { AuditEntry } from '@msp-console/contract'
import { UnstyledButton } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { GroupPath } from '../domain/group-path.tsx'
import { toGroupName } from '../domain/labels.ts'
import { formatDateTime, formatExact } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Sign, type SignName } from '../ui/icons.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'
import css from './audit.module.css'
import { EntryDetails } from './entry-details.tsx'
import { toActionName, toTarget } from './words.ts'

const OUTCOME: Readonly<Record<AuditEntry['outcome'], { tone: Tone; sign: SignName }>> = {
  done: { tone: 'ok', sign: 'check' },
  refused: { tone: 'todo', sign: 'lock' },
  failed: { tone: 'gone', sign: 'error' },
}

/** One entry; the arrow before it opens what it was before and after, and where the request came from. */
export function EntryRow({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const id = useId()
  const action = toActionName(entry.action)
  const at = formatDateTime(entry.at)
  const target = toTarget(entry)
  const { tone, sign } = OUTCOME[entry.outcome]
  return (
    <>
      <tr data-open={open}>
        <td>
          <UnstyledButton
            className={css['toggle'] ?? ''}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            aria-label={t('audit.details', { action, at })}
            onClick={() => setOpen(!open)}
          >
            <Sign name={open ? 'chevronDown' : 'chevronRight'} size={15} />
            <time dateTime={entry.at} title={formatExact(entry.at)}>
              {at}
            </time>
          </UnstyledButton>
        </td>
        <td data-label={t('audit.actor')}>
          {entry.actor ?? <span className="mc-dim">{t('audit.someone')}</span>}
          {entry.token !== null && <div className={css['meta']}>{t('audit.token', { name: entry.token })}</div>}
        </td>
        <td className={css['what']}>
          <b>{action}</b>
          {target !== null && <div className={css['meta']}>{target}</div>}
        </td>
        <td data-label={t('audit.where')}>
          {entry.group === null ? (
            <span className="mc-dim">{t('audit.anywhere')}</span>
          ) : (
            <>
              <Link to={paths.group(entry.group.id)} className={css['group']}>
                {toGroupName(entry.group)}
              </Link>
              <GroupPath path={entry.path} short />
            </>
          )}
        </td>
        <td>
          <Pill tone={tone} icon={<Sign name={sign} size={13} />}>
            {t(`audit.outcomes.${entry.outcome}`)}
          </Pill>
        </td>
      </tr>
      {open && (
        <tr id={id} className={css['opened']}>
          <td colSpan={5}>
            <EntryDetails entry={entry} />
          </td>
        </tr>
      )}
    </>
  )
}
