/** Rows chosen one by one, or everything that matches the filter, loaded or not. */
export interface Selection {
  all: boolean
  ids: ReadonlySet<string>
}

export const EMPTY: Selection = { all: false, ids: new Set() }
export const EVERYTHING: Selection = { all: true, ids: new Set() }

export function isSelected(selection: Selection, id: string): boolean {
  return selection.all || selection.ids.has(id)
}

/** Taking one out of "everything" leaves the other rows that are loaded: a filter has no exceptions. */
export function toggle(selection: Selection, id: string, loaded: readonly { id: string }[]): Selection {
  const ids = new Set(selection.all ? loaded.map((row) => row.id) : selection.ids)
  if (ids.has(id)) ids.delete(id)
  else ids.add(id)
  return { all: false, ids }
}

export function toggleLoaded(selection: Selection, loaded: readonly { id: string }[]): Selection {
  const whole = loaded.every((row) => isSelected(selection, row.id))
  return whole ? EMPTY : { all: false, ids: new Set(loaded.map((row) => row.id)) }
}
