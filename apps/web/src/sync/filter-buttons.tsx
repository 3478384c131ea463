import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import css from './sync.module.css'

interface FilterButtonsProps<Value extends string> {
  label: string
  /** Undefined: everything. */
  chosen: Value | undefined
  /** Null: not known yet. */
  options: readonly { value: Value; name: string; count: number | null }[]
  onChoose: (value?: Value) => void
}

/** One of a few, or everything; nothing where there is nothing to choose. */
export function FilterButtons<Value extends string>({ label, chosen, options, onChoose }: FilterButtonsProps<Value>) {
  const { t } = useTranslation()
  if (options.length < 2 && chosen === undefined) return null
  return (
    <div className={css['kinds']} role="group" aria-label={label}>
      <button type="button" aria-pressed={chosen === undefined} onClick={() => onChoose()}>
        {t('sync.allKinds')}
      </button>
      {options.map(({ value, name, count }) => (
        <button key={value} type="button" aria-pressed={chosen === value} onClick={() => onChoose(value)}>
          {name} {count !== null && <span className="mc-numeric">{formatNumber(count)}</span>}
        </button>
      ))}
    </div>
  )
}
