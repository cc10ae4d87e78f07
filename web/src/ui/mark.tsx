/** Two strokes that cross like two signatures; open (one stroke faint) where a thing is signed once. */
export function Mark({ closed = true }: { closed?: boolean }) {
  return (
    <svg className="mark" viewBox="0 0 26 26" aria-hidden="true">
      <path
        d="M4 19C9 7 12 7 14 13s5 6 8-6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <path
        d="M4 7c3 12 6 12 8 6s5-6 10 6"
        fill="none"
        stroke="var(--proven)"
        strokeWidth="2.2"
        strokeLinecap="round"
        {...(closed ? {} : { strokeDasharray: '1 5' })}
      />
    </svg>
  )
}
