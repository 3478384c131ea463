import i18next from 'i18next'
import { ApiError } from '../api/call.ts'
import { formatDuration } from '../i18n/format.ts'

/** An error in words a person can act on; the server's own sentence only where it knows more than its code says. */
export function toFailureText(error: unknown): string {
  const { t } = i18next
  if (!(error instanceof ApiError)) return t('error.crash')
  if (error.code === 'network') return t('error.network')
  if (error.code === 'unreadable-reply') return t('error.unreadable')
  if (error.code === 'too-many-requests' && error.retryAfter !== null)
    return t('error.retryIn', { wait: formatDuration(error.retryAfter * 1000) })
  return t(`error.code.${error.code}`)
}

/** Where only the password was asked for: the e-mail is not in question. */
export function toPasswordFailure(error: unknown): string {
  if (error instanceof ApiError && error.code === 'invalid-credentials') return i18next.t('error.passwordWrong')
  return toFailureText(error)
}
