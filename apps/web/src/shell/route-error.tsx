import { Button } from '@mantine/core'
import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRevalidator, useRouteError } from 'react-router'
import { ApiError } from '../api/call.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { useDocumentTitle } from '../ui/page.tsx'
import css from './shell.module.css'

/** How Chromium, Safari, Firefox and Vite say that the code of a screen did not come. Browsers try again only when reloaded. */
const UNFETCHED = /dynamically imported module|importing a module script|preload CSS/i

/** A screen that could not be loaded or that broke. The shell around it stays. */
export function RouteError() {
  const { t } = useTranslation()
  const error = useRouteError()
  const { revalidate } = useRevalidator()
  const { reset } = useQueryErrorResetBoundary()
  useDocumentTitle(t('error.title'))
  const isUnfetched = error instanceof Error && UNFETCHED.test(error.message)
  const retry = (): void => {
    reset()
    void revalidate()
  }
  return (
    <div className={css['routeError']}>
      {error instanceof ApiError ? (
        <FailureState isScreen error={error} retry={retry} />
      ) : (
        <EmptyState
          tone="error"
          isScreen
          sign="error"
          title={t(isUnfetched ? 'error.title' : 'error.crashTitle')}
          actions={
            <Button variant="light" onClick={() => location.reload()}>
              {t('error.reload')}
            </Button>
          }
        >
          {t(isUnfetched ? 'error.network' : 'error.crash')}
        </EmptyState>
      )}
    </div>
  )
}
