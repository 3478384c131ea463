import { Loader } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Delayed } from '../ui/delayed.tsx'
import css from './shell.module.css'

/** Before the first screen is there: nothing, and a sign of life when it takes long. */
export function Blank() {
  const { t } = useTranslation()
  return (
    <div className={css['blank']}>
      <Delayed>
        <Loader role="status" aria-label={t('shell.loading')} />
      </Delayed>
    </div>
  )
}
