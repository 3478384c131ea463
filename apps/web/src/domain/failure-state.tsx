import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ApiError } from '../api/call.ts'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { toFailureText } from './failure.ts'

export interface FailureStateProps {
  error: unknown
  retry?: () => void
  /** It stands in place of a whole screen. */
  isScreen?: boolean
}

/** In place of what could not be loaded: why, and a way to try again. */
export function FailureState({ error, retry, isScreen = false }: FailureStateProps) {
  const { t } = useTranslation()
  const missing = error instanceof ApiError && (error.code === 'not-found' || namesNothing(error))
  const reference = error instanceof ApiError ? error.problem?.instance : undefined
  return (
    <EmptyState
      tone="error"
      isScreen={isScreen}
      sign={missing ? 'search' : 'error'}
      title={missing ? t('error.notFoundTitle') : t('error.title')}
      actions={
        missing ? (
          <Button component={Link} to={paths.overview()} variant="light">
            {t('action.home')}
          </Button>
        ) : (
          retry !== undefined && (
            <Button variant="light" onClick={retry}>
              {t('action.retry')}
            </Button>
          )
        )
      }
    >
      {missing ? t('error.notFound') : toFailureText(error)}
      {reference !== undefined && !missing && (
        <div className="mc-reference">{t('error.reference', { id: reference })}</div>
      )}
    </EmptyState>
  )
}

/** An address that could name nothing, as a link cut short does, is one more that leads nowhere. */
function namesNothing({ problem }: ApiError): boolean {
  return problem?.errors?.some(({ pointer }) => pointer.startsWith('/params/')) ?? false
}
