import { parseNumber } from '../calls/numbers.ts'
import { commitWith } from '../ledger/commit.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { Subject } from '../vault/subject.ts'
import { type Held, recordStep, sealCase } from './book.ts'
import type { IncidentParties } from './parties.ts'
import { preserveSubject } from './preserve.ts'
import type { Case, Involved, Origin } from './rules.ts'
import { insertIncident, nextSerial } from './store.ts'

/** How a case begins: from a customer's report, from the watch, or by hand. */

/** What whoever opens it says. */
export interface Opening {
  readonly origin: Origin
  readonly title: string
  readonly says: string
  /** With `not-me`: the report's id; with `watch`: the question's. */
  readonly ref?: string
  /** Whose log it is about, as people write a number; only where no report says it. */
  readonly number?: string
  readonly surfacedAt?: number
}

/** Opens a case, once for each report and each verdict of the watch. */
export async function openIncident(
  parties: IncidentParties,
  staff: StaffFacts,
  asked: Opening,
): Promise<{ id: string; serial: string } | Refusal> {
  const now = parties.clock.now()
  if (asked.surfacedAt !== undefined && asked.surfacedAt > now)
    return refuse('not-yet', 'That time has not come yet.', 'Give when the list turned up.')
  const begun = await beginning(parties, staff, asked)
  if (isRefusal(begun)) return begun
  const id = Buffer.from(parties.random(12)).toString('hex')
  return commitWith<{ id: string; serial: string } | Refusal>(
    parties.db,
    parties.ledger,
    async (trx, append) => {
      const month = new Date(now + parties.offsetMinutes * 60_000).toISOString().slice(0, 7)
      const serial = `${month}-${String(await nextSerial(trx, month)).padStart(3, '0')}`
      const held: Held = { id, serial, case: begun }
      const fresh = await insertIncident(trx, {
        id,
        serial,
        state: begun.state,
        origin: asked.ref === undefined ? null : `${asked.origin}:${asked.ref}`,
        opened_at: now,
        sealed: sealCase(parties, id, begun),
      })
      const taken = !fresh || (asked.origin === 'watch' && !(await takeHandover(parties, trx, asked, id)))
      // The number that was drawn stays unused, as it would be after a crash.
      if (taken)
        return refuse('origin-taken', 'There is an incident from this already.', 'Find it on the board.')
      await recordStep(parties, trx, append, held, staff, {
        kind: 'incident-opened',
        act: 'open',
        at: now,
        says: begun.says,
        what: begun.origin,
        header: { category: begun.origin },
        more: {
          state: begun.state,
          title: begun.title,
          ref: begun.ref,
          involved: begun.involved.map((person) => person.staff),
          about: begun.subject?.subject ?? null,
          surfacedAt: begun.surfacedAt,
        },
      })
      await preserveSubject(parties, trx, append, held, staff)
      await tellColleagues(parties, trx, held, staff)
      return { id, serial }
    },
  )
}

type Trx = Parameters<IncidentParties['watch']['takeHandover']>[0]

async function takeHandover(parties: IncidentParties, trx: Trx, { ref }: Opening, id: string) {
  return ref !== undefined && parties.watch.takeHandover(trx, ref, id)
}

/** Whoever may be concerned and is at work, but for whom it is about and who opened it. */
async function tellColleagues(parties: IncidentParties, trx: Trx, held: Held, staff: StaffFacts) {
  const { duty } = parties.staff
  const people = [...(await duty.onCall('privacy-officer')), ...(await duty.onCall('investigator'))]
  const not = new Set([staff.id, ...held.case.involved.map((person) => person.staff)])
  for (const one of new Set(people.map((person) => person.id)))
    if (!not.has(one))
      await parties.notifications.publish(trx, 'notice', { staffId: one, kind: 'incident', id: held.id })
}

async function beginning(
  parties: IncidentParties,
  staff: StaffFacts,
  asked: Opening,
): Promise<Case | Refusal> {
  const now = parties.clock.now()
  const known = await knownFrom(parties, staff, asked)
  if (isRefusal(known)) return known
  const { involved, subject, says, reportedAt } = known
  return {
    state: 'reported',
    origin: asked.origin,
    ref: asked.ref ?? null,
    title: asked.title,
    says: [asked.says, says].filter((text) => text !== '').join('\n\n'),
    summary: '',
    reportedAt: reportedAt ?? now,
    triagedAt: null,
    confirmedAt: null,
    closedAt: null,
    surfacedAt: asked.surfacedAt ?? null,
    subject,
    involved,
    proposed: null,
    notices: [],
    frames: [],
    approvals: [],
  }
}

interface Known {
  readonly involved: readonly Involved[]
  readonly subject: Case['subject']
  readonly says: string
  readonly reportedAt: number | null
}

async function knownFrom(
  parties: IncidentParties,
  staff: StaffFacts,
  asked: Opening,
): Promise<Known | Refusal> {
  if (asked.origin === 'not-me') return fromReport(parties, staff, asked.ref)
  if (asked.origin === 'watch') return fromWatch(parties, staff, asked.ref)
  if (asked.ref !== undefined) return originNotFound()
  const subject = asked.number === undefined ? null : await subjectOfNumber(parties, asked.number)
  if (isRefusal(subject)) return subject
  return { involved: [], subject, says: '', reportedAt: null }
}

async function fromReport(
  parties: IncidentParties,
  staff: StaffFacts,
  ref: string | undefined,
): Promise<Known | Refusal> {
  const report = ref === undefined ? null : await parties.reports.about(ref)
  // A report about oneself does not exist for oneself.
  if (report === null || report.staffId === staff.id) return originNotFound()
  const { subject, tenure, staffId, deskName, office, says, filedAt } = report
  const looker = { staff: staffId ?? '', deskName, office, ground: 'The look that the customer reported.' }
  return {
    involved: staffId === null ? [] : [{ ...looker, namedAt: parties.clock.now(), frozenAt: null }],
    subject: { subject, tenure },
    says,
    // The house knew from the moment she said it.
    reportedAt: filedAt,
  }
}

async function fromWatch(
  parties: IncidentParties,
  staff: StaffFacts,
  ref: string | undefined,
): Promise<Known | Refusal> {
  const alert = ref === undefined ? null : await parties.watch.about(ref)
  if (alert === null || alert.staff === staff.id) return originNotFound()
  const person = await parties.staff.duty.find(alert.staff)
  const subscriber = await parties.customers.bySubject(parties.db, alert.subject as Subject)
  return {
    involved:
      person === null
        ? []
        : [
            {
              staff: person.id,
              deskName: person.deskName,
              office: person.office,
              ground: 'The watch’s verdict.',
              namedAt: parties.clock.now(),
              frozenAt: null,
            },
          ],
    subject: subscriber === null ? null : { subject: subscriber.subject, tenure: subscriber.tenure },
    says: alert.says,
    reportedAt: null,
  }
}

/** The present holder of a number. */
export async function subjectOfNumber(
  { plan, customers, db }: IncidentParties,
  text: string,
): Promise<NonNullable<Case['subject']> | Refusal> {
  const number = parseNumber(text, plan)
  const subscriber = number === null ? null : await customers.findByNumber(db, number)
  if (subscriber === null)
    return refuse(
      'customer-unknown',
      'That is no number of a customer of ours.',
      'Write all of it, or leave it out.',
    )
  return { subject: subscriber.subject, tenure: subscriber.tenure }
}

function originNotFound(): Refusal {
  return refuse('origin-not-found', 'There is no such report or question.', 'Go back to the list.')
}
