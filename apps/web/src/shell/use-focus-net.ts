import { useEffect } from 'react'
import { focusHeading } from './focus-heading.ts'

// Much of what is pressed goes away by being pressed: the row that is done, the message that is undone, the button whose
// state has passed. The browser then drops the focus to the start of the page. The net puts it where the work goes on: the
// same place in what is left, else the heading of that part, else the heading of the screen. It is one net for all screens
// because no component knows what disappears around it. It never takes a focus that is somewhere.

/** Dialogs give the focus back by themselves, some 10 ms after they close. */
const PAUSE_MS = 60
const CONTROLS = 'button, a[href], input, select, [tabindex="0"]'
const PARTS = 'section, article, aside, nav'

interface Place {
  element: HTMLElement
  pathname: string
  /** From the parent up: each ancestor, and at which of its children the way down began. */
  trail: { parent: Element; index: number }[]
}

export function useFocusNet(): void {
  useEffect(() => {
    let place: Place | null = null
    let landing: ReturnType<typeof setTimeout> | undefined
    const remember = ({ target }: FocusEvent): void => {
      // A message passes: what had the focus before it has it again afterwards.
      if (target instanceof HTMLElement && target.closest('.mantine-Notifications-root') === null)
        place = toPlace(target)
    }
    const forget = ({ target, relatedTarget }: FocusEvent): void => {
      if (relatedTarget !== null) return
      // Asked later: an element that is being removed says the same as one that was left by a click on nothing.
      setTimeout(() => {
        if (place?.element === target && isThere(place.element) && document.hasFocus()) place = null
      })
    }
    const observer = new MutationObserver(() => {
      if (place === null || landing !== undefined || !isNowhere()) return
      landing = setTimeout(() => {
        landing = undefined
        if (place !== null && isNowhere() && document.querySelector('[role="dialog"]') === null) land(place)
      }, PAUSE_MS)
    })
    document.addEventListener('focusin', remember)
    document.addEventListener('focusout', forget)
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      document.removeEventListener('focusin', remember)
      document.removeEventListener('focusout', forget)
      observer.disconnect()
      clearTimeout(landing)
    }
  }, [])
}

function toPlace(element: HTMLElement): Place {
  const trail: Place['trail'] = []
  let child: Element = element
  for (let parent = child.parentElement; parent !== null; child = parent, parent = parent.parentElement) {
    trail.push({ parent, index: [...parent.children].indexOf(child) })
  }
  return { element, pathname: location.pathname, trail }
}

function land({ element, pathname, trail }: Place): void {
  if (isThere(element)) element.focus({ preventScroll: true })
  else if (location.pathname !== pathname) focusHeading()
  else (toNext(element, trail) ?? toHeading(trail))?.focus({ preventScroll: true })
  if (isNowhere()) focusHeading()
}

/** The control of the same sort that has moved up into the place, within the same part of the screen. */
function toNext(element: HTMLElement, trail: Place['trail']): HTMLElement | undefined {
  const sort = element.matches('button, a, input, select') ? element.tagName : CONTROLS
  for (const { parent, index } of trail) {
    if (parent.matches(`${PARTS}, main`)) return undefined
    if (!parent.isConnected) continue
    const near = parent.children[Math.min(index, parent.children.length - 1)]
    const found = [near, ...(near?.querySelectorAll(sort) ?? []), ...parent.querySelectorAll(sort)]
    const next = found.find((each) => each instanceof HTMLElement && each.matches(sort) && isThere(each))
    if (next instanceof HTMLElement) return next
  }
  return undefined
}

function toHeading(trail: Place['trail']): HTMLElement | undefined {
  const part = trail.find(({ parent }) => parent.matches(PARTS) && parent.isConnected)?.parent
  return part?.querySelector<HTMLElement>(':is(h1, h2)[tabindex]') ?? undefined
}

/** In the document, painted, and able to take the focus. */
function isThere(element: HTMLElement): boolean {
  return element.isConnected && element.getClientRects().length > 0 && !element.matches(':disabled')
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}
