import { Checkbox, NativeSelect } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Contact, care, type FactorChoice } from '../api/care.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Trouble } from '../ui/state.tsx'

const KINDS = ['nrc', 'passport', 'driving-licence', 'student-card', 'monastic-id'] as const

/** A photo ID in a shop: what was compared, and then a second clerk's word. */
export function PhotoId({
  choice,
  contact,
  take,
}: {
  choice: FactorChoice
  contact: Contact
  take: (next: Contact) => void
}) {
  const { say, pick } = useLanguage()
  const [kind, setKind] = useState<(typeof KINDS)[number]>('nrc')
  const [unexpired, setUnexpired] = useState(false)
  const [compared, setCompared] = useState(false)
  const start = useMutation({
    mutationFn: () => care.startFactor(contact.id, 'photo-id', { document: { kind, unexpired, compared } }),
    onSuccess: (started) => take(started.contact),
  })
  if (choice.state === 'waiting') return <p className="small factor">{say('contact.waitsClerk')}</p>
  const why = choice.why ? pick(choice.why) : null
  if (!choice.available)
    return (
      <div className="factor">
        <Act why={why}>{pick(choice.label)}</Act>
      </div>
    )
  return (
    <form
      className="factor stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (compared) start.mutate()
      }}
    >
      <NativeSelect
        label={say('photo.kind')}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as (typeof KINDS)[number])}
        data={KINDS.map((value) => ({ value, label: say(`photo.${value}`) }))}
      />
      <Checkbox
        label={say('photo.unexpired')}
        checked={unexpired}
        onChange={(event) => setUnexpired(event.currentTarget.checked)}
      />
      <Checkbox
        label={say('photo.compared')}
        checked={compared}
        onChange={(event) => setCompared(event.currentTarget.checked)}
      />
      <Act type="submit" busy={start.isPending} why={compared ? null : say('photo.compared')}>
        {say('photo.act')}
      </Act>
      {start.isError ? <Trouble error={start.error} /> : null}
    </form>
  )
}
