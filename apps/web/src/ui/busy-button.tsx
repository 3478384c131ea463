import { Button, Loader, type ButtonProps } from '@mantine/core'
import type { ComponentPropsWithRef, MouseEvent } from 'react'

export type BusyButtonProps = ButtonProps &
  Omit<ComponentPropsWithRef<'button'>, keyof ButtonProps> & {
    /** What it starts is under way, or cannot start now. */
    busy: boolean
  }

/** While busy it says so and does nothing, but keeps the focus: a disabled button would drop it to the start of the page. */
export function BusyButton({ busy, onClick, leftSection, className, ...rest }: BusyButtonProps) {
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    // Also keeps a form from being sent twice: Enter in a field presses its button.
    if (busy) event.preventDefault()
    else onClick?.(event)
  }
  return (
    <Button
      {...rest}
      className={busy ? `mc-busy ${className ?? ''}` : className}
      leftSection={busy && leftSection !== undefined ? <Loader size={15} color="currentColor" /> : leftSection}
      aria-disabled={busy || undefined}
      onClick={press}
    />
  )
}
