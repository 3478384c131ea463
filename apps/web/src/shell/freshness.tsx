import { ActionIcon, Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Can } from '../domain/can.tsx'
import { useSyncNow } from '../domain/use-sync-now.ts'
import { Sign } from '../ui/icons.tsx'
import css from './freshness.module.css'
import { useFreshness } from './use-freshness.ts'

/** In the header: how old the data is, and a new sync. Narrow screens keep the dot, the words go into the button's name. */
export function Freshness() {
  const { t } = useTranslation()
  const fresh = useFreshness()
  const sync = useSyncNow()
  const narrow = useNarrow()
  if (fresh === null) return null
  const { tone, words, title, to, connected } = fresh
  const label = narrow ? `${t('shell.freshness.now')}. ${words}` : t('shell.freshness.now')
  return (
    <div className={css['freshness']}>
      <span className={css['dot']} data-tone={tone} />
      <span className={`${css['freshnessText']} mc-numeric`} aria-live="polite">
        {to === null ? (
          words
        ) : (
          <Link to={to} title={title}>
            {words}
          </Link>
        )}
      </span>
      {connected.length > 0 && (
        <Can object="sync" level="use">
          <Tooltip label={label}>
            <ActionIcon
              aria-label={label}
              aria-disabled={sync.isPending || undefined}
              onClick={() => sync.isPending || sync.mutate(connected.map(({ id }) => id))}
            >
              <Sign name="sync" />
            </ActionIcon>
          </Tooltip>
        </Can>
      )}
    </div>
  )
}

/**
 * A thin line below the header. Narrow screens have no room for the words in the header, so they stand here; on every screen data
 * that is out of date is called that.
 */
export function FreshnessLine() {
  const fresh = useFreshness()
  const narrow = useNarrow()
  if (fresh === null || (!narrow && fresh.stale === null)) return null
  const { tone, to } = fresh
  const { stale, trouble, next } = fresh
  // What is out of date has said its age already.
  const said = stale === null || next === null ? fresh.words : next
  const words = narrow ? [trouble, said].filter((part) => part !== null).join(' · ') : ''
  const text = [stale ?? '', words].join(' ').trim()
  return (
    <div className={css['line']} data-tone={tone} data-stale={stale !== null || undefined} role="status">
      {to === null ? text : <Link to={to}>{text}</Link>}
    </div>
  )
}

/** Where the style sheet takes the words out of the header. */
function useNarrow(): boolean {
  return useMediaQuery('(max-width: 768px)', matchMedia('(max-width: 768px)').matches)
}
