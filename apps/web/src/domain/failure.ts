import i18next from 'i18next'
import { ApiError } from '../api/call.ts'

/** An error in words a person can act on; the server's own sentence only where it knows more than its code says. */
export function toFailureText(error: unknown): string {
  const { t } = i18next
  if (!(error instanceof ApiError)) return t('error.crash')
  if (error.code === 'network') return t('error.network')
  if (error.code === 'unreadable-reply') return t('error.unreadable')
  return t(`error.code.${error.code}`)
}
