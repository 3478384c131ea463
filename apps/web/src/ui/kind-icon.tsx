import type { ReactNode } from 'react'
import { StateOverlay, type StateName } from './state-overlay.tsx'

// Our own drawings of what stands in the tree, on a 20 × 20 grid, stroke 1.5, in the colour of the text.

const GLYPHS = {
  all: <path d="M10 3 17 6.5 10 10 3 6.5zM3.5 10 10 13.3 16.5 10M3.5 13.3 10 16.6l6.5-3.3" />,
  companies: (
    <path d="M3 16.5V6.5L8.5 4v12.5M8.5 8.5H17v8M2 16.5h16M5.7 8v0M5.7 11v0M5.7 14v0M11.5 11.5v0M14.3 11.5v0M11.5 14v0M14.3 14v0" />
  ),
  lostAndFound: (
    <>
      <path d="M3 8.5h14v7a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zM3 8.5l2-4h10l2 4" />
      <path d="M8.7 11.2a1.4 1.4 0 1 1 1.9 1.3c-.4.2-.6.4-.6.9M10 15v0" />
    </>
  ),
  unresolved: (
    <>
      <path d="M8 12 12 8M7 9.5 5.3 11.2a2.5 2.5 0 0 0 3.5 3.5L10.5 13M9.5 7l1.7-1.7a2.5 2.5 0 0 1 3.5 3.5L13 10.5" />
      <path d="M4 4l1.5 1.5M7 3v1.6M3 7h1.6" />
    </>
  ),
  staticGroup: <path d="M2.5 15.5v-11h5l1.5 2h8.5v9z" />,
  hq: <path d="M5 17V3.5h9.5L12.5 7l2 3.5H5M3.5 17h4" />,
  distributor: (
    <>
      <circle cx="10" cy="10" r="2.6" />
      <circle cx="10" cy="3.7" r="1.4" />
      <circle cx="4.3" cy="14" r="1.4" />
      <circle cx="15.7" cy="14" r="1.4" />
      <path d="M10 7.4V5.1M7.8 11.5l-2.3 1.7M12.2 11.5l2.3 1.7" />
    </>
  ),
  division: (
    <>
      <path d="M3.5 3.5h13v13h-13zM3.5 10h13M10 3.5V10" />
      <path d="M3.5 10h13v6.5h-13z" fill="currentColor" fillOpacity=".22" />
    </>
  ),
  mspManager: <path d="M3 7h14v9.5H3zM7.5 7V4.5h5V7M3 11.5h5.5M11.5 11.5H17M8.5 10.3h3v2.4h-3z" />,
  msp: <path d="M3 4h14v5H3zM3 11h14v5H3zM6 6.5v0M6 13.5v0M9 6.5h5M9 13.5h5" />,
  managedMsp: <path d="M3 11.5h14v5H3zM6 14v0M9 14h5M10 11.5V8.8M5 5.5a7 7 0 0 1 10 0M7.3 7.6a3.8 3.8 0 0 1 5.4 0" />,
  customer: <path d="M4.5 17V3.5h11V17M3 17h14M8.5 17v-3.5h3V17M7.7 6.7v0M12.3 6.7v0M7.7 10v0M12.3 10v0" />,
  unknown: (
    <>
      <path d="M10 2.7 16.3 6.3v7.4L10 17.3 3.7 13.7V6.3z" />
      <path d="M8.2 8.3a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2M10 13.4v0" />
    </>
  ),
} satisfies Record<string, ReactNode>

type KindName = keyof typeof GLYPHS

export interface KindIconProps {
  kind: KindName
  /** Drawn as a badge in the corner. */
  state?: StateName | undefined
  /** Edge in CSS pixels. */
  size?: number
  className?: string | undefined
}

/** Decoration: the word for kind and state has to stand in text beside it. */
export function KindIcon({ kind, state, size = 20, className }: KindIconProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      className={className}
      style={{ flex: 'none', overflow: 'visible' }}
    >
      <g
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        opacity={state === 'unlinked' ? 0.6 : 1}
      >
        {GLYPHS[kind]}
      </g>
      {state !== undefined && <StateOverlay state={state} />}
    </svg>
  )
}
