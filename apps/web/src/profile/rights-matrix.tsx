import { covers, RIGHT_LEVELS, RIGHT_OBJECTS, type Rights } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import css from './profile.module.css'

interface RightsMatrixProps {
  value: Rights
  /** Levels above these are not offered. */
  most: Rights
  onChange: (rights: Rights) => void
}

/** One level for each kind of object: a row is a group of radio buttons. */
export function RightsMatrix({ value, most, onChange }: RightsMatrixProps) {
  const { t } = useTranslation()
  return (
    <table className={css['matrix']}>
      <caption>{t('profile.tokens.rights')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('profile.tokens.object')}</th>
          {RIGHT_LEVELS.map((level) => (
            <th key={level} scope="col">
              {t(`rights.level.${level}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {RIGHT_OBJECTS.map((object) => (
          <tr key={object}>
            <th scope="row">{t(`rights.object.${object}`)}</th>
            {RIGHT_LEVELS.map((level) => (
              <td key={level}>
                {covers(most, object, level) && (
                  <label>
                    <input
                      type="radio"
                      name={`right-${object}`}
                      aria-label={`${t(`rights.object.${object}`)}: ${t(`rights.level.${level}`)}`}
                      checked={value[object] === level}
                      onChange={() => onChange({ ...value, [object]: level })}
                    />
                  </label>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
