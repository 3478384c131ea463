import { Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { chooseRoot } from '../api/view.ts'
import { toGroupName } from '../domain/labels.ts'
import { StateIcon } from '../domain/state-icon.tsx'
import { useView } from '../domain/use-can.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import css from './root-picker.module.css'

/** Which of several parts of the tree the console works in. In the header; on narrow screens in the main menu. */
export function RootPicker({ inDrawer = false }: { inDrawer?: boolean }) {
  const { t } = useTranslation()
  const view = useView()
  if (view === null || view.roots.length < 2) return null
  const { root, roots } = view
  const change = (id: string): void => {
    if (id === root.id) return
    chooseRoot(view, id)
    location.assign(paths.overview())
  }
  return (
    <Menu position="bottom-end" width={280} withinPortal>
      <Menu.Target>
        <button
          type="button"
          className={`${css['picker']} ${inDrawer ? css['inDrawer'] : ''}`}
          aria-label={t('shell.root', { name: toGroupName(root) })}
        >
          <StateIcon kind={root.kind} state="normal" size={18} labelled={false} />
          <span className="mc-ellipsis">{toGroupName(root)}</span>
          <Sign name="chevronDown" size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={css['list'] ?? ''}>
        <Menu.Label>{t('shell.roots')}</Menu.Label>
        <Menu.RadioGroup value={root.id}>
          {roots.map((each) => (
            <Menu.RadioItem
              key={each.id}
              value={each.id}
              closeMenuOnClick
              checkIcon={<Sign name="check" size={15} />}
              onChange={() => change(each.id)}
            >
              <span className={css['root']}>
                <span className="mc-ellipsis">{toGroupName(each)}</span>
                <small>{t(`kind.${each.kind}`)}</small>
              </span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
