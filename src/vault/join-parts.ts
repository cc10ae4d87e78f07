import { otherPartyKey } from '../calls/call-record.ts'
import type { StoredRecord } from '../calls/record-columns.ts'
import type { RecordName } from './vault.ts'

/** A record with its name. */
export interface NamedRecord {
  readonly record: StoredRecord
  readonly name: RecordName
}

/** A part begins where the one before it ended; switches differ by how they round and when they open it. */
const GAP_SECONDS = 60

/**
 * Makes one row of the parts into which a switch cut a long call: the name, start and cell of the first, durations
 * and charges together. Parts share the hash of the exchange's reference, the other party and the direction, and
 * follow each other in time. Data sessions stay apart: what was used on which day is what their customer asks.
 *
 * `rows` are one log in order of start. A part that arrives late joins then; names are given before joining, so the
 * first part's never changes.
 */
export function joinParts(rows: readonly NamedRecord[]): NamedRecord[] {
  const open = new Map<string, number>()
  const joined: NamedRecord[] = []
  for (const row of rows) {
    const key = keyOf(row.record)
    const before = key === null ? undefined : open.get(key)
    if (before !== undefined && follows(row.record, joined[before]!.record)) {
      joined[before] = { name: joined[before]!.name, record: together(joined[before]!.record, row.record) }
      continue
    }
    if (key !== null) open.set(key, joined.length)
    joined.push(row)
  }
  return joined
}

function keyOf({ kind, referenceHash, direction, other, answered }: StoredRecord): string | null {
  if (kind !== 'voice' || !answered || referenceHash === null) return null
  return `${referenceHash} ${direction} ${otherPartyKey(other)}`
}

function follows(part: StoredRecord, whole: StoredRecord): boolean {
  const end = whole.start + (whole.durationSeconds ?? 0)
  const sameMoney = part.currency === whole.currency && part.tariff === whole.tariff
  return sameMoney && part.start > whole.start && Math.abs(part.start - end) <= GAP_SECONDS
}

function together(whole: StoredRecord, part: StoredRecord): StoredRecord {
  return {
    ...whole,
    durationSeconds: sum(whole.durationSeconds, part.durationSeconds),
    chargeMilli: sum(whole.chargeMilli, part.chargeMilli),
  }
}

function sum(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0)
}
