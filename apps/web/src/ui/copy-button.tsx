import { ActionIcon, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { Sign } from './icons.tsx'

/** Puts `value` on the clipboard and says so for two seconds. */
export function CopyButton({ value, label, done }: { value: string; label: string; done: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
    setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <Tooltip label={copied ? done : label}>
      <ActionIcon size={24} aria-label={label} onClick={() => void copy()}>
        <Sign name={copied ? 'check' : 'copy'} size={15} />
      </ActionIcon>
    </Tooltip>
  )
}
