import { Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { searchQuery } from '../api/queries.ts'
import { toFailureText } from '../domain/failure.ts'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { useOpenedLater } from '../ui/use-opened-later.ts'
import { HitLine } from './hit-line.tsx'
import { toHitRows } from './hit-tree.ts'
import css from './search.module.css'

/** Finds companies anywhere; the answer shows them inside their ancestors. Combobox with a list, focus stays in the field. */
export function SearchDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const shown = useOpenedLater(opened)
  return (
    <Modal
      opened={shown}
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="8vh"
      size={640}
      padding={0}
      attributes={{ content: { 'aria-label': t('shell.search.open') } }}
    >
      {shown && <Search onClose={onClose} />}
    </Modal>
  )
}

function Search({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const listId = useId()
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 120)
  // A choice belongs to the question it was made under: another question starts at its first answer.
  const [choice, setChoice] = useState({ q: '', index: 0 })
  const active = choice.q === q ? choice.index : 0
  const list = useRef<HTMLDivElement>(null)
  const { data, error, isFetching } = useQuery({
    ...searchQuery(q),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  })
  const rows = q === '' || data === undefined ? [] : toHitRows(data.items)
  const hits = rows.filter((row) => row.hit !== null)
  const chosen = hits[Math.min(active, hits.length - 1)]
  const optionId = (id: string): string => `${listId}-${id}`

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen?.group.id])

  const open = (id: string): void => {
    onClose()
    void navigate(paths.group(id))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (move !== 0 && hits.length > 0) {
      event.preventDefault()
      setChoice({ q, index: (Math.min(active, hits.length - 1) + move + hits.length) % hits.length })
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault()
      open(chosen.group.id)
    }
  }

  return (
    <div>
      <div className={css['field']}>
        <Sign name="search" size={20} />
        <input
          data-autofocus
          type="text"
          role="combobox"
          aria-label={t('shell.search.label')}
          aria-expanded={hits.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={chosen === undefined ? undefined : optionId(chosen.group.id)}
          placeholder={t('shell.search.placeholder')}
          value={text}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label={t('shell.search.results')} className={css['list']}>
        {rows.map((row) => (
          <HitLine
            key={row.group.id}
            row={row}
            q={q}
            id={optionId(row.group.id)}
            selected={row.group.id === chosen?.group.id}
            onPick={() => open(row.group.id)}
          />
        ))}
      </div>
      <div className={css['foot']} aria-live="polite">
        {q === '' && <p>{t('shell.search.start')}</p>}
        {q !== '' && error !== null && <p>{toFailureText(error)}</p>}
        {q !== '' && data !== undefined && (
          <p>
            <Found q={q} shown={hits.length} total={data.total} busy={isFetching} />
            {data.total > 0 && (
              <Link to={paths.customers({ q })} onClick={onClose}>
                {t('shell.search.all')}
              </Link>
            )}
          </p>
        )}
      </div>
    </div>
  )
}

function Found({ q, shown, total, busy }: { q: string; shown: number; total: number; busy: boolean }) {
  const { t } = useTranslation()
  if (total === 0) return <span>{busy ? '' : t('shell.search.nothing', { q })}</span>
  if (total > shown) {
    return <span>{t('shell.search.firstOf', { first: formatNumber(shown), shown: formatNumber(total) })}</span>
  }
  return <span>{t('shell.search.found', { count: total, shown: formatNumber(total) })}</span>
}
