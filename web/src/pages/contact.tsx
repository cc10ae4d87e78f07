import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { type Contact, care } from '../api/care.ts'
import { useEvents } from '../events.tsx'
import { formatCount } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useLook } from '../look.ts'
import { useSession } from '../session.tsx'
import { lastWord } from '../ui/last-word.ts'
import { Answer } from '../ui/state.tsx'
import { PrintRefusal } from '../ui/watermark.tsx'
import { ContactAnswer } from './contact-answer.tsx'
import { ContactGuard } from './contact-guard.tsx'
import { ContactPerson } from './contact-person.tsx'

/** The contact: the person on the line, the question and its answer, the guard rail. */
export function ContactPage() {
  const { id } = useParams({ from: '/desk/care/contacts/$id' })
  const client = useQueryClient()
  const contact = useQuery({ queryKey: ['contact', id], queryFn: () => care.contact(id), gcTime: 0 })
  useEvents((name, data) => {
    const ours = data.contactId === id || name === 'resync' || name === 'call-event'
    if (ours) void client.invalidateQueries({ queryKey: ['contact', id] })
  })
  return <Answer query={contact}>{(data) => <OpenedContact key={id} contact={data} />}</Answer>
}

function OpenedContact({ contact }: { contact: Contact }) {
  const { say, pick } = useLanguage()
  const client = useQueryClient()
  const { person } = useSession()
  const look = useLook(contact.grant)
  const [note, setNote] = useState(contact.note)
  /** The row that the customer is being asked for: `picking` while the champion chooses. */
  const [asked, setAsked] = useState<'picking' | { row: string; label: string } | null>(null)
  const title = contact.person.name === null ? say('contact.unregistered') : pick(contact.person.name)
  useEffect(() => {
    document.title = `${say('contact.title')} · ${say('app.name')}`
  }, [say])
  const entry = look.grant?.entry ?? null
  useEffect(() => {
    lastWord.say(
      entry === null
        ? ''
        : `${say('contact.entry', { entry: formatCount(entry) })}, ${say('contact.entryHeld')}`,
    )
    return () => lastWord.say('')
  }, [entry, say])
  const take = (next: Contact) => client.setQueryData(['contact', contact.id], next)
  return (
    <>
      <PrintRefusal text={look.grant?.watermark ?? `${person.deskName} · ${person.office}`} />
      <div className="contact">
        <ContactPerson contact={contact} title={title} take={take} note={note} setNote={setNote} />
        <ContactAnswer contact={contact} look={look} asked={asked} setAsked={setAsked} />
        <ContactGuard
          contact={contact}
          look={look}
          asked={asked}
          setAsked={setAsked}
          note={note}
          take={take}
        />
      </div>
    </>
  )
}

/** Which row is being asked for. */
export type Asked = 'picking' | { row: string; label: string } | null
