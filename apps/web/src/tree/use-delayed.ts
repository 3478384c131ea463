import { useEffect, useState } from 'react'

/** False for the first `delay` ms, so that what comes quickly shows no placeholder. */
export function useDelayed(delay: number): boolean {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), delay)
    return () => clearTimeout(timer)
  }, [delay])
  return isLate
}
