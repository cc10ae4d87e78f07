import { type BlockReader, type BlockWriter, blockBroken } from './block-bytes.ts'

/** Later starts than the year 36,812 would overflow nothing yet, but mean nothing either. */
const LATEST_START = 2 ** 40

/** Differences of starts, which never go back. */
export function writeStarts(writer: BlockWriter, start: Float64Array, count: number): void {
  let before = 0
  for (let at = 0; at < count; at++) {
    writer.varint(start[at]! - before)
    before = start[at]!
  }
}

/** Inverse of `writeStarts`. */
export function readStarts(reader: BlockReader, count: number): Float64Array {
  const start = new Float64Array(count)
  let before = 0
  for (let at = 0; at < count; at++) {
    before += reader.varint()
    if (before > LATEST_START) throw blockBroken('a start is out of range')
    start[at] = before
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
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) writer.byte(0)
    else writer.varint((signed ? zigzag(value / divisor) : value / divisor) + 1)
  }
}

/** Inverse of `writeNumbers`. */
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
  for (let at = 0; at < count; at++) {
    const code = reader.varint()
    const value = code === 0 ? Number.NaN : (mode === 3 ? unzigzag(code - 1) : code - 1) * divisor
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw blockBroken('a number is too large')
    values[at] = value
  }
  return (at) => (Number.isNaN(values[at]) ? null : values[at]!)
}

/** Differences of positions, in the order of start. */
export function writePositions(writer: BlockWriter, position: Float64Array, count: number): void {
  let before = 0
  for (let at = 0; at < count; at++) {
    writer.varint(zigzag(position[at]! - before))
    before = position[at]!
  }
}

/** Inverse of `writePositions`. */
export function readPositions(reader: BlockReader, count: number): Float64Array {
  const position = new Float64Array(count)
  let before = 0
  for (let at = 0; at < count; at++) {
    before += unzigzag(reader.varint())
    if (before < 0 || before > Number.MAX_SAFE_INTEGER) throw blockBroken('a position is out of range')
    position[at] = before
  }
  return position
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

function unzigzag(code: number): number {
  return code % 2 === 1 ? -(code + 1) / 2 : code / 2
}

function commonDivisor(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}
