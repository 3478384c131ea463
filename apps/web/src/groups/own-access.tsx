import type { Group } from '@msp-console/contract'
import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { explainOwnAccessQuery } from '../api/user-queries.ts'
import { AccessWords } from '../domain/access-words.tsx'
import { FailureState } from '../domain/failure-state.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import css from './own-access.module.css'

/** Beside what a group is and in what state: which of the reader's own rights shows it. */
export function OwnAccess({ group }: { group: Group }) {
  const { t } = useTranslation()
  const [opened, dialog] = useDisclosure(false)
  return (
    <div className={css['why']}>
      <Button variant="subtle" size="compact-sm" aria-haspopup="dialog" onClick={dialog.open}>
        {t('rights.why.own')}
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={<b>{t('rights.why.own')}</b>}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {opened && <Explanation group={group} />}
      </Modal>
    </div>
  )
}

function Explanation({ group }: { group: Group }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({ ...explainOwnAccessQuery(group.id), staleTime: 0 })
  if (data !== undefined) return <AccessWords explained={data} group={group} who={null} />
  if (error !== null) return <FailureState error={error} retry={() => void refetch()} />
  return <RowsSkeleton rows={4} label={t('loading')} />
}
