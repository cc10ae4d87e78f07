import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Contact, care } from '../api/care.ts'
import { formatCount, formatDuration } from '../format.ts'
import { useLanguage } from '../language.ts'
import type { Look } from '../look.ts'
import { useNow } from '../now.ts'
import { Act } from '../ui/act.tsx'
import { Ring } from '../ui/ring.tsx'
import { SecretBox } from '../ui/secret-box.tsx'
import { Trouble } from '../ui/state.tsx'
import { BlindMatch } from './blind-match.tsx'
import { CloseContact } from './close-contact.tsx'
import type { Asked } from './contact.tsx'
import { SendStatement } from './send-statement.tsx'

interface ContactGuardProps {
  contact: Contact
  look: Look
  asked: Asked
  setAsked: (asked: Asked) => void
  note: string
  take: (next: Contact) => void
}

/** Right: what is left, what she will be told, and the ways onward, least revealing first. */
export function ContactGuard({ contact, look, asked, setAsked, note, take }: ContactGuardProps) {
  const { say, pick } = useLanguage()
  const { grant } = look
  const active = grant !== null && grant.state === 'active' && look.blank === null
  const acting = contact.mine && contact.closedAt === null
  return (
    <section className="guard" aria-label={say('guard.left')}>
      {active ? (
        <TimeLeft look={look} onCall={contact.channel === 'call'} />
      ) : (
        <p className="small">{say('guard.none')}</p>
      )}
      {active ? <BlindMatch look={look} key={grant.id} /> : null}
      {grant !== null && grant.entry !== null ? (
        <Told look={look} language={contact.person.language} />
      ) : null}
      {acting ? (
        <div className="stack">
          <SendStatement contact={contact} look={look} active={active} />
          <OneRow look={look} active={active} asked={asked} setAsked={setAsked} />
          <CloseContact contact={contact} note={note} take={take} />
        </div>
      ) : null}
      {grant !== null ? <p className="small quiet">{say('act.off')}</p> : null}
      {grant !== null && active ? (
        <p className="small">
          {say('guard.shown')}: {pick(grant.shown)}
        </p>
      ) : null}
    </section>
  )
}

function TimeLeft({ look, onCall }: { look: Look; onCall: boolean }) {
  const { say } = useLanguage()
  const now = useNow()
  const { grant } = look
  if (grant === null) return null
  const seconds = Math.max(0, (grant.endsAt - now) / 1000)
  const left = formatDuration(seconds)
  const shown = { shown: formatCount(grant.rowsShown), total: formatCount(grant.rowsTotal ?? 0) }
  return (
    <div className="time-left">
      <Ring
        left={(grant.endsAt - now) / Math.max(1, grant.endsAt - grant.grantedAt)}
        label={`${left} ${say('guard.left')}`}
      />
      <div>
        <b className="big" role="timer">
          {left}
        </b>
        <p className="small">
          {say('guard.left')} {onCall ? say('guard.leftCall') : ''}{' '}
          {grant.rowsTotal === null ? '' : say('guard.rows', shown)}
        </p>
      </div>
    </div>
  )
}

function Told({ look, language }: { look: Look; language: 'en' | 'my' }) {
  const { say } = useLanguage()
  const { grant } = look
  if (grant === null) return null
  const other = language === 'my' ? 'en' : 'my'
  return (
    <div className="told">
      <h2>{say('told.title')}</h2>
      <div className="bubble" lang={language}>
        {grant.preview[language]}
      </div>
      <p className="small" lang={other}>
        {grant.preview[other]}
      </p>
    </div>
  )
}

interface OneRowProps {
  look: Look
  active: boolean
  asked: Asked
  setAsked: (asked: Asked) => void
}

/** One number in full: a row is chosen, she gets a code for that row, she reads it out. */
function OneRow({ look, active, asked, setAsked }: OneRowProps) {
  const { say, pick } = useLanguage()
  const [sentFor, setSentFor] = useState<string | null>(null)
  const grant = look.grant
  const sendCode = useMutation({
    mutationFn: (row: string) => care.unmask(grant!.id, row),
    onSuccess: (_, row) => setSentFor(row),
  })
  const answer = useMutation({
    mutationFn: ({ row, code }: { row: string; code: string }) => care.unmaskAnswer(grant!.id, row, code),
    gcTime: 0,
    onSuccess: (unmasked) => {
      look.renew(unmasked.grant)
      if (!unmasked.passed || unmasked.number === null) return
      look.unmask(unmasked.row, unmasked.number)
      setAsked(null)
    },
  })
  const why = !active
    ? say('act.needsLook')
    : !grant?.opens.unmask
      ? grant?.why
        ? pick(grant.why)
        : say('act.unmaskNoRows')
      : look.shown.rows.length === 0
        ? say('act.unmaskNoRows')
        : null
  if (asked === null || why !== null)
    return (
      <Act wide why={why} onClick={() => setAsked('picking')}>
        {say('act.unmask')}
      </Act>
    )
  if (asked === 'picking')
    return (
      <div className="card stack" role="status">
        <p className="small">{say('act.unmaskPick')}</p>
        <Act onClick={() => setAsked(null)}>{say('act.unmaskStop')}</Act>
      </div>
    )
  return (
    <div className="card stack">
      {sentFor === asked.row ? (
        <>
          <p className="small" role="status">
            {sendCode.data ? pick(sendCode.data.says) : ''}
          </p>
          <SecretBox
            label={say('act.unmaskCode', { row: asked.label })}
            busy={answer.isPending}
            onSecret={(code) => answer.mutate({ row: asked.row, code })}
          />
          <p className={answer.data?.passed === false ? 'small stop' : 'small'} aria-live="polite">
            {answer.data ? pick(answer.data.says) : ''}
          </p>
        </>
      ) : (
        <Act tone="main" wide busy={sendCode.isPending} onClick={() => sendCode.mutate(asked.row)}>
          {say('rows.ask')}: {asked.label}
        </Act>
      )}
      <Act tone="plain" onClick={() => setAsked(null)}>
        {say('act.cancel')}
      </Act>
      {sendCode.isError ? <Trouble error={sendCode.error} /> : null}
      {answer.isError ? <Trouble error={answer.error} /> : null}
    </div>
  )
}
