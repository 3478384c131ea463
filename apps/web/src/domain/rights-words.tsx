import { RIGHT_OBJECTS, type Rights, type RightObject, type SetLink } from '@msp-console/contract'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import css from './rights-words.module.css'

/** Built-in sets are named in the reader's language, others by who made them; one from above the view is not named. */
export function toSetName({ key, name }: Pick<SetLink, 'key' | 'name'>): string {
  if (key !== null) return i18next.t(`rights.set.${key}`)
  return name === '' ? i18next.t('rights.setAbove') : name
}

/** What it allows for one kind of object, as a phrase; null where it allows nothing. */
export function toMeaning(object: RightObject, rights: Rights): string | null {
  const level = rights[object]
  return level === 'none' ? null : i18next.t(`rights.means.${object}.${level}`)
}

/** What rights allow, a line for each kind of object that they say anything about. */
export function RightsMeaning({ rights }: { rights: Rights }) {
  const { t } = useTranslation()
  const lines = RIGHT_OBJECTS.flatMap((object) => toMeaning(object, rights) ?? [])
  if (lines.length === 0) return <p className={css['nothing']}>{t('rights.meansNothing')}</p>
  return (
    <ul className={css['meaning']}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
