/** How much is left of a whole, as a ring. `left` from 0 to 1. Time is the only thing that moves here. */
export function Ring({ left, label }: { left: number; label: string }) {
  const round = 2 * Math.PI * 27
  const share = Math.min(1, Math.max(0, left))
  return (
    <svg width="64" height="64" viewBox="0 0 64 64" role="img" aria-label={label}>
      <circle cx="32" cy="32" r="27" fill="none" stroke="var(--rule)" strokeWidth="5" />
      {share > 0 ? (
        <circle
          cx="32"
          cy="32"
          r="27"
          fill="none"
          stroke={share < 0.1 ? 'var(--stop)' : 'var(--ink)'}
          strokeWidth="5"
          strokeDasharray={`${share * round} ${round}`}
          transform="rotate(-90 32 32)"
          strokeLinecap="round"
        />
      ) : null}
    </svg>
  )
}
