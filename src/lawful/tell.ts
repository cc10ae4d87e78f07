import type { EntryDraft, JsonObject } from '../ledger/entry.ts'
import type { Command, Of } from './command.ts'
import { type By, type Held, type LawfulParties, requestEntry } from './parties.ts'
import { daysOf, numbersOf, opensByCount } from './scope.ts'

/** Which entries a step leaves, and what their headers count (`docs/lawful.md` lists the kinds). */

/** Makes an entry about the request at hand. */
type Entry = (
  kind: string,
  says: JsonObject,
  more?: { outcome?: string; counts?: Readonly<Record<string, number>>; elapsed?: boolean },
) => EntryDraft

/** The entries of `command`, in the order in which they are appended. */
export function entriesOf(
  room: LawfulParties,
  command: Command,
  before: Held,
  after: Held,
  by: By | null,
): EntryDraft[] {
  const at = room.clock.now()
  const who = by === null ? {} : { by: { ...by } }
  const entry: Entry = (kind, says, more = {}) =>
    requestEntry(room, kind, after, { ...who, ...says }, { ...more, at, actor: by?.id ?? null })
  switch (command.do) {
    case 'take':
      return [entry('request-taken', {})]
    case 'filter':
      return filterEntries(command, after, entry)
    case 'complete':
      return [entry('request-completed', { filing: filingSays(after) })]
    case 'answer-checks':
      return [entry('request-checked', { answers: command.answers.map((given) => ({ ...given })) })]
    case 'return': {
      const says = { missing: [...command.missing], reason: command.reason }
      return [entry('request-returned', says, { outcome: 'operator' })]
    }
    case 'rule':
    case 'second':
      return keyEntries(command, after, entry)
    case 'withdraw':
      return [entry('request-withdrawn', { reason: command.reason }, { elapsed: true })]
    case 'acknowledge':
      return [entry('request-acknowledged', {})]
    case 'close': {
      const outcome = after.case.filing.preserveOnly ? 'preserved' : 'delivered'
      return [entry('request-closed', {}, { outcome })]
    }
    case 'bring-paper': {
      const outcome = before.case.unratified ? 'late' : 'in-time'
      return [entry('emergency-paper', { paper: { ...command.paper } }, { outcome })]
    }
    case 'renew-secrecy':
      return [
        entry(
          'secrecy-renewed',
          { until: command.until, reason: command.reason },
          { counts: { opensBy: opensByCount(command.until) } },
        ),
      ]
    case 'duress':
      return [entry('request-duress', { reason: command.reason }, { elapsed: true })]
    case 'after-review':
      return [entry('emergency-reviewed', { reasons: command.reasons }, { outcome: command.finding })]
    case 'time':
      return timeEntries(before, after, entry)
    case 'produce':
    case 'release':
      // What was made and what left are told where they are made and leave.
      return []
  }
}

function filterEntries(command: Of<'filter'>, { case: one }: Held, entry: Entry): EntryDraft[] {
  const says = { reason: command.reason, missing: [...one.missing] }
  return [
    entry('request-filtered', says, { outcome: command.outcome, elapsed: true }),
    ...(command.outcome === 'refused' ? [refusedEntry(one.ground, command.reason, entry)] : []),
    ...(command.outcome === 'returned' ? [entry('request-returned', {}, { outcome: 'filter' })] : []),
  ]
}

function keyEntries(command: Of<'rule'> | Of<'second'>, { case: one }: Held, entry: Entry): EntryDraft[] {
  const isFirst = command.do === 'rule'
  const key = entry(isFirst ? 'request-ruled' : 'request-seconded', {
    answer: JSON.parse(JSON.stringify(command.answer)) as JsonObject,
    reasons: command.reasons,
    role: (isFirst ? one.first : one.second)?.role ?? '',
  })
  if (one.state === 'refused') return [key, refusedEntry(one.ground, command.reasons, entry)]
  if (one.scope === null) return [key]
  const outcome = one.state === 'approved' ? 'full' : 'part'
  const counts = { numbers: numbersOf(one.scope), days: daysOf(one.scope) }
  const scope = JSON.parse(JSON.stringify(one.scope)) as JsonObject
  return [key, entry('request-decided', { scope }, { outcome, counts, elapsed: true })]
}

function refusedEntry(ground: string | null, reasons: string, entry: Entry): EntryDraft {
  return entry('request-decided', { reasons, ground }, { outcome: `refused-${ground}`, elapsed: true })
}

function timeEntries(before: Held, after: Held, entry: Entry): EntryDraft[] {
  if (after.case.state === 'expired') return [entry('request-expired', {}, { elapsed: true })]
  if (after.case.unratified && !before.case.unratified)
    return [entry('emergency-unratified', {}, { outcome: 'unratified' })]
  return [entry('secrecy-ended', {})]
}

/** A filing as its entry says it. */
export function filingSays({ case: { filing } }: Held): JsonObject {
  return JSON.parse(JSON.stringify(filing)) as JsonObject
}
