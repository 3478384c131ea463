import type { ReactNode } from 'react'
import type { CanProps } from './can.tsx'
import { useCan } from './use-can.ts'

/** For what is only looked at: a link for those who may follow it, plain words for others. */
export function IfCan({ object, level, children, else: otherwise }: CanProps & { else: ReactNode }) {
  return useCan(object, level) ? <>{children}</> : <>{otherwise}</>
}
