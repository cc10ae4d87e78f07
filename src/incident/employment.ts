import { createHash } from 'node:crypto'
import { type Append, commitWith } from '../ledger/commit.ts'
import { encodeText } from '../ledger/commitment.ts'
import type { Json } from '../ledger/entry.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { readTracesOf } from '../trace/store.ts'
import { type Held, incidentNotFound, openCase, openStep, recordStep, sealCase } from './book.ts'
import { may, seen, unseen } from './case-access.ts'
import {
  type Employment,
  type EmploymentAct,
  isDecided,
  NO_EMPLOYMENT,
  nextEmploymentActs,
  outcomeOf,
  stepEmployment,
} from './employment-rules.ts'
import type { EmploymentAsked, EmploymentsViewData, EmploymentViewData } from './employment-schemas.ts'
import { type EmploymentRow, readEmployments, saveEmployment } from './employment-store.ts'
import type { IncidentParties } from './parties.ts'
import { type Involved, step } from './rules.ts'
import { listIncidents, readIncident, readSteps, saveIncident } from './store.ts'

/**
 * The employment of those a case is about. Its words are for administrators (human resources) and counsel alone: the
 * entry of each step commits to them and does not say them.
 */
export interface EmploymentDesk {
  /** Everybody named in a case, newest case first, but for cases that are about oneself. */
  list(staff: StaffFacts): Promise<EmploymentsViewData | Refusal>
  /**
   * One step. A suspension freezes first, and that stands by itself; a dismissal ends sign-in, sessions, looks and roles
   * in the transaction that decides it.
   */
  act(
    staff: StaffFacts,
    of: { incident: string; staff: string },
    asked: EmploymentAsked,
  ): Promise<EmploymentViewData | Refusal>
}

type Parties = Pick<IncidentParties, 'db' | 'ledger' | 'keys' | 'clock' | 'staff' | 'notifications'>

const PURPOSE = 'incident-employment'
/** Steps that look into a case; who took one does not judge by it. */
const INVESTIGATING = new Set([
  ...['open', 'determine', 'name', 'exposure', 'approve-path', 'write', 'surface', 'subject'],
  ...['chain-person', 'chain-link', 'chain-revise', 'chain-remove'],
])

/** Opens the desk. */
export function createEmploymentDesk(parties: Parties): EmploymentDesk {
  return {
    list: (staff) => list(parties, staff),
    act: (staff, of, asked) => act(parties, staff, of, asked),
  }
}

/** How far each person of a case is: what the case page may show to whoever works on it. */
export async function employmentsOf(
  parties: { readonly keys: { readonly sealer: Sealer } },
  db: Db | Trx,
  { id, case: one }: Held,
): Promise<ReadonlyMap<string, Employment>> {
  const rows = await readEmployments(db, id)
  const opened = new Map(rows.map((row) => [row.staff, openEmployment(parties, row)]))
  return new Map(one.involved.map(({ staff }) => [staff, opened.get(staff) ?? NO_EMPLOYMENT]))
}

/** Desk names of those about whose employment nothing is decided yet. */
export async function undecidedIn(
  parties: { readonly keys: { readonly sealer: Sealer } },
  db: Db | Trx,
  held: Held,
): Promise<string[]> {
  const tracks = await employmentsOf(parties, db, held)
  return held.case.involved
    .filter(({ staff }) => !isDecided(tracks.get(staff) ?? NO_EMPLOYMENT))
    .map(({ deskName }) => deskName)
}

async function list(parties: Parties, staff: StaffFacts): Promise<EmploymentsViewData | Refusal> {
  const no = may(parties, staff, 'see-employment')
  if (no !== null) return no
  const cases = (await listIncidents(parties.db))
    .map((row) => openCase(parties, row))
    .filter((held) => may(parties, staff, 'see-employment', held) === null)
  const matters = await Promise.all(cases.map((held) => viewsOf(parties, staff, held)))
  return { matters: matters.flat() }
}

