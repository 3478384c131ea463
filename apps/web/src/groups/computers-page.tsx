import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useNavigate, useParams } from 'react-router'
import { groupQuery } from '../api/queries.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { paths, type Search } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { Splitter } from '../ui/splitter.tsx'
import { useStored } from '../ui/storage.ts'
import css from './computers.module.css'
import { GroupPage } from './group-page.tsx'

const WIDTH = { least: 240, most: 640, start: 340 }

export interface ComputersPageProps {
  /** The tree, given by the router: this room does not know it. */
  tree: (selectedId: string | null, onSelect: (id: string, filter: Search) => void) => ReactNode
}

/** The tree beside the page of what is chosen in it. On narrow screens one or the other: without a choice the tree. */
export function ComputersPage({ tree }: ComputersPageProps) {
  const { t } = useTranslation()
  const { groupId } = useParams()
  const navigate = useNavigate()
  const [width, setWidth] = useStored('msp-console.treeWidth', WIDTH.start, (stored) =>
    typeof stored === 'number' ? Math.min(WIDTH.most, Math.max(WIDTH.least, stored)) : null,
  )
  const [live, setLive] = useState(width)
  const { data: group, error, refetch } = useQuery(groupQuery(groupId ?? 'root'))
  useCanonicalAddress(groupId, group?.id)
  useRowOnReturn(groupId)

  return (
    <div
      className={css['computers']}
      data-show={groupId === undefined ? 'tree' : 'page'}
      style={{ '--tree-width': `${live}px` } as CSSProperties} // a variable of ours, unknown to the type
    >
      <div className={css['tree']}>
        {groupId === undefined && <h1 className={css['treeTitle']}>{t('shell.computers')}</h1>}
        {tree(group?.id ?? groupId ?? null, (id, filter) => void navigate(paths.group(id, filter)))}
      </div>
      <Splitter
        label={t('groups.resize')}
        value={live}
        min={WIDTH.least}
        max={WIDTH.most}
        onMove={setLive}
        onEnd={setWidth}
      />
      <div className={css['page']}>
        <Link to={paths.computers()} className={css['back']}>
          <Sign name="chevronLeft" size={16} />
          {t('groups.toTree')}
        </Link>
        {group !== undefined ? (
          <GroupPage key={group.id} group={group} />
        ) : error !== null ? (
          <FailureState isScreen error={error} retry={() => void refetch()} />
        ) : (
          <RowsSkeleton rows={10} label={t('loading')} />
        )}
      </div>
    </div>
  )
}

const ROW_POLL_MS = 30
const ROW_PATIENCE_MS = 2_000

/** Narrow screens: the way back from a page ends at the row it began at. Wide ones still have their focus somewhere. */
function useRowOnReturn(groupId: string | undefined): void {
  const before = useRef(groupId)
  useEffect(() => {
    const isReturn = before.current !== undefined && groupId === undefined
    before.current = groupId
    if (!isReturn) return
    // A tree that was hidden has no rows yet.
    const waiting = setInterval(() => {
      if (document.activeElement?.closest('header, aside, [role="tree"]')) clearInterval(waiting)
      else document.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus()
    }, ROW_POLL_MS)
    const patience = setTimeout(() => clearInterval(waiting), ROW_PATIENCE_MS)
    return () => {
      clearInterval(waiting)
      clearTimeout(patience)
    }
  }, [groupId])
}

/** An address by EMA GUID becomes the one by our id, so that there is one address for each page. */
function useCanonicalAddress(asked: string | undefined, found: string | undefined): void {
  const navigate = useNavigate()
  const { search } = useLocation()
  useEffect(() => {
    if (asked !== undefined && asked.length > 10 && found !== undefined && found !== asked) {
      void navigate(paths.group(found) + search, { replace: true })
    }
  }, [asked, found, navigate, search])
}
