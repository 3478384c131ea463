import type { GroupLink } from '@msp-console/contract'
import { Select, type ComboboxItem } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { searchQuery } from '../api/queries.ts'
import { toGroupName } from '../domain/labels.ts'
import { useView } from '../domain/use-can.ts'
import css from './users.module.css'

export interface GroupPickerProps {
  label: string
  description?: string
  value: GroupLink | null
  onChange: (group: GroupLink) => void
  error?: string | null
  disabled?: boolean
}

interface Found extends GroupLink {
  where: string
}

/** Finds one group inside the view by what is typed; before that it offers the root of the view. */
export function GroupPicker({ label, description, value, onChange, error, disabled = false }: GroupPickerProps) {
  const { t } = useTranslation()
  const view = useView()
  const [text, setText] = useState('')
  // What stands in the field after a choice is the name of that choice, not a question.
  const typed = value !== null && text === toGroupName(value) ? '' : text.trim()
  const [q] = useDebouncedValue(typed, 150)
  const { data } = useQuery({ ...searchQuery(q), enabled: q !== '', placeholderData: keepPreviousData })
  const found = new Map<string, Found>()
  for (const { ancestors, ...group } of q === '' ? [] : (data?.items ?? [])) {
    found.set(group.id, { ...group, where: ancestors.map(toGroupName).join(' › ') })
  }
  if (q === '' && view !== null) found.set(view.root.id, { ...view.root, where: t(`kind.${view.root.kind}`) })
  // The choice must be among the options, or the field could not show its name.
  if (value !== null && !found.has(value.id)) found.set(value.id, { ...value, where: t(`kind.${value.kind}`) })
  return (
    <Select
      label={label}
      description={description}
      placeholder={t('users.pickGroup')}
      data={[...found.values()].map((group) => ({ value: group.id, label: toGroupName(group) }))}
      value={value?.id ?? null}
      onChange={(id) => {
        const chosen = id === null ? undefined : found.get(id)
        if (chosen !== undefined) onChange({ id: chosen.id, kind: chosen.kind, name: chosen.name })
      }}
      searchable
      onSearchChange={setText}
      // The server has searched already, also where the words do not stand in the name.
      filter={({ options }) => options}
      renderOption={({ option }) => <Option option={option} where={found.get(option.value)?.where ?? ''} />}
      nothingFoundMessage={q === '' ? t('users.pickStart') : t('users.pickNothing')}
      allowDeselect={false}
      maxDropdownHeight={320}
      comboboxProps={{ withinPortal: true }}
      error={error}
      disabled={disabled}
    />
  )
}

function Option({ option, where }: { option: ComboboxItem; where: string }) {
  return (
    <span className={css['option']}>
      <span>{option.label}</span>
      <small>{where}</small>
    </span>
  )
}
