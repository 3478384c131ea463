import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Sign } from '../ui/icons.tsx'
import { focusOnce } from '../ui/focus-once.ts'
import css from './profile.module.css'
import { SecretBox } from './secret-box.tsx'

interface RecoveryCodesProps {
  codes: readonly string[]
  email: string
  onDone: () => void
}

export function RecoveryCodes({ codes, email, onDone }: RecoveryCodesProps) {
  const { t } = useTranslation()
  const download = (): void => {
    const head = t('profile.twoFactor.fileHead', { email, origin: location.origin })
    const url = URL.createObjectURL(new Blob([`${head}\r\n\r\n${codes.join('\r\n')}\r\n`], { type: 'text/plain' }))
    const link = document.createElement('a')
    link.href = url
    link.download = t('profile.twoFactor.file')
    link.click()
    // The browser reads the blob after this handler; a minute is long enough on any machine.
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }
  return (
    <div className={css['form']}>
      <p>{t('profile.twoFactor.recoveryText')}</p>
      <SecretBox text={codes.join('\n')} label={t('profile.twoFactor.recoveryTitle')} />
      <div className={css['formEnd']}>
        <Button variant="default" leftSection={<Sign name="download" size={16} />} onClick={download}>
          {t('profile.download')}
        </Button>
        <Button onClick={onDone} ref={focusOnce}>
          {t('profile.twoFactor.recoveryDone')}
        </Button>
      </div>
    </div>
  )
}
