import { formatNumber } from '../calls/numbers.ts'
import { type Append, commitWith } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Action } from '../staff/actions.ts'
import type { StaffFacts } from '../staff/staff.ts'
import {
  elapsedHours,
  type Held,
  incidentNotFound,
  openCase,
  recordStep,
  type StepSaid,
  sealCase,
} from './book.ts'
import { may, seen, unseen } from './case-access.ts'
import { clocksOf } from './clocks.ts'
import { undecidedIn } from './employment.ts'
import { openExposure } from './exposure.ts'
import { type Opening, openIncident, subjectOfNumber } from './opening.ts'
import type { IncidentParties } from './parties.ts'
import { endPreserving, preserveShownTo, preserveSubject } from './preserve.ts'
import { type Act, step } from './rules.ts'
import type { ActAsked, BoardViewData, ExposureViewData, IncidentViewData } from './schemas.ts'
import { listIncidents, readIncident, saveIncident } from './store.ts'
import { boardLine, incidentView } from './view.ts'

/** The incident room: from the first word that records left the house to the last step after it. */
export interface IncidentDesk {
  /** Every case but those that are about oneself, and what the watch hands over. */
  board(staff: StaffFacts): Promise<BoardViewData | Refusal>
  open(staff: StaffFacts, asked: Opening): Promise<{ id: string; serial: string } | Refusal>
  get(staff: StaffFacts, id: string): Promise<IncidentViewData | Refusal>
  /** One step of the case. */
  act(staff: StaffFacts, id: string, asked: ActAsked): Promise<IncidentViewData | Refusal>
  /** Allows a leak path to be searched for, or more logs to be opened for it; two others must. */
  approvePath(
    staff: StaffFacts,
    id: string,
    asked: { further: boolean; says: string },
  ): Promise<IncidentViewData | Refusal>
  /** Ends sign-in, sessions and looks of somebody the case is about, and keeps whatever they were shown. */
  freeze(
    staff: StaffFacts,
    id: string,
    asked: { person: string; says: string },
  ): Promise<{ sessionsEnded: number } | Refusal>
  /** Exactly what somebody the case is about was shown. That it was asked is an entry first. */
  exposure(
    staff: StaffFacts,
    id: string,
    asked: { person: string; from: number; until: number },
  ): Promise<ExposureViewData | Refusal>
}

/** Opens the room. */
export function createIncidentDesk(parties: IncidentParties): IncidentDesk {
  return {
    board: (staff) => board(parties, staff),
    open: async (staff, asked) => may(parties, staff, 'work-incident') ?? openIncident(parties, staff, asked),
    async get(staff, id) {
      const held = await seen(parties, staff, id, 'see-incidents')
      return isRefusal(held) ? held : incidentView(parties, staff, held)
    },
    async act(staff, id, asked) {
      const act = await resolved(parties, asked)
      if (isRefusal(act)) return act
      return shown(parties, staff, await move(parties, staff, id, 'work-incident', act))
    },
    approvePath: async (staff, id, asked) =>
      shown(parties, staff, await move(parties, staff, id, 'approve-path', { do: 'approve-path', ...asked })),
    freeze: (staff, id, asked) => freeze(parties, staff, id, asked),
    exposure: (staff, id, asked) => exposure(parties, staff, id, asked),
  }
}

async function board(parties: IncidentParties, staff: StaffFacts): Promise<BoardViewData | Refusal> {
  const no = may(parties, staff, 'see-incidents')
  if (no !== null) return no
  const rows = (await listIncidents(parties.db)).map((row) => openCase(parties, row))
  const waiting = await Promise.all(
    (await parties.watch.handovers()).map(async (one) => ({
      ...one,
      about: (await parties.watch.about(one.alert))?.staff,
    })),
  )
  return {
    incidents: rows
      .filter((held) => may(parties, staff, 'see-incidents', held) === null)
      .map((held) => boardLine(parties, held)),
    waiting: waiting.filter(({ about }) => about !== staff.id).map(({ alert, at }) => ({ alert, at })),
  }
}

/** What was asked for by name, found: a person by desk name, a customer by number. */
async function resolved(parties: IncidentParties, asked: ActAsked): Promise<Act | Refusal> {
  if (asked.do === 'name') {
    const person = await parties.staff.duty.findByDeskName(asked.deskName.trim().toUpperCase())
    if (person === null)
      return refuse('person-unknown', 'Nobody has this desk name.', 'Look it up under People.')
    const { id, deskName, office } = person
    return { do: 'name', person: { staff: id, deskName, office, ground: asked.ground } }
  }
  if (asked.do === 'subject') {
    const subject = await subjectOfNumber(parties, asked.number)
    return isRefusal(subject) ? subject : { do: 'subject', ...subject }
  }
  return asked
}

/** One step in one transaction with its entry, and what follows from it for holds. */
async function move(
  parties: IncidentParties,
  staff: StaffFacts,
  id: string,
  action: Action,
  act: Act,
): Promise<Held | Refusal> {
  return commitWith<Held | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const row = await readIncident(trx, id, true)
    if (row === null) return incidentNotFound()
    const before = openCase(parties, row)
    const no = unseen(may(parties, staff, action, before))
    if (no !== null) return no
    const now = parties.clock.now()
    const next = step(before.case, act, {
      now,
      by: staff.id,
      clocks: clocksOf(before.case, parties.breach, parties.offsetMinutes),
      laws: parties.breach.frames.map((frame) => frame.id),
      undecided: await undecidedIn(parties, trx, before),
    })
    if (isRefusal(next)) return next
    const after: Held = { ...before, case: next }
    await saveIncident(trx, before.id, { state: next.state, sealed: sealCase(parties, before.id, next) })
    const released = act.do === 'close' ? await endPreserving(parties, trx, after) : 0
    await recordStep(parties, trx, append, after, staff, said(act, before, after, now, released))
    await preserve(parties, trx, append, after, staff, act)
    return after
  })
}

