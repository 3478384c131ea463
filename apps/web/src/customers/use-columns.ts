import { useStored } from '../ui/storage.ts'
import { COLUMN_IDS, type ColumnId } from './columns.tsx'

export type ShownColumns = Readonly<Record<ColumnId, boolean>>

/** Which columns are shown, remembered in this browser. A column that is new since then appears as it is meant to. */
export function useColumns(atFirst: ShownColumns): [ShownColumns, (shown: ShownColumns) => void] {
  return useStored<ShownColumns>('msp-console.customerColumns', atFirst, (stored) => {
    if (typeof stored !== 'object' || stored === null) return null
    const known = { ...atFirst }
    for (const id of COLUMN_IDS) {
      const value: unknown = Reflect.get(stored, id)
      if (typeof value === 'boolean' && id !== 'name') known[id] = value
    }
    return known
  })
}
