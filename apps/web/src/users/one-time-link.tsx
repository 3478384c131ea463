import type { UserLink } from '@msp-console/contract'
import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatDateTime } from '../i18n/format.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import css from './users.module.css'

/** A link for one use, shown once: to copy, with how long it works. */
export function OneTimeLink({ link, onDone }: { link: UserLink; onDone: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={css['form']}>
      <p>{t('users.linkText')}</p>
      <div className={css['link']} role="group" aria-label={t('users.linkLabel')}>
        <code>{link.url}</code>
        <CopyButton value={link.url} label={t('users.copyLink')} done={t('action.copied')} />
      </div>
      <p className="mc-dim">{t('users.linkUntil', { until: formatDateTime(link.expiresAt) })}</p>
      <Group justify="flex-end">
        <Button onClick={onDone}>{t('users.done')}</Button>
      </Group>
    </div>
  )
}