async function act(
  parties: Parties,
  staff: StaffFacts,
  of: { incident: string; staff: string },
  asked: EmploymentAsked,
): Promise<EmploymentViewData | Refusal> {
  if (asked.do === 'suspend') {
    const no = await freezeFirst(parties, staff, of, asked)
    if (no !== null) return no
  }
  const action =
    asked.do === 'decide' || asked.do === 'decide-appeal' ? 'decide-employment' : 'work-employment'
  const done = await commitWith<Held | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const row = await readIncident(trx, of.incident, true)
    if (row === null) return incidentNotFound()
    const held = openCase(parties, row)
    const no = unseen(may(parties, staff, action, held))
    if (no !== null) return no
    const person = held.case.involved.find((one) => one.staff === of.staff)
    if (person === undefined) return notInvolved()
    const before = (await employmentsOf(parties, trx, held)).get(of.staff) ?? NO_EMPLOYMENT
    const next = stepEmployment(before, asked, await aroundOf(parties, trx, staff, held, person))
    if (isRefusal(next)) return next
    const ended = await endIfDismissed(parties, trx, append, staff, held, person, asked)
    if (isRefusal(ended)) return ended
    return keep(parties, trx, append, staff, ended, { person, act: asked, before, next })
  })
  if (isRefusal(done)) return done
  const views = await viewsOf(parties, staff, done)
  return views.find(({ person }) => person.staff === of.staff) ?? notInvolved()
}

/** The freeze stands by itself: whatever becomes of the suspension, nobody who is to be suspended looks on meanwhile. */
async function freezeFirst(
  parties: Parties,
  staff: StaffFacts,
  of: { incident: string; staff: string },
  asked: Extract<EmploymentAct, { do: 'suspend' }>,
): Promise<Refusal | null> {
  const held = await seen(parties, staff, of.incident, 'work-employment')
  if (isRefusal(held)) return held
  const person = held.case.involved.find((one) => one.staff === of.staff)
  if (person === undefined) return notInvolved()
  const before = (await employmentsOf(parties, parties.db, held)).get(of.staff) ?? NO_EMPLOYMENT
  const may = stepEmployment(before, asked, await aroundOf(parties, parties.db, staff, held, person))
  if (isRefusal(may)) return may
  const frozen = await parties.staff.people.freeze(staff, of.staff, `${held.serial}: suspended`)
  return isRefusal(frozen) && frozen.code !== 'already-frozen' ? frozen : null
}

/** The case knows from here that they are frozen; a dismissal ends everything now, and not this evening. */
async function endIfDismissed(
  parties: Parties,
  trx: Trx,
  append: Append,
  staff: StaffFacts,
  held: Held,
  person: Involved,
  asked: EmploymentAct,
): Promise<Held | Refusal> {
  const dismissed = asked.do === 'decide' && asked.outcome === 'dismissal'
  if (dismissed) {
    const { contract, code } = asked.clauses
    const ended = await parties.staff.people.dismissWithin(trx, append, staff, person.staff, {
      clause: `${contract}; ${code}`,
      reason: held.serial,
    })
    // Somebody dismissed under People before the case decided is only written down.
    if (isRefusal(ended) && ended.code !== 'already-dismissed') return ended
  }
  if ((!dismissed && asked.do !== 'suspend') || person.frozenAt !== null) return held
  const now = parties.clock.now()
  const next = step(held.case, { do: 'frozen', staff: person.staff }, { ...NOBODY, now, by: staff.id })
  if (isRefusal(next)) return next
  await saveIncident(trx, held.id, { state: next.state, sealed: sealCase(parties, held.id, next) })
  return { ...held, case: next }
}

/** What `frozen` asks nothing of. */
const NOBODY = { clocks: [], laws: [], undecided: [] } as const

interface Step {
  readonly person: Involved
  readonly act: EmploymentAct
  readonly before: Employment
  readonly next: Employment
}

async function keep(
  parties: Parties,
  trx: Trx,
  append: Append,
  staff: StaffFacts,
  held: Held,
  { person, act: asked, before, next }: Step,
): Promise<Held> {
  const at = parties.clock.now()
  const { do: does, ...words } = asked
  const digest = createHash('sha256')
    .update(encodeText(words as unknown as Json))
    .digest('hex')
  await recordStep(parties, trx, append, held, staff, {
    ...{ kind: 'employment-moved', act: `employment-${does}`, at, says: '', what: person.deskName },
    header: null,
    more: {
      ...{ person: person.staff, state: next.state, before: before.state, digest },
      outcome: 'outcome' in asked ? asked.outcome : null,
    },
  })
  const text = Buffer.from(JSON.stringify(next))
  const sealed = parties.keys.sealer.seal(PURPOSE, nameOf(held.id, person.staff), text)
  await saveEmployment(trx, { incident: held.id, staff: person.staff, state: next.state, at, sealed })
  await tellOthers(parties, trx, staff, held)
  return held
}

