import { type BlockReader, type BlockWriter, blockBroken } from './block-bytes.ts'

/**
 * Columns of whole numbers (0 to 2^53) in as few bits as each needs: a head, then the bits of all values, most
 * significant first, filled up to a byte.
 *
 *     head 0 to 63     Rice's code with so many low bits: the rest in unary (ones, then a zero), then the low bits
 *     head 64 to 117   so many bits each, less 64
 *
 * A rest of 24 or more is 24 ones and the value in 53 bits.
 */
const FIXED = 64
const WIDEST = 53
const LONGEST_UNARY = 24
/** Bits go in and out in pieces, so that what waits for its byte stays a small integer. */
const PIECE = 24

/** Writes `values[from]` to `values[until - 1]`; each takes a bit at least. */
export function writePacked(writer: BlockWriter, values: Float64Array, from: number, until: number): void {
  const count = until - from
  if (count === 0) return
  let [sum, most] = [0, 0]
  for (let at = from; at < until; at++) {
    sum += values[at]!
    if (values[at]! > most) most = values[at]!
  }
  const width = Math.max(1, bitsOf(most))
  const low = Math.min(WIDEST - 1, Math.max(0, bitsOf(Math.floor((sum * Math.LN2) / count)) - 1))
  // The sum of the unary parts is at most this; what is longer than the longest would only make it less.
  const rice = count * (low + 1) + sum / 2 ** low
  const isRice = rice < count * width
  writer.byte(isRice ? low : FIXED + width)
  const longest = isRice ? Math.floor(most / 2 ** low) + 1 + low : width
  if (longest <= PIECE) {
    writer.raw(isRice ? shortRice(values, from, until, low) : shortFixed(values, from, until, width))
    return
  }
  const bits = createBitWriter(writer)
  for (let at = from; at < until; at++) {
    if (isRice) putRice(bits, values[at]!, low)
    else bits.put(values[at]!, width)
  }
  bits.finish()
}

/** Holds the bits of a column on their way; one for each thread is enough. */
let packed = new Uint8Array(4096)

/** Room for `count` values of a piece each, and a byte that is not full. */
function packedOf(count: number): Uint8Array {
  const size = count * (PIECE / 8) + 1
  if (packed.length < size) packed = new Uint8Array(size * 2)
  return packed
}

/** What `putRice` makes of values that take a piece each at most: nearly all columns, so nothing is called for a value. */
function shortRice(values: Float64Array, from: number, until: number, low: number): Uint8Array {
  const bytes = packedOf(until - from)
  const mask = (1 << low) - 1
  let [waiting, length, size] = [0, 0, 0]
  for (let at = from; at < until; at++) {
    const value = values[at]! | 0
    const rest = value >>> low
    waiting = (waiting << (rest + 1 + low)) | (((1 << (rest + 1)) - 2) << low) | (value & mask)
    length += rest + 1 + low
    while (length >= 8) {
      length -= 8
      bytes[size++] = waiting >>> length
    }
  }
  if (length > 0) bytes[size++] = waiting << (8 - length)
  return bytes.subarray(0, size)
}

/** As `shortRice`, of values of one width. */
function shortFixed(values: Float64Array, from: number, until: number, width: number): Uint8Array {
  const bytes = packedOf(until - from)
  let [waiting, length, size] = [0, 0, 0]
  for (let at = from; at < until; at++) {
    waiting = (waiting << width) | values[at]!
    length += width
    while (length >= 8) {
      length -= 8
      bytes[size++] = waiting >>> length
    }
  }
  if (length > 0) bytes[size++] = waiting << (8 - length)
  return bytes.subarray(0, size)
}

/** Inverse of `writePacked` into `values`. @throws CodedError `block-broken`. */
export function readPacked(reader: BlockReader, values: Float64Array, from: number, until: number): void {
  if (until === from) return
  const head = reader.byte()
  if (head > FIXED + WIDEST || head === FIXED || (head >= WIDEST && head < FIXED))
    throw blockBroken('its numbers are of no known form')
  const quick =
    head > FIXED
      ? quickFixed(reader.rest(), values, from, until, head - FIXED)
      : quickRice(reader.rest(), values, from, until, head)
  if (quick !== null) {
    reader.raw(quick)
    return
  }
  const bits = createBitReader(reader)
  if (head > FIXED) {
    const width = head - FIXED
    for (let at = from; at < until; at++) values[at] = bits.take(width)
  } else {
    for (let at = from; at < until; at++) values[at] = takeRice(bits, head)
  }
  for (let at = from; at < until; at++) {
    if (values[at]! > Number.MAX_SAFE_INTEGER) throw blockBroken('a number is too large')
  }
}

