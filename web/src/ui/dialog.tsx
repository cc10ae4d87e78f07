import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLanguage } from '../language.ts'
import { Act } from './act.tsx'

interface DialogProps {
  title: string
  open: boolean
  onClose: () => void
  onSubmit: () => void
  /** The verb on the button. */
  act: string
  why?: string | null | undefined
  busy?: boolean
  tone?: 'main' | 'stop'
  children: ReactNode
}

/** A question with its consequence said before the button. Scrolling is not locked: that would need inline style. */
export function Dialog({
  title,
  open,
  onClose,
  onSubmit,
  act,
  why,
  busy = false,
  tone = 'main',
  children,
}: DialogProps) {
  const { say } = useLanguage()
  return (
    <Modal.Root opened={open} onClose={onClose} centered lockScroll={false} transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <div className="dialog-top">
            <Modal.Title>{title}</Modal.Title>
            <Modal.CloseButton aria-label={say('act.close')} />
          </div>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault()
              if (!why && !busy) onSubmit()
            }}
          >
            {children}
            <div className="line">
              <Act type="submit" tone={tone} why={why} busy={busy}>
                {act}
              </Act>
              <Act tone="plain" onClick={onClose}>
                {say('act.cancel')}
              </Act>
            </div>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
