import type { UserLink } from '@msp-console/contract'
import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatDateTime } from '../i18n/format.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { focusOnce } from '../ui/focus-once.ts'
import css from './users.module.css'

/** A link for one use, shown once: to copy, with how long it works. */
export function OneTimeLink({ link, onDone }: { link: UserLink; onDone: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={css['form']}>
      <p>{t('users.linkText')}</p>
      {/* Not Done: a second Enter would lose the link. From here the next step is to copy it. */}
      <div
        className={css['link']}
        role="group"
        aria-label={t('users.linkLabel')}
        tabIndex={-1}
        ref={focusOnce}
        data-autofocus
      >
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
