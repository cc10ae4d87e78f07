import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PRESS_WAYS } from '../../../src/incident/enquiry-rules.ts'
import { court, type Enquiries } from '../api/court.ts'
import type { Incident } from '../api/incidents.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Answer, Trouble } from '../ui/state.tsx'

const TOUCHES = ['enquiries', 'case-people', 'incident'] as const
type Way = (typeof PRESS_WAYS)[number]
type Enquiry = Enquiries['enquiries'][number]

/** What the press asked about a case, and word for word what it was told. */
export function EnquiriesOf({ one }: { one: Incident }) {
  const { say } = useLanguage()
  const may = useMay()
  const list = useQuery({
    queryKey: ['enquiries', one.id],
    queryFn: () => court.enquiries(one.id),
    gcTime: 0,
  })
  return (
    <section className="stack">
      <h2>{say('enquiry.title')}</h2>
      <Answer query={list}>
        {({ enquiries, published }) => (
          <>
            {enquiries.length === 0 ? <p className="small">{say('enquiry.none')}</p> : null}
            {enquiries.map((enquiry) => (
              <EnquiryOf key={enquiry.id} id={one.id} enquiry={enquiry} published={published} />
            ))}
            {may('write-communication') ? (
              <details>
                <summary>{say('enquiry.new')}</summary>
                <Ask id={one.id} />
              </details>
            ) : null}
          </>
        )}
      </Answer>
    </section>
  )
}

function EnquiryOf({
  id,
  enquiry,
  published,
}: {
  id: string
  enquiry: Enquiry
  published: Enquiries['published']
}) {
  const { say, language } = useLanguage()
  const may = useMay()
  const { medium, who, via, at, deskName, answers } = enquiry
  return (
    <article className="card stack">
      <h3>{medium}</h3>
      <p className="small">
        {say('enquiry.by', { who, via: say(`casework.via.${via}`), at: formatInstant(at, language) })} ·{' '}
        {deskName}
      </p>
      <blockquote>{enquiry.asked}</blockquote>
      {answers.length === 0 ? <p className="stop">{say('enquiry.open')}</p> : null}
      {answers.map((answer) => (
        <div key={answer.at}>
          <p className="small">
            {say(`enquiry.how.${answer.how}`)} · {say(`casework.via.${answer.via}`)} ·{' '}
            {formatInstant(answer.at, language)} · {answer.deskName}
          </p>
          <p style={{ whiteSpace: 'pre-line' }}>{answer.told}</p>
        </div>
      ))}
      {may('write-communication') ? <Tell id={id} enquiry={enquiry.id} published={published} /> : null}
    </article>
  )
}

function Ways({ via, set }: { via: Way; set: (via: Way) => void }) {
  const { say } = useLanguage()
  return (
    <NativeSelect
      label={say('casework.via')}
      value={via}
      data={PRESS_WAYS.map((value) => ({ value, label: say(`casework.via.${value}`) }))}
      onChange={(event) => set(event.currentTarget.value as Way)}
    />
  )
}

function Tell({
  id,
  enquiry,
  published,
}: {
  id: string
  enquiry: string
  published: Enquiries['published']
}) {
  const { say, pick } = useLanguage()
  const [what, setWhat] = useState('')
  const [via, setVia] = useState<Way>('email')
  const [tongue, setTongue] = useState<'en' | 'my'>('en')
  const chosen = what === '' ? (published[0]?.id ?? 'holding') : what
  const telling = useChange(() => {
    const bare = chosen === 'holding' || chosen === 'declined'
    const asked = { via, language: tongue, statement: bare ? null : chosen }
    return court.answerEnquiry(id, enquiry, { ...asked, how: bare ? chosen : 'statement' })
  }, TOUCHES)
  return (
    <details>
      <summary>{say('enquiry.tell')}</summary>
      <div className="stack">
        <p className="small">{say('enquiry.tellSays')}</p>
        <NativeSelect
          label={say('enquiry.what')}
          value={chosen}
          data={[
            ...published.map(({ id: value, title }) => ({ value, label: pick(title) })),
            { value: 'holding', label: say('enquiry.how.holding') },
            { value: 'declined', label: say('enquiry.how.declined') },
          ]}
          onChange={(event) => setWhat(event.currentTarget.value)}
        />
        <NativeSelect
          label={say('enquiry.language')}
          value={tongue}
          data={[
            { value: 'en', label: 'English' },
            { value: 'my', label: 'မြန်မာ' },
          ]}
          onChange={(event) => setTongue(event.currentTarget.value as 'en' | 'my')}
        />
        <Ways via={via} set={setVia} />
        <Act busy={telling.isPending} onClick={() => telling.mutate(undefined)}>
          {say('enquiry.tellGo')}
        </Act>
        {telling.isError ? <Trouble error={telling.error} /> : null}
      </div>
    </details>
  )
}

function Ask({ id }: { id: string }) {
  const { say } = useLanguage()
  const [medium, setMedium] = useState('')
  const [who, setWho] = useState('')
  const [asked, setAsked] = useState('')
  const [via, setVia] = useState<Way>('telephone')
  const asking = useChange(
    () =>
      court.askEnquiry(id, { medium: medium.trim(), who: who.trim(), via, asked: asked.trim(), dueAt: null }),
    TOUCHES,
    () => setAsked(''),
  )
  const whole = medium.trim().length >= 2 && who.trim().length >= 2 && asked.trim().length >= 3
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (whole) asking.mutate(undefined)
      }}
    >
      <TextInput
        label={say('enquiry.medium')}
        value={medium}
        maxLength={200}
        onChange={(event) => setMedium(event.currentTarget.value)}
      />
      <TextInput
        label={say('enquiry.who')}
        value={who}
        maxLength={200}
        onChange={(event) => setWho(event.currentTarget.value)}
      />
      <Ways via={via} set={setVia} />
      <Textarea
        label={say('enquiry.asked')}
        value={asked}
        maxLength={4000}
        autosize
        minRows={2}
        onChange={(event) => setAsked(event.currentTarget.value)}
      />
      <Act type="submit" busy={asking.isPending} why={whole ? null : say('court.fieldsWhy')}>
        {say('enquiry.askGo')}
      </Act>
      {asking.isError ? <Trouble error={asking.error} /> : null}
    </form>
  )
}
