import { Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type Contact, care, type FactorChoice, type Rung } from '../api/care.ts'
import { formatClock, formatDuration } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useNow } from '../now.ts'
import { Act } from '../ui/act.tsx'
import { SecretBox } from '../ui/secret-box.tsx'
import { Trouble } from '../ui/state.tsx'
import { word } from './contact-list.tsx'
import { OfferKey } from './own-key.tsx'
import { PhotoId } from './photo-id.tsx'

interface ContactPersonProps {
  contact: Contact
  title: string
  take: (next: Contact) => void
  note: string
  setNote: (note: string) => void
}

/** Left: who is on the line, how far they are proven, what protects them. */
export function ContactPerson({ contact, title, take, note, setNote }: ContactPersonProps) {
  const { say, pick } = useLanguage()
  return (
    <section className="person" aria-label={say('contact.who')}>
      <h1>{title}</h1>
      <p className="small">
        {contact.person.number} · {say(`contact.lang.${contact.person.language}`)}
      </p>
      <OnLine contact={contact} />
      {contact.mine ? null : <p className="small stop">{say('contact.notMine')}</p>}
      <h2>{say('contact.who')}</h2>
      <ol className="ladder">
        {contact.ladder.map((rung) => (
          <RungItem key={rung.rung} rung={rung} contact={contact} take={take} />
        ))}
      </ol>
      <OfferKey contact={contact} take={take} />
      <h2>{say('contact.worth')}</h2>
      <ul className="plain small">
        {contact.worthKnowing.map((flag) => (
          <li key={flag.says.en} className={flag.tone === 'stop' ? 'stop' : flag.tone}>
            {flag.tone === 'calm' ? null : (
              <span aria-hidden="true">{flag.tone === 'stop' ? '■ ' : '▲ '}</span>
            )}
            {pick(flag.says)}
          </li>
        ))}
      </ul>
      <Textarea
        label={say('contact.note')}
        description={say('contact.noteHint')}
        value={note}
        maxLength={2000}
        minRows={3}
        autosize
        readOnly={contact.closedAt !== null || !contact.mine}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </section>
  )
}

function OnLine({ contact }: { contact: Contact }) {
  const { say, pick } = useLanguage()
  const now = useNow()
  const { line } = contact
  const since = line.since ?? contact.openedAt
  return (
    <p className="small on-line">
      {contact.closedAt === null ? (
        <>
          <span className={line.live ? 'proven' : 'quiet'} aria-hidden="true">
            {line.live ? '● ' : '○ '}
          </span>
          {line.live
            ? say('contact.onLine')
            : `${word(say, 'channel', contact.channel)} · ${say('contact.open')}`}
          , <time>{formatDuration((now - since) / 1000)}</time>
          <br />
        </>
      ) : (
        <>
          {word(say, 'contactState', contact.state)}
          <br />
        </>
      )}
      <span className="quiet">{pick(line.says)}</span>
    </p>
  )
}

function RungItem({ rung, contact, take }: { rung: Rung; contact: Contact; take: (next: Contact) => void }) {
  const { pick, say } = useLanguage()
  const open = !rung.done && contact.mine && contact.closedAt === null
  return (
    <li className={rung.done ? 'done' : ''}>
      <span className={`dot ${rung.done ? 'ok' : ''}`}>
        <span aria-hidden="true">{rung.done ? '✓' : ''}</span>
        <span className="unseen">{rung.done ? say('person.done') : ''}</span>
      </span>
      <div>
        {pick(rung.title)}
        <p className="small">{pick(rung.detail)}</p>
        {open && rung.rung !== 'row'
          ? rung.factors.map((choice) => (
              <FactorItem key={choice.factor} choice={choice} contact={contact} take={take} />
            ))
          : null}
      </div>
    </li>
  )
}

interface FactorItemProps {
  choice: FactorChoice
  contact: Contact
  take: (next: Contact) => void
}

function FactorItem({ choice, contact, take }: FactorItemProps) {
  const { say, pick } = useLanguage()
  const start = useMutation({
    mutationFn: () => care.startFactor(contact.id, choice.factor),
    onSuccess: (started) => take(started.contact),
  })
  const answer = useMutation({
    mutationFn: (secret: string) => care.answerFactor(contact.id, choice.factor, { secret }),
    gcTime: 0,
    onSuccess: (answered) => take(answered.contact),
  })
  const said = answer.data ?? null
  const until = choice.until === null ? '' : formatClock(choice.until)
  if (choice.factor === 'photo-id') return <PhotoId choice={choice} contact={contact} take={take} />
  if (choice.state === 'waiting')
    return (
      <div className="factor">
        <p className="small">
          {choice.factor === 'call-back' ? say('contact.waitsCallBack') : say('contact.waitsKeyed')}{' '}
          {until ? `(${say('contact.until', { until })})` : ''}
        </p>
        {choice.factor === 'call-back' ? null : (
          <SecretBox
            label={`${pick(choice.label)} · ${say('contact.tries', { count: choice.triesLeft })}`}
            busy={answer.isPending}
            digits={choice.factor !== 'passphrase'}
            onSecret={(secret) => answer.mutate(secret)}
          />
        )}
        <p aria-live="polite" className={said?.passed === false ? 'stop small' : 'small'}>
          {said === null ? '' : pick(said.says)}
        </p>
        {answer.isError ? <Trouble error={answer.error} /> : null}
      </div>
    )
  const why =
    choice.state === 'locked' ? say('contact.locked', { until }) : choice.why ? pick(choice.why) : null
  return (
    <div className="factor">
      <Act busy={start.isPending} why={choice.available ? null : why} onClick={() => start.mutate()}>
        {pick(choice.label)}
      </Act>
      {start.isError ? <Trouble error={start.error} /> : null}
    </div>
  )
}
