import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Session } from '@msp-console/contract'
import { sessionQuery } from '../api/queries.ts'
import { useLeave } from '../domain/use-leave.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { PageTitle } from '../ui/page.tsx'
import { Notice } from '../ui/pill.tsx'
import { Gate } from './gate.tsx'
import { PreviewBanner } from './preview-banner.tsx'
import css from './frame.module.css'

// Around the shell: lets in only who has rights somewhere, says when this is a preview, and keeps a document to one view.

/** Rights that are given meanwhile are noticed without a reload. */
const ASK_AGAIN_MS = 15_000

export function Frame({ shell }: { shell: ReactNode }) {
  const { data: session } = useQuery(sessionQuery())
  useOneView(session)
  if (session?.user && session.view === null) return <NoRights email={session.user.email} />
  return (
    <div className={css['frame']}>
      {session?.view?.preview && <PreviewBanner preview={session.view.preview} />}
      {shell}
    </div>
  )
}

/** When the root was taken away or rights came, what is on screen belongs to a view that is no more: start anew. */
function useOneView(session: Session | undefined): void {
  const now = session?.user ? toName(session) : undefined
  const [first] = useState(now)
  const other = first !== undefined && now !== undefined && first !== now
  useEffect(() => {
    if (other) location.assign(paths.overview())
  }, [other])
}

function toName({ view }: Session): string {
  return view === null ? 'none' : `${view.root.id} ${view.preview?.id ?? ''}`
}

function NoRights({ email }: { email: string }) {
  const { t } = useTranslation()
  const leave = useLeave()
  const { refetch, isFetching } = useQuery({ ...sessionQuery(), refetchInterval: ASK_AGAIN_MS })
  return (
    <Gate>
      <PageTitle className={css['title'] ?? ''}>{t('rights.noneTitle')}</PageTitle>
      <Notice icon={<Sign name="lock" size={18} />}>
        <p>{t('rights.noneText', { email })}</p>
        <p>{t('rights.noneAsk')}</p>
      </Notice>
      <div className={css['actions']}>
        <Button loading={isFetching} onClick={() => void refetch()}>
          {t('action.retry')}
        </Button>
        <Button variant="default" onClick={() => void leave()}>
          {t('shell.signOut')}
        </Button>
      </div>
    </Gate>
  )
}
