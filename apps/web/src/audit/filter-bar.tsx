import { AuditEntry } from '@msp-console/contract'
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { en } from '../i18n/en.ts'
import { getLanguage } from '../i18n/i18n.ts'
import { Sign } from '../ui/icons.tsx'
import css from './audit.module.css'
import type { AuditView } from './audit-url.ts'
import { toActionName } from './words.ts'

const TYPING_MS = 200

export interface FilterBarProps {
  view: AuditView
  onChange: (view: AuditView, replace?: boolean) => void
}

export function FilterBar({ view, onChange }: FilterBarProps) {
  const { t } = useTranslation()
  const collator = new Intl.Collator(getLanguage())
  const actions = Object.keys(en.audit.actions)
    .map((value) => ({ value, label: toActionName(value) }))
    .toSorted((a, b) => collator.compare(a.label, b.label))
  const change = <Name extends keyof AuditView>(name: Name, value: string): void => {
    const { [name]: _, ...rest } = view
    onChange(value === '' ? rest : { ...rest, [name]: value })
  }
  return (
    <div className={css['bar']} role="search" aria-label={t('audit.title')}>
      <SearchField view={view} onChange={onChange} />
      <NativeSelect
        className={css['action'] ?? ''}
        aria-label={t('audit.action')}
        data={[{ value: '', label: t('audit.allActions') }, ...actions]}
        value={view.action ?? ''}
        onChange={(event) => change('action', event.currentTarget.value)}
      />
      <NativeSelect
        aria-label={t('audit.outcome')}
        data={[
          { value: '', label: t('audit.allOutcomes') },
          ...AuditEntry.shape.outcome.options.map((value) => ({ value, label: t(`audit.outcomes.${value}`) })),
        ]}
        value={view.outcome ?? ''}
        onChange={(event) => change('outcome', event.currentTarget.value)}
      />
      {(['from', 'to'] as const).map((name) => (
        <label key={name} className={css['day']}>
          <span>{t(`audit.${name}`)}</span>
          <TextInput
            type="date"
            value={view[name] ?? ''}
            max={name === 'from' ? view.to : undefined}
            min={name === 'to' ? view.from : undefined}
            onChange={(event) => change(name, event.currentTarget.value)}
          />
        </label>
      ))}
      {Object.keys(view).length > 0 && (
        <Button variant="subtle" onClick={() => onChange({})}>
          {t('audit.clear')}
        </Button>
      )}
    </div>
  )
}

/** Typing changes the address after a pause, and without filling the history. */
function SearchField({ view, onChange }: FilterBarProps) {
  const { t } = useTranslation()
  const asked = view.q ?? ''
  const [text, setText] = useState(asked)
  const [sent, setSent] = useState(asked)
  const [seen, setSeen] = useState(asked)
  if (seen !== asked) {
    setSeen(asked)
    // A change that this field did not send came from elsewhere (Back, "clear all"): it wins over what is typed.
    if (asked !== sent) setText(asked)
  }
  const submit = useEffectEvent((q: string): void => {
    if (q === asked) return
    setSent(q)
    const { q: _, ...rest } = view
    onChange(q === '' ? rest : { ...rest, q }, true)
  })
  useEffect(() => {
    const timer = setTimeout(() => submit(text.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <TextInput
      type="search"
      className={css['search'] ?? ''}
      aria-label={t('audit.search')}
      placeholder={t('audit.searchHint')}
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
