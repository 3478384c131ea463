import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionQuery } from '../api/queries.ts'
import { getLanguage, LANGUAGES, setLanguage } from '../i18n/i18n.ts'
import css from './session.module.css'

/** What stands before the console: a card in the middle, and the language for those who cannot read it yet. */
export function Gate({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const { data: session } = useQuery(sessionQuery())
  return (
    <div className={css['gate']}>
      <main className={css['card']}>
        <div className={css['brand']}>
          <img src="/favicon.svg" alt="" width={40} height={40} />
          <div>
            <b>{t('app.name')}</b>
            <p>{t('session.tagline')}</p>
          </div>
        </div>
        {children}
      </main>
      <footer className={css['foot']}>
        {LANGUAGES.map((language) => (
          <button
            key={language}
            type="button"
            lang={language}
            aria-pressed={getLanguage() === language}
            onClick={() => void setLanguage(language)}
          >
            {language === 'en' ? 'English' : 'Čeština'}
          </button>
        ))}
        <span>{session?.instance.version}</span>
      </footer>
    </div>
  )
}
