import { useState } from 'react'

/** State kept in this browser under `key`. Unreadable or foreign content counts as nothing stored. */
export function useStored<T>(key: string, fallback: T, read: (stored: unknown) => T | null): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const text = localStorage.getItem(key)
      return (text === null ? null : read(JSON.parse(text))) ?? fallback
    } catch {
      return fallback
    }
  })
  const store = (next: T): void => {
    setValue(next)
    try {
      localStorage.setItem(key, JSON.stringify(next))
    } catch {
      // Storage is full or switched off: the choice lasts as long as the page.
    }
  }
  return [value, store]
}
