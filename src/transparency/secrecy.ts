import type { Header } from '../ledger/entry.ts'

/**
 * What the public counts of secrecy: each delivery under secrecy says in its header until when at the latest the
 * customer is not told, and so does the sealed slot of each holder; a renewal says the new date. A slot is open once the
 * entry that told its holder names it: an operator that only says that a secrecy has ended has ended none. All carry the
 * request's serial number and nobody's name, so a gag that was never lifted is counted by anybody.
 */

/** A secrecy that stands. */
export interface Secrecy {
  /** The request's own number, as its header says it. */
  readonly serial: string
  /** The last UTC day on which she need not be told: `2026-12-01`. */
  readonly opensBy: string
  readonly renewals: number
}

interface Counted extends Secrecy {
  readonly slots: number
  /** Indexes of slots that were opened. */
  readonly opened: ReadonlySet<number>
  /** Whether the operator said that it ended. */
  readonly ended: boolean
}

/** A header counts the latest day of opening as `opensBy`: whole UTC days since 1970. */
const DAY_MS = 86_400_000

/**
 * Secrecies begun or renewed and not ended, in the order of the log. `headers` in that order too. Those of before slots
 * end by the operator's word.
 */
export function standingSecrecies(headers: readonly Header[]): Secrecy[] {
  const all = new Map<string, Counted>()
  for (const header of headers) {
    if (header.caseSerial === undefined) continue
    const after = count(all.get(header.caseSerial), header, header.caseSerial)
    if (after !== undefined) all.set(header.caseSerial, after)
  }
  return [...all.values()]
    .filter(({ slots, opened, ended }) => !ended || opened.size < slots)
    .map(({ serial, opensBy, renewals }) => ({ serial, opensBy, renewals }))
}

function count(before: Counted | undefined, { kind, counts }: Header, serial: string): Counted | undefined {
  const slot = counts?.slot
  if (before !== undefined && kind === 'secrecy-ended') return { ...before, ended: true }
  if (before !== undefined && kind === 'authority-disclosure' && slot !== undefined)
    return { ...before, opened: new Set([...before.opened, slot]) }
  if (counts?.opensBy === undefined) return before
  const opensBy = dayOf(counts.opensBy)
  const none = { serial, opensBy, renewals: 0, slots: 0, opened: new Set<number>(), ended: false }
  if (kind === 'request-delivered') return none
  const known = before ?? none
  if (kind === 'secrecy-renewed') return { ...known, opensBy, renewals: known.renewals + 1, ended: false }
  return kind === 'secrecy-slot' ? { ...known, slots: known.slots + 1 } : before
}

/** Those whose day has passed at the beginning of `day`, with nobody told. */
export function overdueSecrecies(headers: readonly Header[], day: string): Secrecy[] {
  return standingSecrecies(headers).filter(({ opensBy }) => opensBy < day)
}

/** Whether a header begins, renews, opens or ends a secrecy. */
export function isOfSecrecy({ kind, counts }: Header): boolean {
  return kind === 'secrecy-ended' || counts?.opensBy !== undefined || counts?.slot !== undefined
}

function dayOf(count: number): string {
  return new Date(count * DAY_MS).toISOString().slice(0, 10)
}
