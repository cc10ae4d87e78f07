import { type BlockReader, type BlockWriter, blockBroken } from './block-bytes.ts'
import { readPacked, writePacked } from './packed-column.ts'
import { LATEST_START } from './record-columns.ts'

/** Holds the codes of a column on their way; one for each thread is enough. */
let scratch = new Float64Array(1024)

function scratchOf(count: number): Float64Array {
  if (scratch.length < count) scratch = new Float64Array(count * 2)
  return scratch
}

/** The first start, and the differences, which never go back. */
export function writeStarts(writer: BlockWriter, start: Float64Array, count: number): void {
  if (count === 0) return
  const codes = scratchOf(count)
  writer.varint(start[0]!)
  for (let at = 1; at < count; at++) codes[at] = start[at]! - start[at - 1]!
  writePacked(writer, codes, 1, count)
}

/** Inverse of `writeStarts`. @throws CodedError `block-broken`. */
export function readStarts(reader: BlockReader, count: number): Float64Array {
  const start = new Float64Array(count)
  if (count === 0) return start
  start[0] = reader.varint()
  readPacked(reader, start, 1, count)
  for (let at = 0; at < count; at++) {
    if (at > 0) start[at]! += start[at - 1]!
    if (start[at]! > LATEST_START) throw blockBroken('a start is out of range')
  }
  return start
}

/** Whole numbers of at most 52 bits, NaN for null. */
export function writeNumbers(writer: BlockWriter, values: Float64Array, count: number): void {
  const first = values[0] ?? Number.NaN
  let at = 1
  while (at < count && Object.is(values[at], first)) at++
  if (at >= count) {
    writer.byte(Number.isNaN(first) ? 0 : 1)
    if (!Number.isNaN(first)) writer.varint(zigzag(first))
    return
  }
  let divisor = 0
  let signed = false
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    signed ||= value < 0
    if (divisor !== 1) divisor = commonDivisor(Math.abs(value), divisor)
  }
  divisor ||= 1
  writer.byte(signed ? 3 : 2)
  writer.varint(divisor)
  const codes = scratchOf(count)
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    codes[i] = Number.isNaN(value) ? 0 : (signed ? zigzag(value / divisor) : value / divisor) + 1
  }
  writePacked(writer, codes, 0, count)
}

/** Inverse of `writeNumbers`. @throws CodedError `block-broken`. */
export function readNumbers(reader: BlockReader, count: number): (at: number) => number | null {
  const mode = reader.byte()
  if (mode === 0) return () => null
  if (mode === 1) {
    const all = unzigzag(reader.varint())
    return () => all
  }
  if (mode > 3) throw blockBroken('its numbers are of no known form')
  const divisor = reader.varint()
  const values = new Float64Array(count)
  readPacked(reader, values, 0, count)
  for (let at = 0; at < count; at++) {
    const code = values[at]!
    const value = code === 0 ? Number.NaN : (mode === 3 ? unzigzag(code - 1) : code - 1) * divisor
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw blockBroken('a number is too large')
    values[at] = value
  }
  return (at) => (Number.isNaN(values[at]) ? null : values[at]!)
}

/** What the columns of places say about themselves. */
const FILES_GO_BACK = 1
const RUNS_HAVE_LENGTHS = 2
const POSITIONS_GO_BACK = 4

/**
 * Runs of file numbers, for a log takes its rows from one file after the other, and the positions within each run. Of small
 * files a run is mostly one row, and files mostly come in the order of their numbers.
 */
export function writePlaces(
  writer: BlockWriter,
  { file, position }: { readonly file: Int32Array; readonly position: Float64Array },
  count: number,
): void {
  const runs = runsOf(file, count)
  writer.varint(runs.length)
  if (runs.length === 0) return
  const steps = new Float64Array(runs.length)
  const more = new Float64Array(runs.length)
  const firsts = new Float64Array(runs.length)
  let form = runs.length === count ? 0 : RUNS_HAVE_LENGTHS
  for (let run = 0; run < runs.length; run++) {
    const first = runs[run]!
    if (run > 0) steps[run] = file[first]! - file[runs[run - 1]!]!
    if (steps[run]! < 0) form |= FILES_GO_BACK
    more[run] = (runs[run + 1] ?? count) - first - 1
    firsts[run] = position[first]!
  }
  const codes = scratchOf(count)
  let behind = 0
  for (let at = 1; at < count; at++) {
    if (file[at] !== file[at - 1]) continue
    codes[behind] = position[at]! - position[at - 1]!
    if (codes[behind]! < 0) form |= POSITIONS_GO_BACK
    behind++
  }
  if ((form & FILES_GO_BACK) !== 0)
    for (let run = 1; run < steps.length; run++) steps[run] = zigzag(steps[run]!)
  if ((form & POSITIONS_GO_BACK) !== 0) for (let at = 0; at < behind; at++) codes[at] = zigzag(codes[at]!)
  writer.byte(form)
  writer.varint(file[0]!)
  writePacked(writer, steps, 1, runs.length)
  if ((form & RUNS_HAVE_LENGTHS) !== 0) writePacked(writer, more, 0, runs.length)
  writePacked(writer, firsts, 0, runs.length)
  writePacked(writer, codes, 0, behind)
}

