import { Drawer } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useOpenedLater } from '../ui/use-opened-later.ts'
import { Nav } from './nav.tsx'
import css from './shell.module.css'

/** The main menu where there is no room for it beside the content. */
export function MenuDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const shown = useOpenedLater(opened)
  return (
    <Drawer
      opened={shown}
      onClose={onClose}
      size={264}
      title={t('shell.menu')}
      classNames={{ content: css['drawer'] ?? '', header: css['drawerHead'] ?? '', body: css['drawerBody'] ?? '' }}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Nav inDrawer />
    </Drawer>
  )
}
