import { Drawer } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Nav } from './nav.tsx'
import css from './shell.module.css'

/** The main menu where there is no room for it beside the content. */
export function MenuDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Drawer
      opened={opened}
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
