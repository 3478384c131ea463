import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { sessionQuery } from '../api/queries.ts'
import { useLeave } from '../domain/use-leave.ts'
import { getLanguage, LANGUAGES, setLanguage, type Language } from '../i18n/i18n.ts'
import { paths } from '../paths.ts'
import { Sign, type SignName } from '../ui/icons.tsx'

const SCHEMES: readonly { value: MantineColorScheme; key: 'light' | 'dark' | 'system'; sign: SignName }[] = [
  { value: 'light', key: 'light', sign: 'sun' },
  { value: 'dark', key: 'dark', sign: 'moon' },
  { value: 'auto', key: 'system', sign: 'system' },
]

/** Each language in its own words, so that everybody finds the way back. */
const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', cs: 'Čeština' }

export function SettingsMenu() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const tick = <Sign name="check" size={15} />
  return (
    <Menu position="bottom-end" width={210} withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={t('shell.settings')}>
          <Sign name="language" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('shell.scheme')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme}>
          {SCHEMES.map(({ value, key, sign }) => (
            <Menu.RadioItem
              key={value}
              value={value}
              closeMenuOnClick
              checkIcon={tick}
              rightSection={<Sign name={sign} size={16} />}
              onChange={() => setColorScheme(value)}
            >
              {t(`shell.${key}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t('shell.language')}</Menu.Label>
        <Menu.RadioGroup value={getLanguage()}>
          {LANGUAGES.map((language) => (
            <Menu.RadioItem
              key={language}
              value={language}
              lang={language}
              closeMenuOnClick
              checkIcon={tick}
              onChange={() => void setLanguage(language)}
            >
              {LANGUAGE_NAMES[language]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}

export function UserMenu() {
  const { t } = useTranslation()
  const leave = useLeave()
  const { data } = useQuery(sessionQuery())
  const user = data?.user
  if (user === undefined || user === null) return null
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={t('shell.user', { email: user.email })}>
          <Sign name="user" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <div className="mc-ellipsis" title={user.name}>
            {user.name}
          </div>
          <div className="mc-ellipsis" title={user.email}>
            {user.email}
          </div>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to={paths.profile()} leftSection={<Sign name="user" size={16} />}>
          {t('shell.profile')}
        </Menu.Item>
        <Menu.Item leftSection={<Sign name="signOut" size={16} />} onClick={() => void leave()}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
