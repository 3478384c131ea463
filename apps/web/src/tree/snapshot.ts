import type { Tree } from '@msp-console/contract'
import { hasInner, type Naming, toTreeData, type TreeData } from './columns.ts'

// Which of the three parts make up the tree on screen. Invariant: parts of different generations are never mixed, and a
// tree that was whole stays until the next whole one is there (or its customers cannot be had).

export interface Parts {
  opened: Tree | undefined
  inner: Tree | undefined
  customers: Tree | undefined
  /** The customers were asked for and did not come. */
  customersFailed: boolean
  toName: Naming
}

/** Null before anything has come. `previous` = what is on screen. */
export function toSnapshot(previous: TreeData | null, parts: Parts): TreeData | null {
  const { opened, inner, customers, toName } = parts
  if (!hasInner(inner)) {
    return hasInner(opened) ? toTreeData(opened.generation, opened.inner, opened.customers, toName) : previous
  }
  const isWhole = customers?.generation === inner.generation
  const wasWhole = previous !== null && previous.complete && previous.generation !== inner.generation
  if (wasWhole && !isWhole && !parts.customersFailed) return previous
  const rest = [customers, opened].find((part) => part?.generation === inner.generation && part.customers !== null)
  return toTreeData(inner.generation, inner.inner, rest?.customers ?? null, toName)
}
