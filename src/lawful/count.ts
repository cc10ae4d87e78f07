import type { E164 } from '../calls/call-record.ts'
import { otherPartyKey } from '../calls/call-record.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { PSEUDONYM_KEY, subjectOf } from '../vault/subject.ts'
import { loadRequest } from './book.ts'
import { frameOf, type LawfulParties, requestEntry } from './parties.ts'
import { by } from './production.ts'
import { askedScope, type Scope } from './request.ts'
import { daysOf, intersect, numbersOf } from './scope.ts'
import { spansOf } from './spans.ts'

/** What a scope would hand over, in counts alone. */
export interface ScopeCounts {
  readonly numbers: number
  readonly days: number
  readonly rows: number
  readonly people: number
  readonly fields: number
  /** Windows in which a number changed hands. */
  readonly changedHands: number
}

/**
 * Counts what a narrowing would produce. The vault is opened with receipts, as for anything; no row leaves this
 * function. For the desk's own eyes: no authority is told any of it.
 */
export async function countScope(
  room: LawfulParties,
  staff: StaffFacts,
  id: string,
  wanted: Scope,
): Promise<ScopeCounts | Refusal> {
  const held = await loadRequest(room, room.db, id)
  if (isRefusal(held)) return held
  const scope = intersect(wanted, askedScope(held.case.filing))
  if (scope === null) return { numbers: 0, days: 0, rows: 0, people: 0, fields: 0, changedHands: 0 }
  const frame = frameOf(room, held.case.filing.frame)
  let rows = 0
  let changedHands = 0
  const people = new Set<string>()
  for (const part of scope.parts) {
    const identifier = held.case.filing.identifiers[part.identifier]
    if (identifier?.type !== 'msisdn') continue
    const subject = subjectOf(room.keys.prfKey(PSEUDONYM_KEY), identifier.value as E164)
    const spans = spansOf(subject, await room.customers.holders(room.db, subject), part)
    if (spans.length > 1) changedHands += 1
    for (const { tenure, from, until } of spans) {
      const draft = requestEntry(
        room,
        'request-counted',
        held,
        { by: { ...by(staff) }, frame: frame.id, from, until },
        {
          at: room.clock.now(),
          actor: staff.id,
        },
      )
      const opening = { subject, tenure, from, until, fields: ['start', 'otherMatched'] as const }
      const receipt = await room.ledger.receiptFor(await room.ledger.record({ ...draft, opening }))
      const opened = await room.vault.open<null>(receipt, {
        other: ({ other }) => {
          if (other.kind !== 'none') people.add(otherPartyKey(other))
          return null
        },
      })
      rows += opened.length
    }
  }
  return {
    numbers: numbersOf(scope),
    days: daysOf(scope),
    rows,
    people: people.size,
    fields: scope.fields.length,
    changedHands,
  }
}
