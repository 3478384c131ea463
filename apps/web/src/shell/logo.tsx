/** Three companies under one roof; the amber one waits for set-up. */
export function Logo({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flex: 'none' }}>
      <rect width="32" height="32" rx="8" fill="#0b7d8c" />
      <path
        d="M16 10v4.5M16 14.5H9.5v4M16 14.5h6.5v4"
        fill="none"
        stroke="#a6e0e6"
        strokeWidth="2"
        strokeLinejoin="round"
      />
      <rect x="12.5" y="5" width="7" height="6" rx="1.8" fill="#fff" />
      <rect x="6" y="18.5" width="7" height="6" rx="1.8" fill="#fff" />
      <rect x="19" y="18.5" width="7" height="6" rx="1.8" fill="#ffc566" />
    </svg>
  )
}
