import { Button, Checkbox, Popover } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Sign } from '../ui/icons.tsx'
import { COLUMN_IDS, SHOWN_AT_FIRST } from './columns.tsx'
import css from './customers.module.css'
import type { ShownColumns } from './use-columns.ts'

export function ColumnChooser({ shown, onShown }: { shown: ShownColumns; onShown: (shown: ShownColumns) => void }) {
  const { t } = useTranslation()
  return (
    <Popover position="bottom-end" width={240} shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          className={css['columnsButton'] ?? ''}
          leftSection={<Sign name="columns" size={16} />}
        >
          {t('customers.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={css['panel']} role="group" aria-label={t('customers.columns')}>
          {COLUMN_IDS.map((id) => (
            <Checkbox
              key={id}
              size="xs"
              label={t(`customers.column.${id}`)}
              checked={shown[id]}
              disabled={id === 'name'}
              onChange={() => onShown({ ...shown, [id]: !shown[id] })}
            />
          ))}
          <Button size="compact-sm" variant="subtle" onClick={() => onShown(SHOWN_AT_FIRST)}>
            {t('customers.resetColumns')}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
