import { ActionIcon, Button, Popover, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountsQuery, groupQuery } from '../api/queries.ts'
import { toGroupName } from '../domain/labels.ts'
import { formatNumber } from '../i18n/format.ts'
import { Sign } from '../ui/icons.tsx'
import { ColumnChooser } from './column-chooser.tsx'
import css from './customers.module.css'
import { FilterPanel, toChoiceWord } from './filter-panel.tsx'
import {
  CHOICE_NAMES,
  CHOICES,
  countFilters,
  PRESETS,
  toPreset,
  toValues,
  type PresetName,
  type View,
} from './filter-url.ts'
import { SortSelect } from './sort-select.tsx'
import type { ShownColumns } from './use-columns.ts'

const TYPING_MS = 200

export interface FilterBarProps {
  view: View
  onChange: (view: View, replace?: boolean) => void
  shown: ShownColumns
  onShown: (shown: ShownColumns) => void
}

export function FilterBar({ view, onChange, shown, onShown }: FilterBarProps) {
  const { t } = useTranslation()
  const { filter, sort } = view
  const active = countFilters(filter)
  const preset = toPreset(filter)
  const usePreset = (name: PresetName): void =>
    onChange({ filter: { ...PRESETS[name], ...(filter.q === undefined ? {} : { q: filter.q }) }, sort })
  return (
    <div className={css['bar']}>
      <div className={css['tools']}>
        <SearchField view={view} onChange={onChange} />
        <div className={css['presets']} role="group" aria-label={t('customers.preset.label')}>
          {(['all', 'notSetUp', 'suspended', 'removed'] as const).map((name) => (
            <button key={name} type="button" aria-pressed={preset === name} onClick={() => usePreset(name)}>
              {t(`customers.preset.${name}`)}
            </button>
          ))}
        </div>
        <div className={css['toolsEnd']}>
          <Popover position="bottom-end" width={300} shadow="md" trapFocus>
            <Popover.Target>
              <Button
                variant={active > 0 ? 'light' : 'default'}
                leftSection={<Sign name="filter" size={16} />}
                aria-label={
                  active > 0
                    ? t('customers.filterCount', { count: active, shown: formatNumber(active) })
                    : t('customers.filters')
                }
              >
                {t('customers.filters')}
                {active > 0 && <span className={css['badge']}>{active}</span>}
              </Button>
            </Popover.Target>
            <Popover.Dropdown>
              <FilterPanel view={view} onChange={onChange} />
            </Popover.Dropdown>
          </Popover>
          <SortSelect sort={sort} onSort={(order) => onChange({ filter, sort: order })} />
          <ColumnChooser shown={shown} onShown={onShown} />
        </div>
      </div>
      {active > 0 && <Chips view={view} onChange={onChange} />}
    </div>
  )
}

type Part = Pick<FilterBarProps, 'view' | 'onChange'>

/** Typing changes the address after a pause, and without filling the history. */
function SearchField({ view, onChange }: Part) {
  const { t } = useTranslation()
  const asked = view.filter.q ?? ''
  const [text, setText] = useState(asked)
  const [sent, setSent] = useState(asked)
  const [seen, setSeen] = useState(asked)
  if (seen !== asked) {
    setSeen(asked)
    // A change that this field did not send came from elsewhere (Back, a preset, "clear all"): it wins over what is typed.
    if (asked !== sent) setText(asked)
  }
  // An effect event: what is sent belongs to the view of that moment, not of the moment of typing.
  const submit = useEffectEvent((q: string): void => {
    if (q === asked) return
    setSent(q)
    const { q: _, ...rest } = view.filter
    onChange({ filter: q === '' ? rest : { ...rest, q }, sort: view.sort }, true)
  })
  useEffect(() => {
    const timer = setTimeout(() => submit(text.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <TextInput
      type="search"
      className={css['search'] ?? ''}
      aria-label={t('customers.search')}
      placeholder={t('customers.searchHint')}
      leftSection={<Sign name="search" size={16} />}
      rightSection={
        text !== '' && (
          <ActionIcon size={22} aria-label={t('action.clear')} onClick={() => setText('')}>
            <Sign name="close" size={14} />
          </ActionIcon>
        )
      }
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}

/** Each active filter, with a way to take it off. */
function Chips({ view, onChange }: Part) {
  const { t } = useTranslation()
  const { filter, sort } = view
  const { data: accounts } = useQuery({ ...accountsQuery(), enabled: filter.account !== undefined })
  const { data: under } = useQuery({ ...groupQuery(filter.under ?? ''), enabled: filter.under !== undefined })
  const drop = (name: keyof View['filter']): void => {
    const { [name]: _, ...rest } = filter
    onChange({ filter: rest, sort })
  }
  const chips: { name: keyof View['filter']; words: string }[] = []
  if (filter.under !== undefined) {
    chips.push({ name: 'under', words: t('customers.under', { name: under === undefined ? '…' : toGroupName(under) }) })
  }
  for (const name of CHOICE_NAMES) {
    const values = toValues(filter[name], CHOICES[name])
    if (values.length === 0) continue
    chips.push({
      name,
      words: `${t(`customers.filter.${name}`)}: ${values.map((value) => toChoiceWord(name, value)).join(', ')}`,
    })
  }
  if (filter.account !== undefined) {
    const account = accounts?.items.find(({ id }) => id === filter.account)
    chips.push({ name: 'account', words: `${t('customers.filter.account')}: ${account?.name ?? filter.account}` })
  }
  return (
    <div className={css['chips']}>
      {chips.map(({ name, words }) => (
        <span key={name} className={css['chip']} title={words}>
          <span className="mc-ellipsis">{words}</span>
          <button type="button" aria-label={t('customers.remove', { name: words })} onClick={() => drop(name)}>
            <Sign name="close" size={12} />
          </button>
        </span>
      ))}
      <Button size="compact-sm" variant="subtle" onClick={() => onChange({ filter: {}, sort })}>
        {t('customers.clearAll')}
      </Button>
    </div>
  )
}
