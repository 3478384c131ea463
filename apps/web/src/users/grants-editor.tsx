import { covers, RIGHT_OBJECTS, type GroupLink, type PermissionSet, type Rights } from '@msp-console/contract'
import { ActionIcon, Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { setsQuery } from '../api/user-queries.ts'
import { toGroupName } from '../domain/labels.ts'
import { RightsMeaning, toSetName } from '../domain/rights-words.tsx'
import { useView } from '../domain/use-can.ts'
import { Sign } from '../ui/icons.tsx'
import { GroupPicker } from './group-picker.tsx'
import css from './users.module.css'

/** A right that is being put together: complete with both. */
export interface Draft {
  /** Only tells drafts apart. */
  key: number
  root: GroupLink | null
  setId: string | null
}

export interface GrantsEditorProps {
  drafts: readonly Draft[]
  onChange: (drafts: Draft[]) => void
  /** After an attempt to save: what is missing is marked. */
  strict: boolean
}

/** Rights of one user: which set on which group, and what that allows. */
export function GrantsEditor({ drafts, onChange, strict }: GrantsEditorProps) {
  const { t } = useTranslation()
  const view = useView()
  const { data } = useQuery(setsQuery())
  const sets = data?.items ?? []
  const put = (key: number, change: Partial<Draft>): void =>
    onChange(drafts.map((draft) => (draft.key === key ? { ...draft, ...change } : draft)))
  const add = (): void => {
    const key = Math.max(0, ...drafts.map((draft) => draft.key)) + 1
    onChange([...drafts, { key, root: view?.root ?? null, setId: null }])
  }
  const required = (value: unknown) => (strict && value === null ? t('users.required') : null)
  return (
    <>
      {drafts.length === 0 && <p className="mc-dim">{t('users.grantsNone')}</p>}
      <ul className={css['grants']}>
        {drafts.map((draft) => {
          const set = sets.find(({ id }) => id === draft.setId)
          return (
            <li key={draft.key}>
              <GroupPicker
                label={t('users.group')}
                value={draft.root}
                onChange={(root) => put(draft.key, { root })}
                error={required(draft.root)}
              />
              <Select
                label={t('users.set')}
                data={sets.map((each) => toOption(each, view?.rights ?? null))}
                value={draft.setId}
                onChange={(setId) => put(draft.key, { setId })}
                allowDeselect={false}
                error={required(draft.setId)}
              />
              <ActionIcon
                size={36}
                variant="subtle"
                aria-label={
                  set === undefined || draft.root === null
                    ? t('users.removeNewGrant')
                    : t('users.removeGrant', { set: toSetName(set), root: toGroupName(draft.root) })
                }
                onClick={() => onChange(drafts.filter(({ key }) => key !== draft.key))}
              >
                <Sign name="close" size={16} />
              </ActionIcon>
              {set !== undefined && (
                <div className={css['meaning']}>
                  {set.key !== null && <span className={css['sub']}>{t(`rights.setHint.${set.key}`)}</span>}
                  <RightsMeaning rights={set.rights} />
                </div>
              )}
            </li>
          )
        })}
      </ul>
      <div>
        <Button variant="light" size="xs" leftSection={<Sign name="plus" size={15} />} onClick={add}>
          {t('users.addGrant')}
        </Button>
      </div>
    </>
  )

  /** What is more than the reader has is shown, but cannot be given. */
  function toOption(set: PermissionSet, own: Rights | null) {
    const fits = own !== null && RIGHT_OBJECTS.every((object) => covers(own, object, set.rights[object]))
    const name = toSetName(set)
    return { value: set.id, label: fits ? name : t('users.tooHigh', { set: name }), disabled: !fits }
  }
}

/** Null while something is missing. */
export function toGrants(drafts: readonly Draft[]): { rootId: string; setId: string }[] | null {
  const grants = drafts.flatMap(({ root, setId }) =>
    root === null || setId === null ? [] : [{ rootId: root.id, setId }],
  )
  return grants.length === drafts.length ? grants : null
}