/** Whoever may act or advise next, but for those the case is about. */
async function tellOthers(parties: Parties, trx: Trx, staff: StaffFacts, held: Held): Promise<void> {
  const { duty } = parties.staff
  const people = [...(await duty.onCall('administrator')), ...(await duty.onCall('counsel'))]
  const not = new Set([staff.id, ...held.case.involved.map((person) => person.staff)])
  for (const id of new Set(people.map((person) => person.id)))
    if (!not.has(id))
      await parties.notifications.publish(trx, 'notice', { staffId: id, kind: 'employment', id: held.id })
}

async function aroundOf(
  parties: Parties,
  db: Db | Trx,
  staff: StaffFacts,
  held: Held,
  { namedAt }: Involved,
) {
  return {
    by: { staff: staff.id, deskName: staff.deskName, at: parties.clock.now() },
    confirmed: held.case.confirmedAt !== null,
    open: held.case.state !== 'closed',
    namedAt,
    investigators: await investigatorsOf(parties, db, held, staff),
  }
}

/** Desk names of whoever took a step that looks into the case, or traced a list in it. */
async function investigatorsOf(
  parties: Parties,
  db: Db | Trx,
  held: Held,
  staff: StaffFacts,
): Promise<ReadonlySet<string>> {
  const steps = (await readSteps(db, held.id)).map((row) => openStep(parties, row))
  const looked = steps.filter((one) => INVESTIGATING.has(one.act)).map((one) => one.deskName)
  const traced = (await readTracesOf(db, held.id)).some(({ tracedBy }) => tracedBy === staff.id)
  return new Set([...looked, ...(traced ? [staff.deskName] : [])])
}

function openEmployment(
  { keys }: { readonly keys: { readonly sealer: Sealer } },
  row: EmploymentRow,
): Employment {
  const text = keys.sealer.open(PURPOSE, nameOf(row.incident, row.staff), row.sealed).toString('utf8')
  return JSON.parse(text) as Employment
}

function nameOf(incident: string, staff: string): string {
  return `${incident}/${staff}`
}

async function viewsOf(parties: Parties, staff: StaffFacts, held: Held): Promise<EmploymentViewData[]> {
  const tracks = await employmentsOf(parties, parties.db, held)
  const investigators = await investigatorsOf(parties, parties.db, held, staff)
  const { id, serial, case: one } = held
  return one.involved.map(({ namedAt: _namedAt, ...person }) => {
    const track = tracks.get(person.staff) ?? NO_EMPLOYMENT
    const { suspended, hearing, decision, appeal, last, state } = track
    const before = [suspended, ...(state === 'appealed' ? [decision] : [])]
    return {
      ...{ incident: id, serial, open: one.state !== 'closed', confirmed: one.confirmedAt !== null },
      ...{ person, state, next: one.state === 'closed' ? [] : nextEmploymentActs(track) },
      suspended: suspended && withoutStaff({ ...suspended, clauses: { ...suspended.clauses } }),
      hearing: hearing && withoutStaff(hearing),
      decision: decision && withoutStaff({ ...decision, clauses: { ...decision.clauses } }),
      appeal: appeal && withoutStaff(appeal),
      last: last && withoutStaff(last),
      mayDecide: !investigators.has(staff.deskName) && !before.some((part) => part?.staff === staff.id),
    }
  })
}

function withoutStaff<T extends { readonly staff: string }>({ staff: _staff, ...rest }: T): Omit<T, 'staff'> {
  return rest
}

/** What the case page shows of a track: how far it is, never what was said in it. */
export function briefOf(one: Employment | undefined) {
  const track = one ?? NO_EMPLOYMENT
  return { state: track.state, outcome: outcomeOf(track) }
}

function notInvolved(): Refusal {
  return refuse('not-involved', 'This incident does not name them.', 'Name them first, with the ground.')
}
