import { listTreeCustomers } from '@msp-console/contract'
import { useCallback, useMemo, useRef, useState } from 'react'
import { call } from '../api/call.ts'
import { append, type Block, toBlock } from './pages.ts'

// Customers by page, where there are too many to hold them all: the first page of a group when it is opened, the next one when
// somebody asks for more. What a live update touches is asked for again, as much of it as was here.

const PAGE = 500
const MOST = 2000

export type GapState = 'loading' | 'more' | 'error'

interface Page {
  block: Block
  /** Null: there is no further page. */
  cursor: string | null
  state: GapState
}

export interface Pages {
  blocks: ReadonlyMap<number, Block>
  /** Why customers of a group that are known are not here. */
  gapOf: (parent: number) => GapState
  /** Groups that are open: those without a page get their first. */
  want: (parents: readonly number[]) => void
  more: (parent: number) => void
  /** Groups that have changed; null = all of them. */
  renew: (parents: readonly number[] | null) => void
}

export function usePages(): Pages {
  const [pages, setPages] = useState<ReadonlyMap<number, Page>>(new Map())
  const current = useRef(pages)
  const put = useCallback((parent: number, page: Page) => {
    current.current = new Map(current.current).set(parent, page)
    setPages(current.current)
  }, [])

  const load = useCallback(
    async (parent: number, before: Page | undefined, isAnew: boolean): Promise<void> => {
      const block: Block = before?.block ?? { ids: [], mark: '', names: [] }
      put(parent, { block, cursor: before?.cursor ?? null, state: 'loading' })
      const cursor = isAnew ? undefined : (before?.cursor ?? undefined)
      const limit = isAnew ? Math.min(MOST, Math.max(PAGE, block.ids.length)) : PAGE
      try {
        const { customers, nextCursor } = await call(listTreeCustomers, {
          query: { of: String(parent), limit, cursor },
        })
        const next = toBlock(customers)
        put(parent, { block: isAnew ? next : append(block, next), cursor: nextCursor, state: 'more' })
      } catch {
        put(parent, { block, cursor: before?.cursor ?? null, state: 'error' })
      }
    },
    [put],
  )

  return {
    blocks: useMemo(() => new Map([...pages].map(([parent, { block }]) => [parent, block])), [pages]),
    gapOf: (parent) => pages.get(parent)?.state ?? 'loading',
    want: useCallback(
      (parents) => {
        for (const parent of parents) if (!current.current.has(parent)) void load(parent, undefined, true)
      },
      [load],
    ),
    more: useCallback(
      (parent) => {
        const page = current.current.get(parent)
        if (page?.state !== 'loading') void load(parent, page, page === undefined || page.block.ids.length === 0)
      },
      [load],
    ),
    renew: useCallback(
      (parents) => {
        for (const [parent, page] of current.current)
          if (parents === null || parents.includes(parent)) void load(parent, page, true)
      },
      [load],
    ),
  }
}
