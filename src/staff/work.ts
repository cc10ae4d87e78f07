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

/** The use cases over these parties. */
export function createWork(parties: StaffParties & { policy: Policy; sessions: Sessions }): Work {
  const { clock, sessions } = parties
  return {
    planShifts: (by, staffId, hours) =>
      changePerson<null>(parties, { by, staffId, action: 'plan-shift' }, async (trx, append, person) => {
        const wrong = hours.find((shift) => !fits(shift))
        if (wrong) return wrongShift()
        await insertShifts(
          trx,
          hours.map((shift) => shiftRow(staffId, shift, 'planned')),
        )
        await sessions.factsChanged(trx, staffId)
        await append({
          kind: 'shifts-planned',
          header: { office: person.office, counts: { shifts: hours.length } },
          body: { person: staffId, shifts: hours.map(({ from, until }) => [from, until]), by: bySaying(by) },
          actor: actorIdOf(by),
        })
        return null
      }),

    loadRoster: async (by, roster) => {
      if (!isSystem(by))
        return refuse(
          'not-in-role',
          'A whole roster is loaded at the command line.',
          'Plan shifts by person.',
        )
      if (roster.some((shift) => !fits(shift))) return wrongShift()
      return commitWith(parties.db, parties.ledger, async (trx, append) => {
        for (let from = 0; from < roster.length; from += ROWS_AT_ONCE)
          await insertShifts(
            trx,
            roster.slice(from, from + ROWS_AT_ONCE).map((shift) => shiftRow(shift.staffId, shift, 'planned')),
          )
        const people = [...new Set(roster.map(({ staffId }) => staffId))]
        for (const staffId of people) await sessions.factsChanged(trx, staffId)
        await append({
          kind: 'roster-loaded',
          header: { counts: { shifts: roster.length, people: people.length } },
          body: {
            people,
            from: Math.min(...roster.map(({ from }) => from)),
            until: Math.max(...roster.map(({ until }) => until)),
            by: bySaying(by),
          },
        })
        return null
      })
    },

    approveOffShift: (by, staffId, { until, reason }) =>
      changePerson<null>(
        parties,
        { by, staffId, action: 'approve-off-shift' },
        async (trx, append, person) => {
          const now = clock.now()
          if (until <= now || until > now + LONGEST_APPROVAL_MS)
            return refuse(
              'approval-too-long',
              'An approval runs at most 4 hours from now.',
              'Choose an earlier end, or plan a shift.',
            )
          await insertShifts(trx, [shiftRow(staffId, { from: now, until }, 'approved')])
          await sessions.factsChanged(trx, staffId)
          await append({
            kind: 'off-shift-approved',
            header: { office: person.office },
            body: { person: staffId, deskName: person.desk_name, until, reason, by: bySaying(by) },
            actor: actorIdOf(by),
          })
          return null
        },
      ),

    recordTraining: (by, staffId, { course, passedAt, expiresAt }) =>
      changePerson<null>(parties, { by, staffId, action: 'record-training' }, async (trx, append, person) => {
        if (passedAt > clock.now() || expiresAt <= passedAt)
          return refuse(
            'training-wrong',
            'A course is passed today or earlier, and runs out after that.',
            'Correct the two dates.',
          )
        await insertTraining(trx, { staff_id: staffId, course, passed_at: passedAt, expires_at: expiresAt })
        await sessions.factsChanged(trx, staffId)
        await append({
          kind: 'training-recorded',
          header: { office: person.office },
          body: { person: staffId, course, passedAt, expiresAt, by: bySaying(by) },
          actor: actorIdOf(by),
        })
        return null
      }),
  }
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
