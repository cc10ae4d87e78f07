import {
  type CallRows,
  CHARGED_CALLED,
  FLOAT,
  FLOATS,
  HIDDEN_CALLER,
  INT,
  INTS,
  NO_DURATION,
  REFERENCE_INTS,
  REFERENCED,
} from '../calls/call-rows.ts'
import type { RecordColumns } from '../calls/record-columns.ts'

/** What filings are copied from: what a gather holds, as numbers. */
export interface FilingSource {
  readonly rows: CallRows
  readonly references: Int32Array | null
  /** The id of `withheld` among the parties. */
  readonly withheld: number
}

/** The sides of a filing: which party's log it is in. */
const [CALLER, CALLED] = [0, 1]
/** Rows that are looked at together: they fit the nearest caches. */
const AT_ONCE = 256

/** Writes filings of a gather as the first rows of `into`, in their order. */
export function copyFilings(source: FilingSource, filings: Int32Array, into: RecordColumns): void {
  for (let from = 0; from < filings.length; from += AT_ONCE) {
    const until = Math.min(from + AT_ONCE, filings.length)
    copyStarts(source, filings, from, until, into)
    for (let at = from; at < until; at++) copyFiling(source, filings[at]!, into, at)
  }
}

/**
 * Calls lie anywhere in memory, and each takes some 200 nanoseconds to come. Nothing here depends on what comes, so the
 * processor asks for many of them at a time; what follows finds them near.
 */
function copyStarts(
  { rows: { ints } }: FilingSource,
  filings: Int32Array,
  from: number,
  until: number,
  { start }: RecordColumns,
): void {
  for (let at = from; at < until; at++) start[at] = ints[(filings[at]! >> 1) * INTS + INT.start]! >>> 0
}

/**
 * What a call says of its two parties stands side by side in its row, so the side of the log chooses by its number: half of
 * all guesses at a branch on it would be wrong.
 */
function copyFiling(
  { rows: { ints, floats }, references, withheld }: FilingSource,
  filing: number,
  into: RecordColumns,
  at: number,
): void {
  const call = filing >> 1
  const from = call * INTS
  const side = filing & 1
  const flags = ints[from + INT.flags]!
  const duration = ints[from + INT.duration]!
  into.other[at] =
    (flags & HIDDEN_CALLER) !== 0 && side === CALLED ? withheld : ints[from + INT.called - side]!
  into.class[at] = ints[from + INT.callerClass + side]!
  into.durationSeconds[at] = duration === NO_DURATION ? Number.NaN : duration
  into.bytes[at] = floats[call * FLOATS + FLOAT.bytes]!
  into.cell[at] = ints[from + INT.callerCell + side]!
  const charged = (flags & CHARGED_CALLED) === 0 ? CALLER : CALLED
  into.chargeMilli[at] = charged === side ? floats[call * FLOATS + FLOAT.charge]! : Number.NaN
  into.referenceHash[at] =
    references !== null && (flags & REFERENCED) !== 0
      ? references[call * REFERENCE_INTS + REFERENCE_INTS - 1]! >>> 0
      : Number.NaN
  into.file[at] = ints[from + INT.file]!
  into.position[at] = floats[call * FLOATS + FLOAT.position]!
}
