import type { View } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { endPreview } from '../api/view.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import css from './frame.module.css'

/** Stands above everything while the console shows another user's part. */
export function PreviewBanner({ preview }: { preview: NonNullable<View['preview']> }) {
  const { t } = useTranslation()
  const end = (): void => {
    endPreview()
    location.assign(paths.user(preview.id))
  }
  return (
    <section className={css['banner']} aria-label={t('preview.label')}>
      <Sign name="user" size={16} />
      <p title={preview.email}>{t('preview.text', { name: preview.name })}</p>
      <Button size="compact-sm" variant="default" onClick={end}>
        {t('preview.end')}
      </Button>
    </section>
  )
}
