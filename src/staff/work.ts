import { commitWith } from '../ledger/commit.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { changePerson } from './people.ts'
import type { Policy } from './policy.ts'
import type { StaffParties } from './room.ts'
import { actorIdOf, bySaying } from './say.ts'
import type { Sessions } from './sessions.ts'
import { type Actor, isSystem } from './staff.ts'
import { insertShifts, insertTraining, type ShiftRow } from './work-store.ts'

/** Hours at work; instants in milliseconds, half open. */
export interface Hours {
  readonly from: number
  readonly until: number
}

/** Shifts, approvals for other hours, and training. */
export interface Work {
  /** Plans up to 100 shifts of one person, each at most 16 hours long. */
  planShifts(by: Actor, staffId: string, hours: readonly Hours[]): Promise<null | Refusal>
  /** Many people's shifts at once, with one entry: the roster as the machine's operator loads it. */
  loadRoster(by: Actor, roster: readonly (Hours & { staffId: string })[]): Promise<null | Refusal>
  /** A supervisor lets somebody work now until `until`, at most 4 hours from now. */
  approveOffShift(by: Actor, staffId: string, ask: { until: number; reason: string }): Promise<null | Refusal>
  recordTraining(
    by: Actor,
    staffId: string,
    course: { course: string; passedAt: number; expiresAt: number },
  ): Promise<null | Refusal>
}

const LONGEST_SHIFT_MS = 16 * 3_600_000
const LONGEST_APPROVAL_MS = 4 * 3_600_000
const ROWS_AT_ONCE = 2_000

type Parties = StaffParties & { policy: Policy; sessions: Sessions }

/** The use cases over these parties. */
export function createWork(parties: Parties): Work {
  return {
    planShifts: (by, staffId, hours) => planShifts(parties, by, staffId, hours),
    loadRoster: (by, roster) => loadRoster(parties, by, roster),
    approveOffShift: (by, staffId, ask) => approveOffShift(parties, by, staffId, ask),
    recordTraining: (by, staffId, course) => recordTraining(parties, by, staffId, course),
  }
}

function planShifts(
  parties: Parties,
  by: Actor,
  staffId: string,
  hours: readonly Hours[],
): Promise<null | Refusal> {
  return changePerson<null>(parties, { by, staffId, action: 'plan-shift' }, async (trx, append, person) => {
    if (hours.some((shift) => !fits(shift))) return wrongShift()
    const rows = hours.map((shift) => shiftRow(staffId, shift, 'planned'))
    await insertShifts(trx, rows)
    await parties.sessions.factsChanged(trx, staffId)
    await append({
      kind: 'shifts-planned',
      header: { office: person.office, counts: { shifts: hours.length } },
      body: { person: staffId, shifts: hours.map(({ from, until }) => [from, until]), by: bySaying(by) },
      actor: actorIdOf(by),
    })
    return null
  })
}

async function loadRoster(
  parties: Parties,
  by: Actor,
  roster: readonly (Hours & { staffId: string })[],
): Promise<null | Refusal> {
  if (!isSystem(by))
    return refuse('not-in-role', 'A whole roster is loaded at the command line.', 'Plan shifts by person.')
  if (roster.some((shift) => !fits(shift))) return wrongShift()
  if (roster.length === 0) return null
  const people = [...new Set(roster.map(({ staffId }) => staffId))]
  const from = roster.reduce((first, shift) => Math.min(first, shift.from), Number.MAX_SAFE_INTEGER)
  const until = roster.reduce((last, shift) => Math.max(last, shift.until), 0)
  return commitWith(parties.db, parties.ledger, async (trx, append) => {
    for (let at = 0; at < roster.length; at += ROWS_AT_ONCE) {
      const some = roster.slice(at, at + ROWS_AT_ONCE)
      const rows = some.map((shift) => shiftRow(shift.staffId, shift, 'planned'))
      await insertShifts(trx, rows)
    }
    for (const staffId of people) await parties.sessions.factsChanged(trx, staffId)
    await append({
      kind: 'roster-loaded',
      header: { counts: { shifts: roster.length, people: people.length } },
      body: { people, from, until, by: bySaying(by) },
    })
    return null
  })
}

function approveOffShift(
  parties: Parties,
  by: Actor,
  staffId: string,
  { until, reason }: { until: number; reason: string },
): Promise<null | Refusal> {
  const ask = { by, staffId, action: 'approve-off-shift' }
  return changePerson<null>(parties, ask, async (trx, append, person) => {
    const now = parties.clock.now()
    if (until <= now || until > now + LONGEST_APPROVAL_MS)
      return refuse(
        'approval-too-long',
        'An approval runs at most 4 hours from now.',
        'Choose an earlier end, or plan a shift.',
      )
    await insertShifts(trx, [shiftRow(staffId, { from: now, until }, 'approved')])
    await parties.sessions.factsChanged(trx, staffId)
    await append({
      kind: 'off-shift-approved',
      header: { office: person.office },
      body: { person: staffId, deskName: person.desk_name, until, reason, by: bySaying(by) },
      actor: actorIdOf(by),
    })
    return null
  })
}

function recordTraining(
  parties: Parties,
  by: Actor,
  staffId: string,
  { course, passedAt, expiresAt }: { course: string; passedAt: number; expiresAt: number },
): Promise<null | Refusal> {
  const ask = { by, staffId, action: 'record-training' }
  return changePerson<null>(parties, ask, async (trx, append, person) => {
    if (passedAt > parties.clock.now() || expiresAt <= passedAt)
      return refuse(
        'training-wrong',
        'A course is passed today or earlier, and runs out after that.',
        'Correct the two dates.',
      )
    await insertTraining(trx, { staff_id: staffId, course, passed_at: passedAt, expires_at: expiresAt })
    await parties.sessions.factsChanged(trx, staffId)
    await append({
      kind: 'training-recorded',
      header: { office: person.office },
      body: { person: staffId, course, passedAt, expiresAt, by: bySaying(by) },
      actor: actorIdOf(by),
    })
    return null
  })
}

function fits({ from, until }: Hours): boolean {
  return Number.isSafeInteger(from) && until > from && until - from <= LONGEST_SHIFT_MS
}

function wrongShift(): Refusal {
  return refuse(
    'shift-wrong',
    'A shift ends after it starts and lasts at most 16 hours.',
    'Correct the hours.',
  )
}

function shiftRow(staffId: string, hours: Hours, kind: ShiftRow['kind']): ShiftRow {
  return { staff_id: staffId, starts_at: hours.from, ends_at: hours.until, kind }
}
