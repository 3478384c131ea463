/** As a `ref`: the next step of a dialog takes the focus when it appears, because what held it is gone. */
export function focusOnce(element: HTMLElement | null): void {
  element?.focus()
}