/** Inverse of `writePlaces`. @throws CodedError `block-broken`. */
export function readPlaces(reader: BlockReader, count: number): Places {
  const size = reader.varint()
  if (size > count || (size === 0 && count > 0)) throw blockBroken('its files do not fit its rows')
  if (size === 0) return placesOf(count, NO_RUNS)
  const form = reader.byte()
  if (form > (FILES_GO_BACK | RUNS_HAVE_LENGTHS | POSITIONS_GO_BACK))
    throw blockBroken('its places are of no known form')
  const [heads, lengths, firsts] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)]
  heads[0] = reader.varint()
  readPacked(reader, heads, 1, size)
  if ((form & FILES_GO_BACK) !== 0) for (let run = 1; run < size; run++) heads[run] = unzigzag(heads[run]!)
  if ((form & RUNS_HAVE_LENGTHS) !== 0) readPacked(reader, lengths, 0, size)
  for (let run = 0; run < size; run++) lengths[run]!++
  readPacked(reader, firsts, 0, size)
  const steps = new Float64Array(count - size)
  readPacked(reader, steps, 0, steps.length)
  return placesOf(count, { heads, lengths, firsts, steps, signed: (form & POSITIONS_GO_BACK) !== 0 })
}

/** As `readPlaces`, of version 2: files' differences are zigzag always, and each run has its length. */
export function readSecondPlaces(reader: BlockReader, count: number): Places {
  const size = reader.varint()
  if (size > count || (size === 0 && count > 0)) throw blockBroken('its files do not fit its rows')
  if (size === 0) return placesOf(count, NO_RUNS)
  const [heads, lengths, firsts] = [1, 2, 3].map(() => {
    const values = new Float64Array(size)
    readPacked(reader, values, 0, size)
    return values
  }) as [Float64Array, Float64Array, Float64Array]
  const signed = reader.byte()
  if (signed > 1) throw blockBroken('its positions are of no known form')
  const steps = new Float64Array(count - size)
  readPacked(reader, steps, 0, steps.length)
  return placesOf(count, { heads: heads.map(unzigzag), lengths, firsts, steps, signed: signed === 1 })
}

interface Places {
  readonly file: Float64Array
  readonly position: Float64Array
}

/** Of each run the difference of its file, how long it is and its first position; then the other positions' differences. */
interface Runs {
  readonly heads: Float64Array
  readonly lengths: Float64Array
  readonly firsts: Float64Array
  readonly steps: Float64Array
  /** The differences of positions are zigzag. */
  readonly signed: boolean
}

const NOTHING = new Float64Array(0)
const NO_RUNS: Runs = { heads: NOTHING, lengths: NOTHING, firsts: NOTHING, steps: NOTHING, signed: false }

function placesOf(count: number, { heads, lengths, firsts, steps, signed }: Runs): Places {
  const file = new Float64Array(count)
  const position = new Float64Array(count)
  let [at, step, number] = [0, 0, 0]
  for (let run = 0; run < heads.length; run++) {
    number += heads[run]!
    const end = at + lengths[run]!
    if (number < 0 || number > 2 ** 31 || lengths[run] === 0 || end > count)
      throw blockBroken('its files do not fit its rows')
    position[at] = firsts[run]!
    file.fill(number, at, end)
    for (at++; at < end; at++) {
      const code = steps[step++]!
      position[at] = position[at - 1]! + (signed ? unzigzag(code) : code)
      if (position[at]! < 0 || position[at]! > Number.MAX_SAFE_INTEGER)
        throw blockBroken('a position is out of range')
    }
  }
  if (at !== count) throw blockBroken('its files do not fit its rows')
  return { file, position }
}

/** Where each run of one file number begins. */
function runsOf(file: Int32Array, count: number): number[] {
  const runs: number[] = []
  for (let at = 0; at < count; at++) if (at === 0 || file[at] !== file[at - 1]) runs.push(at)
  return runs
}

/** Small codes for small numbers of either sign: 0, -1, 1, -2, 2 ... as 0, 1, 2, 3, 4 ... */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

/** Inverse of `zigzag`. */
export function unzigzag(code: number): number {
  return code % 2 === 1 ? -(code + 1) / 2 : code / 2
}

function commonDivisor(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}
