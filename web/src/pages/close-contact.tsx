import { Radio, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Resolution } from '../../../src/care/schemas.ts'
import { type Contact, care } from '../api/care.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Trouble } from '../ui/state.tsx'

const RESOLUTIONS = [
  'explained',
  'charge-corrected',
  'statement-sent',
  'fraud-reported',
  'nuisance-handled',
  'not-verified',
  'referred-to-shop',
  'caller-left',
] as const satisfies readonly Resolution[]

/** The end of a contact: how it ended and a note that she reads word for word. */
export function CloseContact({
  contact,
  note,
  take,
}: {
  contact: Contact
  note: string
  take: (next: Contact) => void
}) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [resolution, setResolution] = useState<Resolution | null>(null)
  const [words, setWords] = useState('')
  const close = useMutation({
    mutationFn: (how: Resolution) => care.close(contact.id, { resolution: how, note: words.trim() }),
    onSuccess: (closed) => {
      setOpen(false)
      take(closed)
    },
  })
  return (
    <>
      <Act
        wide
        onClick={() => {
          setWords(note)
          setOpen(true)
        }}
      >
        {say('act.closeContact')}
      </Act>
      <Dialog
        title={say('act.closeTitle')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => {
          if (resolution !== null) close.mutate(resolution)
        }}
        act={say('act.closeAct')}
        why={resolution === null ? say('act.resolutionMissing') : null}
        busy={close.isPending}
      >
        <Radio.Group
          aria-label={say('act.closeTitle')}
          value={resolution ?? ''}
          onChange={(value) => setResolution(value as Resolution)}
        >
          <div className="stack tight">
            {RESOLUTIONS.map((value) => (
              <Radio key={value} value={value} label={say(`resolution.${value}`)} />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label={say('contact.note')}
          description={say('contact.noteHint')}
          value={words}
          maxLength={2000}
          minRows={2}
          autosize
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <p className="small">{say('act.closeLead')}</p>
        {close.isError ? <Trouble error={close.error} /> : null}
      </Dialog>
    </>
  )
}
