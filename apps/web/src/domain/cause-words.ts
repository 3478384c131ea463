import i18next from 'i18next'

/** What a run failed of, in words. The code comes from the server: it may be newer than this console. */
export function toErrorWords(code: string): string {
  const key = `sync.errorCode.${code}`
  return i18next.exists(key) ? i18next.t(key as 'sync.errorCode.timeout') : i18next.t('sync.errorCode.other')
}
