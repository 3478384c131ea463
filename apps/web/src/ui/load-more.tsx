import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BusyButton } from './busy-button.tsx'
import css from './load-more.module.css'

export interface LoadMoreProps {
  /** What useInfiniteQuery gave. */
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  /** Stands beside the button. */
  children?: ReactNode
}

/** The foot of a list that comes in pages, while there are more of them. */
export function LoadMore({ query, children }: LoadMoreProps) {
  const { t } = useTranslation()
  if (!query.hasNextPage) return null
  return (
    <div className={css['foot']}>
      <BusyButton variant="default" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('action.more')}
      </BusyButton>
      {children}
    </div>
  )
}
