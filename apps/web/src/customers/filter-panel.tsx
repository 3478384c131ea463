import type { CustomerState, GroupKind, Presence, Setup, SourceStatus } from '@msp-console/contract'
import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../api/queries.ts'
import css from './customers.module.css'
import { CHOICE_NAMES, CHOICES, toValues, type ChoiceName, type View } from './filter-url.ts'

/** The word of a filter value. Values come from `CHOICES`, so each is a word of its filter. */
export function toChoiceWord(name: ChoiceName, value: string): string {
  const { t } = i18next
  switch (name) {
    case 'state':
      return t(`state.${value as CustomerState}`) // from CHOICES.state
    case 'setup':
      return t(`setupState.${value as Setup}`) // from CHOICES.setup
    case 'presence':
      return t(`presence.${value as Presence}`) // from CHOICES.presence
    case 'sourceStatus':
      return t(`sourceStatus.${value as SourceStatus}`) // from CHOICES.sourceStatus
    case 'parentKind':
      return t(`kind.${value as GroupKind}`) // from CHOICES.parentKind
  }
}

interface FilterPanelProps {
  view: View
  onChange: (view: View) => void
}

/** All filters; each takes effect at once. */
export function FilterPanel({ view, onChange }: FilterPanelProps) {
  const { t } = useTranslation()
  const { data: accounts } = useQuery(accountsQuery())
  const { filter, sort } = view
  const set = (name: ChoiceName | 'account', value: string): void => {
    const { [name]: _, ...rest } = filter
    onChange({ filter: value === '' ? rest : { ...rest, [name]: value }, sort })
  }
  const flip = (name: ChoiceName, word: string): void => {
    const chosen = new Set(toValues(filter[name], CHOICES[name]))
    if (chosen.has(word)) chosen.delete(word)
    else chosen.add(word)
    set(name, toValues([...chosen].join(','), CHOICES[name]).join(','))
  }
  return (
    <div className={css['panel']}>
      {CHOICE_NAMES.map((name) => {
        const chosen = toValues(filter[name], CHOICES[name])
        return (
          <fieldset key={name}>
            <legend>{t(`customers.filter.${name}`)}</legend>
            {CHOICES[name].map((word) => (
              <Checkbox
                key={word}
                size="xs"
                label={toChoiceWord(name, word)}
                checked={chosen.includes(word)}
                onChange={() => flip(name, word)}
              />
            ))}
          </fieldset>
        )
      })}
      {accounts !== undefined && accounts.items.length > 1 && (
        <label className={css['account']}>
          <span>{t('customers.filter.account')}</span>
          <select value={filter.account ?? ''} onChange={(event) => set('account', event.currentTarget.value)}>
            <option value="">{t('customers.any')}</option>
            {accounts.items.map((account) => (
              <option key={account.id} value={account.id}>
                {account.name}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  )
}
