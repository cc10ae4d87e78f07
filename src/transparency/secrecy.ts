import type { Header } from '../ledger/entry.ts'

/**
 * What the public counts of secrecy: each delivery under secrecy says in its header until when at the latest the
 * customer is not told, a renewal says the new date, and the telling of her ends it. All three carry the request's
 * serial number and nobody's name, so a gag that was never lifted is counted by anybody.
 */

/** A secrecy that stands. */
export interface Secrecy {
  /** The request's own number, as its header says it. */
  readonly serial: string
  /** The last UTC day on which she need not be told: `2026-12-01`. */
  readonly opensBy: string
  readonly renewals: number
}

/** A header counts the latest day of opening as `opensBy`: whole UTC days since 1970. */
const DAY_MS = 86_400_000

/** Secrecies begun or renewed and not ended, in the order of the log. `headers` in that order too. */
export function standingSecrecies(headers: readonly Header[]): Secrecy[] {
  const standing = new Map<string, Secrecy>()
  for (const { kind, caseSerial: serial, counts } of headers) {
    if (serial === undefined) continue
    const before = standing.get(serial)
    if (kind === 'secrecy-ended') standing.delete(serial)
    if (counts?.opensBy === undefined) continue
    const opensBy = dayOf(counts.opensBy)
    if (kind === 'request-delivered') standing.set(serial, { serial, opensBy, renewals: 0 })
    if (kind === 'secrecy-renewed')
      standing.set(serial, { serial, opensBy, renewals: (before?.renewals ?? 0) + 1 })
  }
  return [...standing.values()]
}

/** Those whose day has passed at the beginning of `day`, with nobody told. */
export function overdueSecrecies(headers: readonly Header[], day: string): Secrecy[] {
  return standingSecrecies(headers).filter(({ opensBy }) => opensBy < day)
}

/** Whether a header begins, renews or ends a secrecy. */
export function isOfSecrecy({ kind, counts }: Header): boolean {
  return kind === 'secrecy-ended' || counts?.opensBy !== undefined
}

function dayOf(count: number): string {
  return new Date(count * DAY_MS).toISOString().slice(0, 10)
}
