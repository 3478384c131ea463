import { RIGHT_OBJECTS, type PermissionSet } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Can } from '../domain/can.tsx'
import { toGroupName } from '../domain/labels.ts'
import { toMeaning, toSetName } from '../domain/rights-words.tsx'
import { formatNumber } from '../i18n/format.ts'
import { Pill } from '../ui/pill.tsx'
import css from './users.module.css'

interface SetRowProps {
  set: PermissionSet
  onEdit: () => void
  onDelete: () => void
}

/** A set with its levels; what a level allows is said on top of it. */
export function SetRow({ set, onEdit, onDelete }: SetRowProps) {
  const { t } = useTranslation()
  const name = toSetName(set)
  const own = set.group !== null
  return (
    <tr>
      <td className={css['setHead']}>
        <b>{name}</b> {!own && <Pill>{t('users.builtIn')}</Pill>}
        <span className={css['sub']}>
          {set.key === null
            ? set.group !== null && t('users.belongsTo', { group: toGroupName(set.group) })
            : t(`rights.setHint.${set.key}`)}
        </span>
        <span className={css['sub']}>
          {set.grants === 0
            ? t('users.unused')
            : t('users.usedBy', { count: set.grants, shown: formatNumber(set.grants) })}
        </span>
        {own && (
          <Can object="users" level="write">
            <Button
              size="compact-xs"
              variant="light"
              mt={6}
              mr={6}
              aria-label={t('users.editSet', { name })}
              onClick={onEdit}
            >
              {t('users.change')}
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              mt={6}
              disabled={set.grants > 0}
              title={set.grants > 0 ? t('users.inUse') : undefined}
              aria-label={t('users.deleteSet', { name })}
              onClick={onDelete}
            >
              {t('users.delete')}
            </Button>
          </Can>
        )}
      </td>
      {RIGHT_OBJECTS.map((object) => (
        <td key={object} data-label={t(`rights.object.${object}`)}>
          <span
            className={css['level']}
            data-level={set.rights[object]}
            title={toMeaning(object, set.rights) ?? undefined}
          >
            {t(`rights.level.${set.rights[object]}`)}
          </span>
        </td>
      ))}
    </tr>
  )
}
