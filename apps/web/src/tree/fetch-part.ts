import { getTree, toTreeEtag, type Tree, type TreePart } from '@msp-console/contract'
import { readReply, request } from '../api/call.ts'

const etags = new WeakMap<Tree, string>()

/** One part of the tree; the very same object as `before` when the server says that nothing changed. */
export async function fetchPart(
  part: TreePart,
  open: string | undefined,
  before: Tree | undefined,
  signal: AbortSignal,
): Promise<Tree> {
  const known = before && etags.get(before)
  const headers = known === undefined ? {} : { 'if-none-match': known }
  const response = await request(getTree, { query: { part, open } }, { signal, headers })
  if (before && response.status === 304) return before
  const tree = await readReply(getTree, response)
  const etag = response.headers.get('etag')
  if (etag !== null) etags.set(tree, etag)
  return tree
}

/** A part that was put together here is of a generation like one that was fetched. */
export function know(tree: Tree, part: TreePart): Tree {
  etags.set(tree, toTreeEtag(part, tree.generation))
  return tree
}
