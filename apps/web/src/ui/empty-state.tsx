import type { ReactNode } from 'react'
import css from './blocks.module.css'
import { Sign, type SignName } from './icons.tsx'

export interface EmptyStateProps {
  sign: SignName
  title: string
  children?: ReactNode
  /** What to do next: an empty screen teaches the next step. */
  actions?: ReactNode
  tone?: 'plain' | 'error'
  /** It stands in place of a whole screen, so its title is the screen's heading. */
  isScreen?: boolean
}

export function EmptyState({ sign, title, children, actions, tone = 'plain', isScreen = false }: EmptyStateProps) {
  return (
    <div
      className={`${css['state']} ${tone === 'error' ? css['stateError'] : ''}`}
      role={tone === 'error' ? 'alert' : undefined}
    >
      <div className={css['stateIcon']}>
        <Sign name={sign} size={26} />
      </div>
      {isScreen ? (
        <h1 className={css['stateTitle']} tabIndex={-1}>
          {title}
        </h1>
      ) : (
        <p className={css['stateTitle']}>{title}</p>
      )}
      {children !== undefined && <div className={css['stateText']}>{children}</div>}
      {actions !== undefined && <div className={css['stateActions']}>{actions}</div>}
    </div>
  )
}
