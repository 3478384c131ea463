import { PREVIEW_HEADER, ROOT_HEADER, type Session, type View } from '@msp-console/contract'

// Whose part of the tree this document shows. Invariant: a document has one view for its whole life; choosing another one loads
// a new document. So nothing that was read in one view (answers, snapshots of the tree, the live stream) can meet another.

const ROOT = 'msp-console.root'
const PREVIEW = 'msp-console.preview'
/** Open groups and filters of the tree belong to the view they were made in. */
const OF_A_VIEW = 'msp-console.tree.'

export interface Choice {
  root: string | null
  /** `user` or `user:root`. */
  preview: string | null
}

let choice: Choice = readChoice()

function readChoice(): Choice {
  return { root: stored(ROOT) ?? stored(ROOT, 'default'), preview: stored(PREVIEW) }
}

/** Goes with every request. */
export function viewHeaders(): Record<string, string> {
  return {
    ...(choice.root === null ? {} : { [ROOT_HEADER]: choice.root }),
    ...(choice.preview === null ? {} : { [PREVIEW_HEADER]: choice.preview }),
  }
}

/** Goes where a browser sends no headers of ours: streams and links to files. */
export function withView(url: string): string {
  const search = new URLSearchParams()
  if (choice.root !== null) search.set('root', choice.root)
  if (choice.preview !== null) search.set('preview', choice.preview)
  const text = search.toString()
  return text === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${text}`
}

/** Keeps to the view that the server gave, also where none was chosen: the first root may be another one tomorrow. */
export function holdView({ user, view }: Pick<Session, 'user' | 'view'>): void {
  if (user === null) forgetPreview()
  else if (view !== null && view.preview !== null) choice.preview = `${view.preview.id}:${view.root.id}`
  else if (view !== null) choice.root = view.root.id
}

/** Lets go of a choice that the server does not know any more. False when there was none to let go of. */
export function forgetChoice(): boolean {
  if (choice.preview !== null) {
    forgetPreview()
    return true
  }
  if (choice.root === null) return false
  choice.root = null
  store(ROOT, null)
  store(ROOT, null, 'default')
  return true
}

/** For signing out: the next person in this tab starts from nothing. */
export function forgetView(): void {
  choice = { root: null, preview: null }
  store(ROOT, null)
  store(PREVIEW, null)
  forgetTree()
}

/** Remembered for this tab, and as the default of others. Load a new document afterwards. */
export function chooseRoot(view: View, rootId: string): void {
  forgetTree()
  if (view.preview !== null) {
    store(PREVIEW, `${view.preview.id}:${rootId}`)
    return
  }
  store(ROOT, rootId)
  store(ROOT, rootId, 'default')
}

/** Load a new document afterwards. */
export function choosePreview(userId: string): void {
  forgetTree()
  // The own root is held as well: the preview shows what of that user's part lies inside it.
  store(ROOT, choice.root)
  store(PREVIEW, userId)
}

export function endPreview(): void {
  forgetTree()
  forgetPreview()
}

function forgetPreview(): void {
  choice.preview = null
  store(PREVIEW, null)
}

function forgetTree(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(OF_A_VIEW)) sessionStorage.removeItem(key)
  } catch {
    // Storage that is switched off holds nothing.
  }
}

type Place = 'tab' | 'default'

function stored(key: string, place: Place = 'tab'): string | null {
  try {
    const value = (place === 'tab' ? sessionStorage : localStorage).getItem(key)
    return value === '' ? null : value
  } catch {
    return null
  }
}

function store(key: string, value: string | null, place: Place = 'tab'): void {
  try {
    const storage = place === 'tab' ? sessionStorage : localStorage
    if (value === null) storage.removeItem(key)
    else storage.setItem(key, value)
  } catch {
    // Storage is full or switched off: the choice lasts as long as the document.
  }
}
