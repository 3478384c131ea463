import { useEffect, useState, type ReactNode } from 'react'

/** Shows its children only when waiting has lasted; quick answers never flicker. */
export function Delayed({ children, after = 300 }: { children: ReactNode; after?: number }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), after)
    return () => clearTimeout(timer)
  }, [after])
  return shown ? children : null
}
