import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'

// Language of the console: English is bundled because it is the fallback, Czech is fetched when chosen. The choice is
// kept in this browser, else the browser's own languages decide.

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
  }
}

export const LANGUAGES = ['en', 'cs'] as const
export type Language = (typeof LANGUAGES)[number]

/** Also read by public/before-paint.js. */
const STORAGE_KEY = 'msp-console.language'

function toLanguage(tag: string | null | undefined): Language | null {
  const base = tag?.split('-')[0]?.toLowerCase()
  return LANGUAGES.find((language) => language === base) ?? null
}

export function getLanguage(): Language {
  return toLanguage(i18next.language) ?? 'en'
}

/** The language with the region this browser prefers, e.g. `en-GB`: how numbers and dates are written. */
export function getLocale(): string {
  const language = getLanguage()
  return navigator.languages.find((tag) => toLanguage(tag) === language) ?? language
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes; escaping twice would show &amp; in names.
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  await setLanguage(readStored() ?? preferred(), false)
}

/** Loads the texts if needed, switches, tells the document, and remembers the choice unless told not to. */
export async function setLanguage(language: Language, remember = true): Promise<void> {
  if (language === 'cs' && !i18next.hasResourceBundle('cs', 'translation')) {
    const { cs } = await import('./cs.ts')
    i18next.addResourceBundle('cs', 'translation', cs)
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  if (remember) localStorage.setItem(STORAGE_KEY, language)
}

function readStored(): Language | null {
  try {
    return toLanguage(localStorage.getItem(STORAGE_KEY))
  } catch {
    return null
  }
}

function preferred(): Language {
  for (const tag of navigator.languages) {
    const language = toLanguage(tag)
    if (language !== null) return language
  }
  return 'en'
}