/** A state and a notice are counted by the public report; everything else says nothing in its header. */
export function said(act: Act, before: Held, after: Held, at: number, released: number): StepSaid {
  const base = { act: act.do, at, says: 'says' in act ? act.says : '' }
  const elapsed = elapsedHours(after.case, at)
  if (act.do === 'notice') {
    const late = after.case.notices.at(-1)?.late === true
    const outcome = late ? `${act.outcome}-late` : act.outcome
    const header = { category: act.clock, outcome, elapsedHours: elapsed }
    return { ...base, kind: 'incident-noticed', what: act.clock, header, more: { outcome } }
  }
  if (before.case.state !== after.case.state)
    return {
      ...base,
      kind: 'incident-moved',
      what: after.case.state,
      header: {
        category: after.case.origin,
        outcome: after.case.state,
        elapsedHours: elapsed,
        ...(act.do === 'close' ? { counts: { holdsReleased: released } } : {}),
      },
      more: { state: after.case.state, before: before.case.state },
    }
  return { ...base, kind: 'incident-worked', header: null, ...aboutOf(act, after) }
}

function aboutOf(act: Act, { case: one }: Held): Pick<StepSaid, 'what' | 'more'> {
  switch (act.do) {
    case 'name':
      return {
        what: act.person.deskName,
        more: { person: act.person.staff, ground: act.person.ground },
      }
    case 'frozen': {
      const person = one.involved.find(({ staff }) => staff === act.staff)
      return { what: person?.deskName ?? '', more: { person: act.staff } }
    }
    case 'determine':
      return { what: act.finding, more: { finding: act.finding } }
    case 'approve-path':
      return { what: act.further ? 'further' : 'path', more: { further: act.further } }
    case 'write':
      return { what: '', more: { title: act.title, summary: act.summary } }
    case 'surface':
      return { what: '', more: { surfacedAt: act.surfacedAt } }
    case 'subject':
      return { what: '', more: { about: act.subject, tenure: act.tenure } }
    case 'after':
      return { what: act.what, more: { on: act.on } }
    case 'law':
      return { what: act.frame, more: { frame: act.frame } }
    default:
      return { what: '', more: {} }
  }
}

async function preserve(
  parties: IncidentParties,
  trx: Trx,
  append: Append,
  held: Held,
  staff: StaffFacts,
  act: Act,
): Promise<void> {
  if (act.do === 'subject' || act.do === 'reopen') await preserveSubject(parties, trx, append, held, staff)
  const people =
    act.do === 'frozen'
      ? [act.staff]
      : act.do === 'reopen'
        ? held.case.involved.map((person) => person.staff)
        : []
  for (const person of people) await preserveShownTo(parties, trx, append, held, staff, person)
}

/**
 * The freeze comes first and stands by itself: whatever happens to the case after it, nobody can look on. Somebody
 * frozen before the case named them is only written down.
 */
async function freeze(
  parties: IncidentParties,
  staff: StaffFacts,
  id: string,
  { person, says }: { person: string; says: string },
): Promise<{ sessionsEnded: number } | Refusal> {
  const held = await seen(parties, staff, id, 'work-incident')
  if (isRefusal(held)) return held
  const named = held.case.involved.find((one) => one.staff === person)
  if (named === undefined) return notInvolved()
  if (held.case.state === 'closed')
    return refuse('incident-closed', 'This incident is closed.', 'Reopen it with the reason first.')
  const frozen = await parties.staff.people.freeze(staff, person, `${held.serial}: ${says}`)
  if (isRefusal(frozen) && frozen.code !== 'already-frozen') return frozen
  const moved = await move(parties, staff, id, 'work-incident', { do: 'frozen', staff: person })
  if (isRefusal(moved)) return moved
  return isRefusal(frozen) ? { sessionsEnded: 0 } : frozen
}

async function exposure(
  parties: IncidentParties,
  staff: StaffFacts,
  id: string,
  { person, from, until }: { person: string; from: number; until: number },
): Promise<ExposureViewData | Refusal> {
  const held = await seen(parties, staff, id, 'read-exposure')
  if (isRefusal(held)) return held
  const named = held.case.involved.find((one) => one.staff === person)
  if (named === undefined) return notInvolved()
  if (from >= until)
    return refuse('period-wrong', 'The period ends before it begins.', 'Give a day and a later one.')
  await commitWith(parties.db, parties.ledger, (trx, append) =>
    recordStep(parties, trx, append, held, staff, {
      kind: 'incident-worked',
      act: 'exposure',
      at: parties.clock.now(),
      says: '',
      what: named.deskName,
      header: null,
      more: { person, from, until },
    }),
  )
  const { numbers, customers, not, fields, totals, disclosures } = await openExposure(parties, {
    staff: person,
    from,
    until,
  })
  return {
    from,
    until,
    deskName: named.deskName,
    customers: customers.map(({ looks }, at) => {
      const number = numbers[at] ?? null
      return {
        number: number === null ? null : formatNumber(number),
        looks: looks.map((look) => ({ ...look, rows: [...look.rows] })),
      }
    }),
    totals,
    fields: [...fields],
    not: not.map((one) => ('months' in one ? { ...one, months: [...one.months] } : one)),
    disclosures,
  }
}

async function shown(
  parties: IncidentParties,
  staff: StaffFacts,
  held: Held | Refusal,
): Promise<IncidentViewData | Refusal> {
  return isRefusal(held) ? held : incidentView(parties, staff, held)
}

function notInvolved(): Refusal {
  return refuse('not-involved', 'This incident does not name them.', 'Name them first, with the ground.')
}
