import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Page title={t('error.notFoundTitle')}>
      <EmptyState
        sign="search"
        title={t('error.notFound')}
        actions={
          <Button component={Link} to={paths.overview()} variant="light">
            {t('action.home')}
          </Button>
        }
      />
    </Page>
  )
}
