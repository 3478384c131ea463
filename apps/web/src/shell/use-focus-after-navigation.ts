import { useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { focusHeading } from './focus-heading.ts'

/** A new screen is announced by its heading. Within a screen (tree, filters) the focus stays where it is. */
export function useFocusAfterNavigation(): void {
  const { pathname, state } = useLocation()
  const screen = pathname.split('/')[1] ?? ''
  const detail = screen === 'computers' ? '' : pathname
  // Whoever has just signed in comes from another screen; whoever opens an address starts at its top, as everywhere.
  const before = useRef(isFromSignIn(state) ? null : screen + detail)
  useEffect(() => {
    if (before.current === screen + detail) return undefined
    before.current = screen + detail
    return focusHeading()
  }, [screen, detail])
}

function isFromSignIn(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'signedIn' in state
}
