import type { User } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { Sign } from '../ui/icons.tsx'
import { Pill } from '../ui/pill.tsx'
import css from './users.module.css'

/** Whether this user can sign in, and how well that is protected. */
export function UserPills({ user }: { user: Pick<User, 'invited' | 'disabled' | 'twoFactor'> }) {
  const { t } = useTranslation()
  return (
    <span className={css['pills']}>
      {user.disabled && (
        <Pill tone="gone" icon={<Sign name="lock" size={13} />}>
          {t('users.disabled')}
        </Pill>
      )}
      {user.invited && (
        <Pill tone="todo" icon={<Sign name="clock" size={13} />} title={t('users.invitedHint')}>
          {t('users.invited')}
        </Pill>
      )}
      {!user.disabled && !user.invited && (
        <Pill tone="ok" icon={<Sign name="check" size={13} />}>
          {t('users.active')}
        </Pill>
      )}
      {user.twoFactor && (
        <Pill tone="accent" icon={<Sign name="lock" size={13} />}>
          {t('users.twoFactor')}
        </Pill>
      )}
    </span>
  )
}
