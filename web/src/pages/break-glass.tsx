import { Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { care } from '../api/care.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Trouble } from '../ui/state.tsx'

/** Life at risk: works at once, wakes two people, opens no more than a look does. */
export function BreakGlass() {
  const { say } = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const [number, setNumber] = useState('')
  const [reason, setReason] = useState('')
  const broken = useMutation({
    mutationFn: care.breakGlass,
    onSuccess: ({ contact }) => navigate({ to: '/care/contacts/$id', params: { id: contact.id } }),
  })
  if (!may('break-glass')) return null
  const why =
    number.trim().length < 3
      ? say('care.numberMissing')
      : reason.trim().length < 20
        ? say('care.reasonShort')
        : null
  return (
    <>
      <Act tone="stop" onClick={() => setOpen(true)}>
        {say('care.breakGlass')}
      </Act>
      <Dialog
        title={say('care.breakGlass')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => broken.mutate({ number: number.trim(), reason: reason.trim() })}
        act={say('care.breakGlassAct')}
        tone="stop"
        why={why}
        busy={broken.isPending}
      >
        <p className="small">{say('care.breakGlassLead')}</p>
        <TextInput
          label={say('care.number')}
          value={number}
          inputMode="tel"
          autoComplete="off"
          maxLength={32}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <Textarea
          label={say('care.breakGlassReason')}
          value={reason}
          maxLength={2000}
          minRows={3}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {broken.isError ? <Trouble error={broken.error} /> : null}
      </Dialog>
    </>
  )
}
