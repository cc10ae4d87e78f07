import { Button } from '@mantine/core'
import { type ReactNode, useId } from 'react'

interface ActProps {
  children: ReactNode
  onClick?: () => void
  /** Why it cannot be pressed now; a sentence under the button. Null or absent: it can. */
  why?: string | null | undefined
  /** The one primary action of a screen, or one that stops something. */
  tone?: 'main' | 'stop' | 'plain'
  busy?: boolean
  wide?: boolean
  type?: 'button' | 'submit'
}

/** A button with a verb on it. Disabled, it stays focusable and says why. */
export function Act({ children, onClick, why, tone, busy = false, wide = false, type = 'button' }: ActProps) {
  const id = useId()
  const off = Boolean(why)
  return (
    <div>
      <Button
        type={type}
        fullWidth={wide}
        loading={busy}
        aria-disabled={off || undefined}
        aria-describedby={off ? id : undefined}
        data-main={tone === 'main' || undefined}
        data-stop={tone === 'stop' || undefined}
        data-plain={tone === 'plain' || undefined}
        onClick={(event) => {
          if (off) event.preventDefault()
          else onClick?.()
        }}
      >
        {children}
      </Button>
      {off ? (
        <p className="why" id={id}>
          {why}
        </p>
      ) : null}
    </div>
  )
}
