import { useTranslation } from 'react-i18next'
import { formatAge, formatExact } from '../i18n/format.ts'
import { Age } from '../ui/age.tsx'

/** How long ago in words, the exact moment on hover. */
export function Moment({ iso }: { iso: string }) {
  const { t } = useTranslation()
  return <Age iso={iso} toWords={(at, now) => formatAge(at, now) ?? t('justNow')} toExact={formatExact} />
}
