import type { Session } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Sign } from '../ui/icons.tsx'
import { Panel } from '../ui/panel.tsx'
import { Pill } from '../ui/pill.tsx'
import css from './profile.module.css'
import { TwoFactorEnd } from './two-factor-end.tsx'
import { TwoFactorStart } from './two-factor-start.tsx'

/** Whether signing in asks for a code as well, and the way to change that. */
export function TwoFactorPanel({ user }: { user: NonNullable<Session['user']> }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'start' | 'end' | null>(null)
  const on = user.twoFactor
  return (
    <Panel
      title={t('profile.twoFactor.title')}
      aside={
        <Pill tone={on ? 'ok' : 'neutral'} icon={<Sign name={on ? 'check' : 'close'} size={13} />}>
          {on ? t('profile.twoFactor.on') : t('profile.twoFactor.off')}
        </Pill>
      }
    >
      <div className={css['state']}>
        <p>{on ? t('profile.twoFactor.onText') : t('profile.twoFactor.offText')}</p>
        <Button variant={on ? 'default' : 'filled'} onClick={() => setOpen(on ? 'end' : 'start')}>
          {on ? t('profile.twoFactor.end') : t('profile.twoFactor.start')}
        </Button>
      </div>
      <TwoFactorStart opened={open === 'start'} email={user.email} onClose={() => setOpen(null)} />
      <TwoFactorEnd opened={open === 'end'} onClose={() => setOpen(null)} />
    </Panel>
  )
}
