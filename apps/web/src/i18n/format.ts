import { getLocale } from './i18n.ts'

// Numbers and dates in the language of the console and the time zone of the browser.

const numbers = new Map<string, Intl.NumberFormat>()
const dates = new Map<string, Intl.DateTimeFormat>()
const ages = new Map<string, Intl.RelativeTimeFormat>()

function cached<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

export function formatNumber(value: number): string {
  const locale = getLocale()
  return cached(numbers, locale, () => new Intl.NumberFormat(locale)).format(value)
}

/** Whole percent, e.g. "37 %"; 0 of 0 is 0. Never rounds up to all or down to nothing. */
export function formatShare(part: number, whole: number): string {
  const locale = getLocale()
  const format = cached(numbers, `${locale}%`, () => new Intl.NumberFormat(locale, { style: 'percent' }))
  return format.format(toShare(part, whole))
}

/** Share in steps of a hundredth, 0 … 1; 1 and 0 only when exact. */
export function toShare(part: number, whole: number): number {
  if (whole <= 0) return 0
  const hundredths = Math.round((part / whole) * 100)
  if (part > 0 && hundredths === 0) return 0.01
  if (part < whole && hundredths === 100) return 0.99
  return hundredths / 100
}

/** Day and time to the minute. `iso` is an ISO timestamp. */
export function formatDateTime(iso: string): string {
  const locale = getLocale()
  return cached(
    dates,
    `${locale} minute`,
    () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
  ).format(new Date(iso))
}

/** Day, time to the second and zone: what stands in a title. */
export function formatExact(iso: string): string {
  const locale = getLocale()
  return cached(
    dates,
    `${locale} exact`,
    () => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }),
  ).format(new Date(iso))
}

const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "3 minutes ago"; null when it is less than a minute away, which the caller words itself. */
export function formatAge(iso: string, now: number): string | null {
  const seconds = (Date.parse(iso) - now) / 1000
  const step = STEPS.find(([, size]) => Math.abs(seconds) >= size)
  if (step === undefined) return null
  const locale = getLocale()
  const format = cached(ages, locale, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
  return format.format(Math.trunc(seconds / step[1]), step[0])
}

/** "1 min 20 s", "35 s", "0.4 s". */
export function formatDuration(milliseconds: number): string {
  const locale = getLocale()
  const unit = (value: number, name: string, digits: number): string =>
    cached(
      numbers,
      `${locale} ${name} ${digits}`,
      () =>
        new Intl.NumberFormat(locale, {
          style: 'unit',
          unit: name,
          unitDisplay: 'short',
          maximumFractionDigits: digits,
        }),
    ).format(value)
  const seconds = milliseconds / 1000
  if (seconds < 10) return unit(seconds, 'second', 1)
  if (seconds < 60) return unit(Math.round(seconds), 'second', 0)
  if (seconds < 3600)
    return `${unit(Math.floor(seconds / 60), 'minute', 0)} ${unit(Math.round(seconds % 60), 'second', 0)}`
  return `${unit(Math.floor(seconds / 3600), 'hour', 0)} ${unit(Math.round((seconds % 3600) / 60), 'minute', 0)}`
}
