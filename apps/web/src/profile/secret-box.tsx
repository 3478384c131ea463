import { useTranslation } from 'react-i18next'
import { CopyButton } from '../ui/copy-button.tsx'
import css from './profile.module.css'

/** A text to take along, by hand or by the clipboard. One click selects all of it. */
export function SecretBox({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  return (
    <div className={css['secret']} role="group" aria-label={label}>
      <code translate="no">{text}</code>
      <CopyButton value={text} label={t('profile.copy')} done={t('action.copied')} />
    </div>
  )
}
