import type { AuditEntry } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { formatExact } from '../i18n/format.ts'
import css from './audit.module.css'
import { isId, toField, toLines } from './words.ts'

export function EntryDetails({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation()
  const { before, after } = entry
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (field) => !isId(field),
  )
  const columns = [
    { name: 'before' as const, values: before },
    { name: 'after' as const, values: after },
  ].filter(({ values }) => values !== null)
  return (
    <div className={css['details']}>
      {fields.length === 0 ? (
        <p className="mc-dim">{t('audit.nothing')}</p>
      ) : (
        <table className={css['values']}>
          <thead>
            <tr>
              <th scope="col">{t('audit.field')}</th>
              {columns.map(({ name }) => (
                <th key={name} scope="col">
                  {t(`audit.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field}>
                <th scope="row">{toField(entry.action, field)}</th>
                {columns.map(({ name, values }) => (
                  <td key={name} data-label={t(`audit.${name}`)}>
                    {toLines(entry.action, field, values?.[field]).map((line) => (
                      <div key={line}>{line}</div>
                    ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <dl className={css['facts']}>
        <div>
          <dt>{t('audit.at')}</dt>
          <dd>{formatExact(entry.at)}</dd>
        </div>
        {entry.ipAddress !== null && (
          <div>
            <dt>{t('audit.address')}</dt>
            <dd>{entry.ipAddress}</dd>
          </div>
        )}
        {entry.requestId !== null && (
          <div>
            <dt>{t('audit.requestId')}</dt>
            <dd>
              <code translate="no">{entry.requestId}</code>
            </dd>
          </div>
        )}
      </dl>
    </div>
  )
}
