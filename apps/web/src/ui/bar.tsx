import css from './bar.module.css'

export interface BarPart {
  key: string
  value: number
  color: string
}

/** Parts of a whole side by side. Decoration: the numbers stand beside it. */
export function Bar({ parts, height = 8 }: { parts: readonly BarPart[]; height?: number }) {
  const whole = parts.reduce((sum, part) => sum + part.value, 0)
  return (
    <div className={css['bar']} style={{ height }} aria-hidden="true">
      {parts
        .filter((part) => part.value > 0)
        .map((part) => (
          <span key={part.key} style={{ flexGrow: part.value / Math.max(whole, 1), background: part.color }} />
        ))}
    </div>
  )
}
