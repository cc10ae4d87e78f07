import { NativeSelect } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Question } from '../../../src/care/schemas.ts'
import { type Contact, care } from '../api/care.ts'
import { useLanguage } from '../language.ts'
import type { Look } from '../look.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Empty, Loading, Trouble } from '../ui/state.tsx'
import { BillPicture } from './bill-picture.tsx'
import type { Asked } from './contact.tsx'
import { PrivateRows } from './contact-rows.tsx'
import { AskWithKey } from './own-key.tsx'

interface ContactAnswerProps {
  contact: Contact
  look: Look
  asked: Asked
  setAsked: (asked: Asked) => void
}

/** Middle: what the caller asks, the sentence that answers, the picture, the private rows. */
export function ContactAnswer({ contact, look, asked, setAsked }: ContactAnswerProps) {
  const { pick, say } = useLanguage()
  const { grant, shown, blank } = look
  const active = grant?.state === 'active' && blank === null
  useBillAtOnce(look, active)
  return (
    <section className="answer-column" aria-label={say('ask.title')}>
      <Questions contact={contact} look={look} />
      {grant === null && contact.closedAt === null ? (
        <Empty says={say('answer.none')} next={say('answer.noneNext')} />
      ) : null}
      <div aria-live="polite">
        {grant && grant.state !== 'active' && grant.says ? (
          <div className={`state ${grant.state === 'denied' ? 'refused' : ''}`}>{pick(grant.says)}</div>
        ) : null}
        {blank !== null && (grant?.state === 'active' || !grant?.says) ? (
          <div className="state blank" role="alert">
            <p>{blank === 'ended' ? say('blank.ended') : say('blank.lost')}</p>
            {blank === 'lost' ? <p className="small">{say('blank.lostNext')}</p> : null}
          </div>
        ) : null}
        {active && shown.bill === null && look.busy ? (
          <>
            <p className="small">{say('bill.reading')}</p>
            <Loading />
          </>
        ) : null}
        {active && shown.bill === null && look.billError ? (
          <Trouble error={look.billError} retry={look.readBill} />
        ) : null}
        {shown.bill ? <BillPicture bill={shown.bill} /> : null}
      </div>
      {active && shown.bill ? (
        <>
          <PrivateRows look={look} asked={asked} setAsked={setAsked} />
          <p className="small never">{say('answer.never')}</p>
        </>
      ) : null}
    </section>
  )
}

/** The first answer needs no click of its own: choosing the question asked for it. */
function useBillAtOnce(look: Look, active: boolean) {
  const asked = useRef<string | null>(null)
  const id = look.grant?.id ?? null
  const opens = look.grant?.opens.bill ?? false
  useEffect(() => {
    if (!active || !opens || id === null || asked.current === id) return
    asked.current = id
    look.readBill()
  }, [active, opens, id, look])
}

function Questions({ contact, look }: { contact: Contact; look: Look }) {
  const { pick, say } = useLanguage()
  const client = useQueryClient()
  const current = look.grant
  const [month, setMonth] = useState(current?.month ?? firstMonth(contact))
  const [again, setAgain] = useState<Question | null>(null)
  const [withKey, setWithKey] = useState(false)
  const ask = useMutation({
    mutationFn: (question: Question): Promise<unknown> => {
      const choice = contact.questions.find((q) => q.question === question)
      const asked = { purpose: choice?.purpose ?? 'bill-clarification', month, question }
      return withKey && contact.ownKey.available
        ? care.askForKey(contact.id, asked)
        : care.look(contact.id, asked)
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['contact', contact.id] }),
  })
  const verified = contact.state === 'verified'
  const over = contact.closedAt !== null
  const why = over ? say('ask.closed') : verified ? null : say('ask.unverified')
  const live = current !== null && current.state === 'active' && look.blank !== 'ended'
  const choose = (question: Question) => {
    if (why !== null || ask.isPending) return
    if (live && current.question === question && current.month === month) return
    if (live) setAgain(question)
    else ask.mutate(question)
  }
  return (
    <div className="questions">
      <div className="line between top-line">
        <h2 id="ask">{say('ask.title')}</h2>
        <NativeSelect
          size="xs"
          aria-label={say('ask.month')}
          value={month}
          onChange={(event) => setMonth(event.currentTarget.value)}
          data={contact.months.map((m) => ({
            value: m.month,
            label: `${say('ask.month')} ${pick(m.label)}`,
          }))}
        />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a row of toggles, not a form's fieldset */}
      <div className="chips" role="group" aria-labelledby="ask">
        {contact.questions.map((q) => (
          <button
            key={q.question}
            type="button"
            className="chip"
            aria-pressed={live && current.question === q.question && current.month === month}
            aria-disabled={why !== null || undefined}
            onClick={() => choose(q.question)}
          >
            {pick(q.label)}
          </button>
        ))}
      </div>
      <AskWithKey contact={contact} chosen={withKey} choose={setWithKey} />
      <p className="why">{why ?? (live ? '' : say('ask.consequence'))}</p>
      {ask.isError ? <Trouble error={ask.error} /> : null}
      <Dialog
        title={say('ask.again')}
        open={again !== null}
        onClose={() => setAgain(null)}
        onSubmit={() => {
          if (again !== null) ask.mutate(again)
          setAgain(null)
        }}
        act={say('ask.againAct')}
      >
        <p className="small">{say('ask.againLead')}</p>
      </Dialog>
    </div>
  )
}

/** The last whole bill: what most callers ask about. */
function firstMonth(contact: Contact): string {
  const newestFirst = contact.months.map((m) => m.month).toSorted((a, b) => b.localeCompare(a))
  return newestFirst[1] ?? newestFirst[0] ?? ''
}
