import type { CSSProperties } from 'react'

export type StateName = 'notSetUp' | 'normal' | 'unlinked'

// Shape, colour and word carry a state together: diamond with a mark, disc with a tick, square with a cross.
const COLOR: Record<StateName, string> = {
  notSetUp: 'var(--mc-todo-solid)',
  normal: 'var(--mc-ok-solid)',
  unlinked: 'var(--mc-gone-solid)',
}

/** SVG content for a 20 × 20 box: the badge in its lower right corner, cut out of what lies below. */
export function StateOverlay({ state }: { state: StateName }) {
  return (
    <g
      style={{ color: COLOR[state] }}
      stroke="var(--mc-icon-cut, var(--mc-surface))"
      strokeWidth="1.6"
      paintOrder="stroke"
    >
      <StateShape state={state} cx={15} cy={15} />
    </g>
  )
}

/** The badge by itself, for legends, cards and chips. Decoration: the word stands beside it. */
export function StateGlyph({ state, size = 14 }: { state: StateName; size?: number }) {
  const style: CSSProperties = { color: COLOR[state], flex: 'none' }
  return (
    <svg width={size} height={size} viewBox="0 0 10 10" aria-hidden="true" style={style}>
      <StateShape state={state} cx={5} cy={5} />
    </svg>
  )
}

function StateShape({ state, cx, cy }: { state: StateName; cx: number; cy: number }) {
  const line = {
    stroke: 'var(--mc-state-mark)',
    strokeWidth: 1.3,
    fill: 'none',
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
  } as const // literal types for the SVG attributes
  return (
    <g transform={`translate(${cx - 5} ${cy - 5})`}>
      {state === 'notSetUp' && (
        <>
          <rect x="1.6" y="1.6" width="6.8" height="6.8" rx="1" transform="rotate(45 5 5)" fill="currentColor" />
          <path d="M5 2.9v2.3M5 6.9v.05" {...line} />
        </>
      )}
      {state === 'normal' && (
        <>
          <circle cx="5" cy="5" r="4.3" fill="currentColor" />
          <path d="M3.1 5.2 4.5 6.5 7 3.7" {...line} />
        </>
      )}
      {state === 'unlinked' && (
        <>
          <rect x="0.9" y="0.9" width="8.2" height="8.2" rx="1.8" fill="currentColor" />
          <path d="M3.2 3.2l3.6 3.6M6.8 3.2 3.2 6.8" {...line} />
        </>
      )}
    </g>
  )
}
