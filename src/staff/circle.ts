import type { E164 } from '../calls/call-record.ts'
import type { Append } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { PSEUDONYM_KEY, subjectOf } from '../vault/subject.ts'
import {
  type CircleRow,
  endCircleNumber,
  insertCircleNumber,
  listCircle,
  listOwnNumbers,
  readTie,
} from './circle-store.ts'
import { changePerson } from './people.ts'
import type { Circle, Policy } from './policy.ts'
import type { StaffParties } from './room.ts'
import { actorIdOf, bySaying } from './say.ts'
import type { Actor } from './staff.ts'
import type { PersonWithRoles } from './store.ts'

/** A number somebody named as too close, as its owner sees it. */
export interface CircleNumber {
  readonly id: string
  readonly kind: CircleRow['kind']
  /** E.164, opened from its sealed form. */
  readonly number: string
  readonly declaredAt: number
}

/** Whose numbers are too close: asked before a contact opens and again before a grant. */
export interface Circles {
  /**
   * How the customer `subject` (pseudonym, 32 hex digits) stands to `staffId`. Own, household and declared
   * before colleague: the closer tie decides.
   */
  circleOf(staffId: string, subject: string): Promise<Circle>
  /** Adds a number; `own` makes its customer a colleague to everybody else. */
  declare(
    by: Actor,
    staffId: string,
    ask: { kind: CircleRow['kind']; number: string },
  ): Promise<{ id: string } | Refusal>
  /** Takes a number of one's own list back; that it stood there stays in the ledger. */
  withdraw(by: Actor, staffId: string, id: string): Promise<null | Refusal>
  /** Own lines (pseudonyms) of people who work here, those of the office of `like` first, else in no order. */
  ownLines(of: { like: string; limit: number }): Promise<{ staff: string; subject: string }[]>
  /** A person's numbers, opened. The caller has asked the policy. */
  numbersOf(staffId: string): Promise<CircleNumber[]>
}

const PURPOSE = 'staff-circle'

/** Adds a number to a person's circle, in a transaction under way. */
export async function declareIn(
  { clock, keys, random }: StaffParties,
  trx: Trx,
  append: Append,
  ask: { by: Actor; person: PersonWithRoles; kind: CircleRow['kind']; number: E164 },
): Promise<{ id: string } | Refusal> {
  const { by, person, kind, number } = ask
  const subject = subjectOf(keys.prfKey(PSEUDONYM_KEY), number)
  const held = await listCircle(trx, person.id)
  if (held.some((row) => row.subject === subject))
    return refuse('number-declared', 'This number is on your list.', 'Nothing needs to be done.')
  const id = Buffer.from(random(16)).toString('hex')
  const sealed = keys.sealer.seal(PURPOSE, id, Buffer.from(number))
  const row = { id, staff_id: person.id, kind, subject, number: sealed }
  await insertCircleNumber(trx, { ...row, declared_at: clock.now(), ended_at: null })
  await append({
    kind: 'number-declared',
    header: null,
    body: { person: person.id, deskName: person.desk_name, tie: kind, subject, by: bySaying(by) },
    actor: actorIdOf(by) ?? person.id,
  })
  return { id }
}

/**
 * The use cases over these parties. Numbers rest as pseudonyms (so that they meet customers') and sealed (so
 * that their owner can see them); entries name the pseudonym only, under a header that says nothing.
 */
export function createCircles(parties: StaffParties & { policy: Policy }): Circles {
  const { db, clock, keys } = parties
  return {
    async circleOf(staffId, subject) {
      const tie = await readTie(db, staffId, subject)
      if (tie === null) return { kind: 'none', team: null }
      return tie.mine ? { kind: tie.kind, team: null } : { kind: 'colleague', team: tie.team }
    },
    declare: (by, staffId, { kind, number }) =>
      changePerson<{ id: string }>(
        parties,
        { by, staffId, action: 'declare-number' },
        async (trx, append, person) => {
          const parsed = parties.parseNumber(number)
          if (parsed === null)
            return refuse('number-unreadable', 'This is not a telephone number.', 'Write it as 09 or +95.')
          return declareIn(parties, trx, append, { by, person, kind, number: parsed })
        },
      ),
    withdraw: (by, staffId, id) =>
      changePerson<null>(parties, { by, staffId, action: 'declare-number' }, async (trx, append) => {
        const ended = await endCircleNumber(trx, id, staffId, clock.now())
        if (ended === null)
          return refuse('number-not-found', 'This number is not on your list.', 'Reload the page.')
        await append({
          kind: 'number-withdrawn',
          header: null,
          body: { person: staffId, tie: ended.kind, subject: ended.subject, by: bySaying(by) },
          actor: actorIdOf(by) ?? staffId,
        })
        return null
      }),
    ownLines: (of) => listOwnNumbers(db, of),
    async numbersOf(staffId) {
      const rows = await listCircle(db, staffId)
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        number: keys.sealer.open(PURPOSE, row.id, row.number).toString(),
        declaredAt: row.declared_at,
      }))
    },
  }
}
