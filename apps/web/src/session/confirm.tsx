import { useCallback } from 'react'

/** Runs a dangerous step. */
export function useConfirmation(): <T>(action: () => Promise<T>) => Promise<T> {
  return useCallback((action) => action(), [])
}