/**
 * Inverse of `shortFixed`: nearly all columns, so nothing is called for a value.
 * @returns how many bytes it took; null where a value takes more than a piece or the bytes end too early.
 */
function quickFixed(
  bytes: Uint8Array,
  values: Float64Array,
  from: number,
  until: number,
  width: number,
): number | null {
  const size = Math.ceil(((until - from) * width) / 8)
  if (width > PIECE || size > bytes.length) return null
  const mask = (1 << width) - 1
  let [waiting, length, next] = [0, 0, 0]
  for (let at = from; at < until; at++) {
    while (length < width) {
      waiting = (waiting << 8) | bytes[next++]!
      length += 8
    }
    length -= width
    values[at] = (waiting >>> length) & mask
  }
  return size
}

/** As `quickFixed`, of Rice's code; null also where a rest is too long to be in unary. */
function quickRice(
  bytes: Uint8Array,
  values: Float64Array,
  from: number,
  until: number,
  low: number,
): number | null {
  if (low > PIECE) return null
  const mask = (1 << low) - 1
  const end = bytes.length
  let [waiting, length, next] = [0, 0, 0]
  for (let at = from; at < until; at++) {
    let rest = 0
    for (;;) {
      if (length === 0) {
        if (next === end) return null
        waiting = bytes[next++]!
        length = 8
      }
      // Ones at the head of the bits that wait, which are the lowest `length` of `waiting`.
      const ones = Math.clz32(~(waiting << (32 - length)))
      if (ones < length) {
        rest += ones
        length -= ones + 1
        break
      }
      rest += length
      length = 0
    }
    if (rest >= LONGEST_UNARY) return null
    while (length < low) {
      if (next === end) return null
      waiting = (waiting << 8) | bytes[next++]!
      length += 8
    }
    length -= low
    values[at] = rest * (mask + 1) + ((waiting >>> length) & mask)
  }
  return next
}

interface BitWriter {
  /** At most `PIECE` bits. */
  piece(value: number, width: number): void
  put(value: number, width: number): void
  finish(): void
}

function createBitWriter(writer: BlockWriter): BitWriter {
  let waiting = 0
  let length = 0
  const piece = (value: number, width: number): void => {
    waiting = (waiting << width) | value
    length += width
    while (length >= 8) {
      length -= 8
      writer.byte((waiting >>> length) & 255)
    }
  }
  const put = (value: number, width: number): void => {
    if (width <= PIECE) {
      piece(value, width)
      return
    }
    const low = value % 2 ** PIECE
    put((value - low) / 2 ** PIECE, width - PIECE)
    piece(low, PIECE)
  }
  return {
    piece,
    put,
    finish() {
      if (length > 0) piece(0, 8 - length)
    },
  }
}

function putRice(bits: BitWriter, value: number, low: number): void {
  // Small integers, nearly all there are, stay such.
  if (value < 2 ** 30 && low < 30) {
    const rest = value >>> low
    if (rest < LONGEST_UNARY) {
      const unary = (1 << (rest + 1)) - 2
      const tail = value & ((1 << low) - 1)
      if (rest + 1 + low <= PIECE) bits.piece((unary << low) | tail, rest + 1 + low)
      else {
        bits.piece(unary, rest + 1)
        bits.put(tail, low)
      }
      return
    }
  }
  const scale = 2 ** low
  const rest = Math.floor(value / scale)
  if (rest >= LONGEST_UNARY) {
    bits.piece(2 ** LONGEST_UNARY - 1, LONGEST_UNARY)
    bits.put(value, WIDEST)
    return
  }
  bits.piece(2 ** (rest + 1) - 2, rest + 1)
  bits.put(value - rest * scale, low)
}

interface BitReader {
  take(width: number): number
}

function createBitReader(reader: BlockReader): BitReader {
  let waiting = 0
  let length = 0
  const piece = (width: number): number => {
    while (length < width) {
      waiting = (waiting << 8) | reader.byte()
      length += 8
    }
    length -= width
    return (waiting >>> length) & ((1 << width) - 1)
  }
  return {
    take(width) {
      if (width <= PIECE) return piece(width)
      const high = this.take(width - PIECE)
      return high * 2 ** PIECE + piece(PIECE)
    },
  }
}

function takeRice(bits: BitReader, low: number): number {
  let rest = 0
  while (bits.take(1) === 1) {
    if (++rest === LONGEST_UNARY) return bits.take(WIDEST)
  }
  return rest * 2 ** low + (low > 0 ? bits.take(low) : 0)
}

function bitsOf(value: number): number {
  return value < 2 ** 31 ? 32 - Math.clz32(value) : 32 + bitsOf(Math.floor(value / 2 ** 32))
}
