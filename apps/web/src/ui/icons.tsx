import type { ReactNode } from 'react'

// Signs for actions and places, drawn by us on a 20 × 20 grid, stroke 1.5. Decoration: a control names itself in text
// or by aria-label.

const SIGNS = {
  overview: <path d="M3 11a7 7 0 0 1 14 0M10 11l3-3.5M4 15h12M3 11v1M17 11v1" />,
  computers: <path d="M3 4h14v9H3zM7.5 16.5h5M10 13v3.5" />,
  customers: <path d="M4.5 17V3.5h11V17M3 17h14M8.5 17v-3.5h3V17M7.7 6.7v0M12.3 6.7v0M7.7 10v0M12.3 10v0" />,
  sync: <path d="M16.5 8A6.8 6.8 0 0 0 4.3 6.5L3 8M3 4v4h4M3.5 12a6.8 6.8 0 0 0 12.2 1.5L17 12M17 16v-4h-4" />,
  accounts: <path d="M8 12.5a4 4 0 1 1 3.5-2.2l5 5V17h-2.2v-1.7h-1.7v-1.7H11L9.8 12M6.8 7.3v0" />,
  search: <path d="M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4" />,
  sun: (
    <path d="M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1" />
  ),
  moon: <path d="M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z" />,
  system: <path d="M3 4h14v9H3zM7.5 16.5h5M10 4v9" />,
  user: <path d="M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10zM3.8 16.8a6.3 6.3 0 0 1 12.4 0" />,
  language: (
    <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3 10h14M10 3c2.2 2 3.2 4.3 3.2 7S12.2 15 10 17c-2.2-2-3.2-4.3-3.2-7S7.8 5 10 3z" />
  ),
  signOut: <path d="M12 6V3.5H4v13h8V14M8.5 10H17M14.5 7.5 17 10l-2.5 2.5" />,
  menu: <path d="M3 5.5h14M3 10h14M3 14.5h14" />,
  close: <path d="M5 5l10 10M15 5 5 15" />,
  check: <path d="M4 10.5 8 14.5 16 6" />,
  skip: <path d="M4 5l6 5-6 5zM12 5v10M15.5 5v10" />,
  undo: <path d="M7.5 4 4 7.5 7.5 11M4 7.5h7.5a4.5 4.5 0 0 1 0 9H8" />,
  copy: <path d="M7 7h9.5v9.5H7zM4.5 13H3.5V3.5H13v1" />,
  chevronRight: <path d="M7.5 4.5 13 10l-5.5 5.5" />,
  chevronLeft: <path d="M12.5 4.5 7 10l5.5 5.5" />,
  chevronDown: <path d="M4.5 7.5 10 13l5.5-5.5" />,
  chevronUp: <path d="M4.5 12.5 10 7l5.5 5.5" />,
  collapseAll: <path d="M6 3l4 4 4-4M6 17l4-4 4 4M3.5 10h13" />,
  expandAll: <path d="M6 6.5 10 2.5l4 4M6 13.5l4 4 4-4M3.5 10h13" />,
  filter: <path d="M3 4.5h14l-5.3 6.3v5.2l-3.4-1.7v-3.5z" />,
  columns: <path d="M3 4h14v12H3zM7.7 4v12M12.3 4v12" />,
  warning: <path d="M10 3.5 17.5 16.5h-15zM10 8.3v3.7M10 14.3v0" />,
  error: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6.5v4.3M10 13.5v0" />,
  info: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.3v4.2M10 6.5v0" />,
  lock: <path d="M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9M10 12v1.5" />,
  clock: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.3l2.8 1.7" />,
  pause: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM8.3 7.5v5M11.7 7.5v5" />,
  download: <path d="M10 3.5v9M6 9l4 4 4-4M4 16.5h12" />,
  plus: <path d="M10 4v12M4 10h12" />,
  more: <path d="M4.5 10v0M10 10v0M15.5 10v0" />,
  arrowRight: <path d="M3.5 10h13M12 5.5l4.5 4.5-4.5 4.5" />,
  disconnect: (
    <path d="M7.5 12.5 6 14a3 3 0 0 1-4 0M12.5 7.5 14 6a3 3 0 0 1 4 0M8 5V2.5M5 8H2.5M12 15v2.5M15 12h2.5M5.5 9.5 3.7 11.3M14.5 10.5l1.8-1.8" />
  ),
} satisfies Record<string, ReactNode>

export type SignName = keyof typeof SIGNS

export function Sign({
  name,
  size = 18,
  className,
}: {
  name: SignName
  size?: number
  className?: string | undefined
}) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.4 : 1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none' }}
    >
      {SIGNS[name]}
    </svg>
  )
}
