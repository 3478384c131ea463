import type { Group } from '@msp-console/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Can } from '../domain/can.tsx'
import { useSyncCompany } from '../domain/use-sync-now.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { DeleteDialog } from './delete-dialog.tsx'

/** What can be done with a company of EMA besides marking it: ask for it alone, and delete it once it is removed there. */
export function CompanyActions({ group }: { group: Group }) {
  const { t } = useTranslation()
  const sync = useSyncCompany()
  const [isDeleting, setDeleting] = useState(false)
  if (group.company === null) return null
  return (
    <>
      {group.account?.state === 'connected' && (
        <Can object="sync" level="use">
          <BusyButton
            size="compact-sm"
            variant="subtle"
            leftSection={<Sign name="sync" size={14} />}
            busy={sync.isPending}
            onClick={() => sync.mutate(group.id)}
          >
            {t('plans.company.action')}
          </BusyButton>
        </Can>
      )}
      {group.presence === 'unlinked' && (
        <Can object="groups" level="write">
          <BusyButton
            size="compact-sm"
            variant="subtle"
            color="red"
            leftSection={<Sign name="close" size={14} />}
            busy={false}
            onClick={() => setDeleting(true)}
          >
            {t('plans.delete.action')}
          </BusyButton>
        </Can>
      )}
      <DeleteDialog group={isDeleting ? group : null} onClose={() => setDeleting(false)} />
    </>
  )
}
