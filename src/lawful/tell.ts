import type { EntryDraft, JsonObject } from '../ledger/entry.ts'
import { type By, type Held, type LawfulParties, requestEntry } from './parties.ts'
import type { Command } from './rules.ts'
import { daysOf, numbersOf } from './scope.ts'

/** Which entries a step leaves, and what their headers count (`docs/lawful.md` lists the kinds). */

/** The entries of `command`, in the order in which they are appended. */
export function entriesOf(
  room: LawfulParties,
  command: Command,
  before: Held,
  after: Held,
  by: By | null,
): EntryDraft[] {
  const at = room.clock.now()
  const entry = (
    kind: string,
    says: JsonObject,
    more: { outcome?: string; counts?: Readonly<Record<string, number>>; elapsed?: boolean } = {},
  ): EntryDraft =>
    requestEntry(
      room,
      kind,
      after,
      { ...(by === null ? {} : { by: { ...by } }), ...says },
      {
        ...more,
        at,
        actor: by?.id ?? null,
      },
    )
  const one = after.case
  const refused = (reasons: string): EntryDraft =>
    entry(
      'request-decided',
      { reasons, ground: one.ground },
      { outcome: `refused-${one.ground}`, elapsed: true },
    )
  switch (command.do) {
    case 'take':
      return [entry('request-taken', {})]
    case 'filter':
      return [
        entry(
          'request-filtered',
          { reason: command.reason, missing: [...one.missing] },
          {
            outcome: command.outcome,
            elapsed: true,
          },
        ),
        ...(command.outcome === 'refused' ? [refused(command.reason)] : []),
        ...(command.outcome === 'returned' ? [entry('request-returned', {}, { outcome: 'filter' })] : []),
      ]
    case 'complete':
      return [entry('request-completed', { filing: filingSays(after) })]
    case 'answer-checks':
      return [entry('request-checked', { answers: command.answers.map((given) => ({ ...given })) })]
    case 'return':
      return [
        entry(
          'request-returned',
          { missing: [...command.missing], reason: command.reason },
          { outcome: 'operator' },
        ),
      ]
    case 'rule':
    case 'second': {
      const key = command.do === 'rule' ? one.first : one.second
      const kind = command.do === 'rule' ? 'request-ruled' : 'request-seconded'
      const says = {
        answer: command.answer as unknown as JsonObject,
        reasons: command.reasons,
        role: key?.role ?? '',
      }
      if (one.state === 'refused') return [entry(kind, says), refused(command.reasons)]
      if (one.scope === null) return [entry(kind, says)]
      const outcome = one.state === 'approved' ? 'full' : 'part'
      const counts = { numbers: numbersOf(one.scope), days: daysOf(one.scope) }
      return [
        entry(kind, says),
        entry(
          'request-decided',
          { scope: one.scope as unknown as JsonObject },
          { outcome, counts, elapsed: true },
        ),
      ]
    }
    case 'withdraw':
      return [entry('request-withdrawn', { reason: command.reason }, { elapsed: true })]
    case 'acknowledge':
      return [entry('request-acknowledged', {})]
    case 'close':
      return [entry('request-closed', {}, { outcome: one.filing.preserveOnly ? 'preserved' : 'delivered' })]
    case 'bring-paper':
      return [
        entry(
          'emergency-paper',
          { paper: { ...command.paper } },
          { outcome: before.case.unratified ? 'late' : 'in-time' },
        ),
      ]
    case 'renew-secrecy':
      return [entry('secrecy-renewed', { until: command.until, reason: command.reason })]
    case 'duress':
      return [entry('request-duress', { reason: command.reason }, { elapsed: true })]
    case 'time':
      return timeEntries(before, after, entry)
    case 'produce':
    case 'release':
      // What was made and what left are told where they are made and leave.
      return []
  }
}

function timeEntries(
  before: Held,
  after: Held,
  entry: (kind: string, says: JsonObject, more?: { outcome?: string; elapsed?: boolean }) => EntryDraft,
): EntryDraft[] {
  if (after.case.state === 'expired') return [entry('request-expired', {}, { elapsed: true })]
  if (after.case.unratified && !before.case.unratified)
    return [entry('emergency-unratified', {}, { outcome: 'unratified' })]
  return [entry('secrecy-ended', {})]
}

/** A filing as its entry says it. */
export function filingSays({ case: { filing } }: Held): JsonObject {
  return JSON.parse(JSON.stringify(filing)) as JsonObject
}
