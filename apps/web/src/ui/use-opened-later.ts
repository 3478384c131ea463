import { useEffect, useState } from 'react'

/**
 * `opened`, but false at first: a dialog that is born open has not seen where the focus was before and cannot give it back.
 */
export function useOpenedLater(opened: boolean): boolean {
  const [later, setLater] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLater(opened))
    return () => clearTimeout(timer)
  }, [opened])
  return later && opened
}
