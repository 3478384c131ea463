import type { RightLevel, RightObject } from '@msp-console/contract'
import type { ReactNode } from 'react'
import css from './can.module.css'
import { useCan, useView } from './use-can.ts'

export interface CanProps {
  object: RightObject
  level: Exclude<RightLevel, 'none'>
  children: ReactNode
}

/** Shows its controls to those who may use them. In a preview they are there, as that user has them, but do nothing. */
export function Can({ object, level, children }: CanProps) {
  const can = useCan(object, level)
  return can ? <ReadOnlyInPreview>{children}</ReadOnlyInPreview> : null
}

/** A preview changes nothing: controls inside are disabled, all at once, by the browser. */
export function ReadOnlyInPreview({ children }: { children: ReactNode }) {
  const view = useView()
  if (view === null || view.preview === null) return <>{children}</>
  return (
    <fieldset disabled className={css['off']}>
      {children}
    </fieldset>
  )
}
