import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import css from './load-more.module.css'

export interface LoadMoreProps {
  /** What useInfiniteQuery gave. */
  query: {
    data: { pages: readonly { items: readonly unknown[]; total: number }[] } | undefined
    hasNextPage: boolean
    isFetchingNextPage: boolean
    isFetchNextPageError: boolean
    fetchNextPage: () => unknown
  }
}

/**
 * The foot of a list that comes in pages: how much of it is here, the way to more, and that it ends where it ends. A list of one
 * page has none.
 */
export function LoadMore({ query }: LoadMoreProps): ReactNode {
  const { t } = useTranslation()
  const foot = useRef<HTMLDivElement>(null)
  const { hasNextPage } = query
  // The last press takes the button away. Without this the focus would go back to the head of a list that was just read.
  const pressed = useRef(false)
  useEffect(() => {
    if (hasNextPage || !pressed.current) return
    pressed.current = false
    // Only what the button has lost, never a focus that is somewhere.
    if (document.activeElement === document.body) foot.current?.focus({ preventScroll: true })
  }, [hasNextPage])
  const load = (): void => {
    pressed.current = true
    query.fetchNextPage()
  }
  const pages = query.data?.pages ?? []
  const [first] = pages
  if (first === undefined || (pages.length === 1 && !hasNextPage)) return null
  const loaded = pages.reduce((sum, { items }) => sum + items.length, 0)
  // Of the newest answer: lists grow while they are read.
  const total = Math.max(loaded, pages.at(-1)?.total ?? 0)
  return (
    <div ref={foot} className={css['foot']} tabIndex={-1}>
      {hasNextPage && (
        <BusyButton variant="default" busy={query.isFetchingNextPage} onClick={load}>
          {t('action.more')}
        </BusyButton>
      )}
      <span aria-live="polite">
        {hasNextPage
          ? t('loaded.some', { loaded: formatNumber(loaded), total: formatNumber(total) })
          : t('loaded.all', { total: formatNumber(loaded) })}
      </span>
      {query.isFetchNextPageError && (
        <span role="alert" className={css['failed']}>
          {t('loaded.failed')}
        </span>
      )}
    </div>
  )
}
