import { type CallRows, FILED_CALLED, FILED_CALLER, INT, INTS } from '../calls/call-rows.ts'

/** All filings of a gather, those of one subscriber together, each log in order of start. */
export interface GatheredLogs {
  readonly filings: Int32Array<SharedArrayBuffer>
  /** The start of the filing that stands `at`. */
  startAt(at: number): number
  /** The logs that are not empty: the subscriber's digits, and where its filings are. */
  readonly logs: readonly { readonly subscriber: number; readonly first: number; readonly end: number }[]
}

/** Calls that came together, in the order of one file. */
export interface Lot {
  readonly first: number
  readonly end: number
}

/**
 * Counts, then places, the lot that begins earliest first: files that are read side by side are of one time after the
 * other, and each is nearly in order, so hardly a log needs sorting afterwards.
 */
export function placeLogs(
  rows: CallRows,
  lots: readonly Lot[],
  parties: { readonly size: number; numberOf(id: number): number },
): GatheredLogs {
  const { ints } = rows
  const ends = countFilings(rows, lots, parties.size)
  const filings = new Int32Array(new SharedArrayBuffer(ends[parties.size]! * 4))
  const startOf = (filing: number): number => ints[(filing >> 1) * INTS + INT.start]! >>> 0
  const inOrder = lots.toSorted((a, b) => startOf(a.first * 2) - startOf(b.first * 2))
  const unsorted = placeFilings(rows, inOrder, ends, filings)
  for (const party of unsorted) sortByStart(filings.subarray(ends[party]!, ends[party + 1]!), startOf)
  const logs: { subscriber: number; first: number; end: number }[] = []
  for (let party = 0; party < parties.size; party++) {
    const first = ends[party]!
    const end = ends[party + 1]!
    if (first < end) logs.push({ subscriber: parties.numberOf(party), first, end })
  }
  return { filings, startAt: (at) => startOf(filings[at]!), logs }
}

/** Puts each filing behind those of its log that came before; gives the logs that are not in order of start then. */
function placeFilings(
  { ints }: CallRows,
  lots: readonly Lot[],
  ends: Int32Array,
  filings: Int32Array,
): Set<number> {
  /** Of each party, where its next filing goes, and the start of the one before: side by side, for both are looked at. */
  const places = new Uint32Array(ends.length * 2)
  for (let party = 0; party < ends.length; party++) places[party * 2] = ends[party]!
  const unsorted = new Set<number>()
  const place = (filing: number, party: number, start: number): void => {
    const at = places[party * 2]!
    filings[at] = filing
    places[party * 2] = at + 1
    if (start < places[party * 2 + 1]!) unsorted.add(party)
    else places[party * 2 + 1] = start
  }
  for (const { first, end } of lots) {
    for (let call = first; call < end; call++) {
      const row = call * INTS
      const flags = ints[row + INT.flags]!
      const start = ints[row + INT.start]! >>> 0
      if ((flags & FILED_CALLER) !== 0) place(call * 2, ints[row + INT.caller]!, start)
      if ((flags & FILED_CALLED) !== 0) place(call * 2 + 1, ints[row + INT.called]!, start)
    }
  }
  return unsorted
}

/** Where the filings of each party begin, and behind the last one how many there are of all. */
function countFilings({ ints }: CallRows, lots: readonly Lot[], parties: number): Int32Array {
  const ends = new Int32Array(parties + 1)
  for (const { first, end } of lots) {
    for (let row = first * INTS; row < end * INTS; row += INTS) {
      const flags = ints[row + INT.flags]!
      if ((flags & FILED_CALLER) !== 0) ends[ints[row + INT.caller]! + 1]!++
      if ((flags & FILED_CALLED) !== 0) ends[ints[row + INT.called]! + 1]!++
    }
  }
  for (let party = 0; party < parties; party++) ends[party + 1]! += ends[party]!
  return ends
}

/** Logs of fewer filings are sorted by start and place as one double each. */
const MOST_PLACES = 2 ** 21

function sortByStart(filings: Int32Array, startOf: (filing: number) => number): void {
  // Rows of one start keep their order. Numbers alone sort many times faster than by a function.
  if (filings.length > MOST_PLACES)
    throw new Error('invariant broken: a gather holds more filings of one log')
  const keys = new Float64Array(filings.length)
  for (let place = 0; place < keys.length; place++)
    keys[place] = startOf(filings[place]!) * MOST_PLACES + place
  keys.sort()
  const before = filings.slice()
  for (let to = 0; to < keys.length; to++) {
    const start = Math.floor(keys[to]! / MOST_PLACES)
    filings[to] = before[keys[to]! - start * MOST_PLACES]!
  }
}
