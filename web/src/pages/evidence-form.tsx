import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { makeEvidence } from '../api/ledger.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Trouble } from '../ui/state.tsx'

/** Orders a bundle of evidence and saves it; for those whom policy lets take entries out of the house. */
export function EvidenceForm() {
  const { say } = useLanguage()
  const [entries, setEntries] = useState('')
  const [withheld, setWithheld] = useState('')
  const [reason, setReason] = useState('')
  const [serial, setSerial] = useState('')
  const wanted = readNumbers(entries)
  const without = readNumbers(withheld)
  const fits = wanted !== null && wanted.length > 0 && without !== null && reason.trim().length >= 10
  const making = useMutation({
    mutationFn: async () => {
      const { name, bytes } = await makeEvidence({
        entries: wanted ?? [],
        withhold: without ?? [],
        reason: reason.trim(),
        ...(serial.trim() === '' ? {} : { caseSerial: serial.trim() }),
      })
      save(name, bytes)
      return name
    },
  })
  return (
    <section className="card">
      <h2>{say('evidence.title')}</h2>
      <p className="small">{say('evidence.lead')}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (fits) making.mutate()
        }}
      >
        <TextInput
          label={say('evidence.entries')}
          value={entries}
          onChange={(event) => setEntries(event.currentTarget.value)}
        />
        <TextInput
          label={say('evidence.withhold')}
          value={withheld}
          onChange={(event) => setWithheld(event.currentTarget.value)}
        />
        <TextInput
          label={say('evidence.reason')}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          label={say('evidence.case')}
          value={serial}
          maxLength={64}
          onChange={(event) => setSerial(event.currentTarget.value)}
        />
        <Act type="submit" busy={making.isPending} why={fits ? null : say('evidence.missing')}>
          {say('evidence.make')}
        </Act>
      </form>
      <div aria-live="polite">
        {making.isSuccess ? <p className="card good">{say('evidence.done', { name: making.data })}</p> : null}
        {making.isError ? <Trouble error={making.error} /> : null}
      </div>
    </section>
  )
}

/** Whole numbers between commas or spaces; null when something else is among them. */
function readNumbers(text: string): number[] | null {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '')
  return parts.every((part) => /^\d{1,15}$/.test(part)) ? parts.map(Number) : null
}

/** Gives a file to whoever sits at this browser. */
export function save(name: string, bytes: Blob): void {
  const url = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
