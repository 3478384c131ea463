import { CustomerState } from '@msp-console/contract'
import { ActionIcon, CloseButton, TextInput, Tooltip } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import { Sign, type SignName } from '../ui/icons.tsx'
import { StateGlyph } from '../ui/state-overlay.tsx'
import { at } from './columns.ts'
import classes from './panel.module.css'
import type { TreeState } from './use-tree-state.ts'

interface HeaderProps {
  state: TreeState
  isComplete: boolean
  /** Where the server looks for customers: how many of them are shown, and how many there are. */
  found: { shown: number; total: number } | null
}

/** Search, expand and collapse all, and the legend: what each state looks like, how many there are, only these. */
export function TreeHeader({ state, isComplete, found }: HeaderProps) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const { filter, setFilter, clearFilter } = state
  return (
    <div className={classes.header}>
      <search className={classes.tools}>
        <TextInput
          ref={input}
          className={classes.search}
          aria-label={t('tree.search')}
          placeholder={t('tree.search')}
          leftSection={<Sign name="search" size={16} />}
          rightSection={
            filter.text !== '' && (
              <CloseButton
                size="sm"
                aria-label={t('tree.clearSearch')}
                onClick={() => {
                  setFilter({ ...filter, text: '' })
                  input.current?.focus()
                }}
              />
            )
          }
          value={filter.text}
          onChange={(event) => setFilter({ ...filter, text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && state.hits) clearFilter()
            else if (event.key === 'ArrowDown' || (event.key === 'Enter' && state.hits)) state.enter()
            else return
            event.preventDefault()
          }}
        />
        <Tool sign="expandAll" label={t('tree.expandAll')} onClick={state.expandAll} />
        <Tool sign="collapseAll" label={t('tree.collapseAll')} onClick={state.collapseAll} />
      </search>
      <Legend state={state} />
      <Matches state={state} isComplete={isComplete} found={found} />
    </div>
  )
}

function Tool({ sign, label, onClick }: { sign: SignName; label: string; onClick: () => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick}>
        <Sign name={sign} />
      </ActionIcon>
    </Tooltip>
  )
}

function Legend({ state }: { state: TreeState }) {
  const { t } = useTranslation()
  const { data, filter, setFilter } = state
  const toggle = (customerState: CustomerState) => {
    const states = new Set(filter.states)
    if (!states.delete(customerState)) states.add(customerState)
    setFilter({ ...filter, states })
  }
  return (
    <fieldset className={classes.legend} aria-label={t('tree.legend')}>
      {CustomerState.options.map((option) => (
        <button
          key={option}
          type="button"
          className={classes.state}
          aria-pressed={filter.states.has(option)}
          onClick={() => toggle(option)}
        >
          <StateGlyph state={option} />
          <span className={classes.stateWord}>{t(`state.${option}`)}</span>
          <span className="mc-numeric">{data.inner.size > 0 && formatNumber(at(data.inner[option], 0))}</span>
        </button>
      ))}
    </fieldset>
  )
}

/** Said aloud and shown: how many match. Always there, because a live region that appears says nothing. */
function Matches({ state, isComplete, found }: HeaderProps) {
  const { t } = useTranslation()
  const { hits } = state
  const count = hits?.count ?? 0
  return (
    <output className={classes.matches} data-empty={hits === null || undefined}>
      {hits && t('tree.matches', { count, shown: formatNumber(count) })}
      {hits && !isComplete && found === null && ` ${t('tree.matchesSoFar')}`}
      {hits &&
        found !== null &&
        found.shown < found.total &&
        ` ${t('tree.matchesPaged', { shown: formatNumber(found.shown), total: formatNumber(found.total) })}`}
    </output>
  )
}
