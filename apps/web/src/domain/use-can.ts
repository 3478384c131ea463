import { covers, type RightLevel, type RightObject, type View } from '@msp-console/contract'
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../api/queries.ts'

/** The part of the tree on screen and what may be done there; null until known and without rights. */
export function useView(): View | null {
  return useQuery(sessionQuery()).data?.view ?? null
}

/** Whether what is on screen may offer this. The server decides again; what it would refuse is not shown at all. */
export function useCan(object: RightObject, level: Exclude<RightLevel, 'none'>): boolean {
  const view = useView()
  return view !== null && covers(view.rights, object, level)
}
