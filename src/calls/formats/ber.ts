/**
 * Elements of BER (ITU-T X.690 8.1), read in place. What is read comes from outside: nothing here recurses, and
 * every length is checked against the bytes there are.
 */

/** One element: where its contents begin and end. Reused from call to call, for millions of them are read. */
export interface Element {
  /** 0 universal, 1 application, 2 context, 3 private. */
  tagClass: number
  tag: number
  constructed: boolean
  /** Offset of the first byte of the contents. */
  start: number
  /** Offset behind the last byte of the contents. */
  end: number
}

/** The bytes end inside the element. */
export const CUT = -1
/** No element can begin like this. */
export const BROKEN = -2

const MOST_TAG_BYTES = 4
const MOST_LENGTH_BYTES = 4
/** An honest record nests some six deep. */
const DEEPEST = 32
const INDEFINITE = -3

/** An element to read into. */
export function createElement(): Element {
  return { tagClass: 0, tag: 0, constructed: false, start: 0, end: 0 }
}

/**
 * Reads the element that begins at `at` and ends before `end`; gives the offset behind it, also behind the end of
 * contents of an indefinite length, or `CUT` or `BROKEN`.
 */
export function readElement(bytes: Uint8Array, at: number, end: number, into: Element): number {
  const length = readHeader(bytes, at, end, into)
  if (length === CUT || length === BROKEN) return length
  if (length === INDEFINITE) {
    const next = skipIndefinite(bytes, into.start, end)
    if (next >= 0) into.end = next - 2
    return next
  }
  into.end = into.start + length
  return into.end > end ? CUT : into.end
}

/**
 * Reads tag and length only: gives the length of the contents, `INDEFINITE_LENGTH`, `CUT` or `BROKEN`. For
 * elements too large to be held, such as a whole file.
 */
export function readHeader(bytes: Uint8Array, at: number, end: number, into: Element): number {
  if (at >= end) return CUT
  const first = bytes[at++]!
  into.tagClass = first >> 6
  into.constructed = (first & 0x20) !== 0
  let tag = first & 0x1f
  if (tag === 0x1f) {
    tag = 0
    for (let count = 0; ; count++) {
      if (at >= end) return CUT
      if (count === MOST_TAG_BYTES) return BROKEN
      const part = bytes[at++]!
      tag = tag * 128 + (part & 0x7f)
      if (part < 0x80) break
    }
  }
  into.tag = tag
  if (at >= end) return CUT
  const short = bytes[at++]!
  if (short < 0x80) {
    into.start = at
    return short
  }
  if (short === 0x80) {
    into.start = at
    return into.constructed ? INDEFINITE : BROKEN
  }
  const count = short & 0x7f
  if (count > MOST_LENGTH_BYTES) return BROKEN
  if (at + count > end) return CUT
  let length = 0
  for (let read = 0; read < count; read++) length = length * 256 + bytes[at++]!
  into.start = at
  return length
}

/** What `readHeader` gives for a length that only an end of contents tells. */
export const INDEFINITE_LENGTH = INDEFINITE

/** The offset behind the end of contents that closes what is open at `at`. */
function skipIndefinite(bytes: Uint8Array, at: number, end: number): number {
  const inner = createElement()
  let open = 1
  while (open > 0) {
    if (at + 2 > end) return CUT
    if (bytes[at] === 0 && bytes[at + 1] === 0) {
      at += 2
      open--
      continue
    }
    const length = readHeader(bytes, at, end, inner)
    if (length === CUT || length === BROKEN) return length
    if (length === INDEFINITE) {
      if (++open > DEEPEST) return BROKEN
      at = inner.start
    } else {
      at = inner.start + length
      if (at > end) return CUT
    }
  }
  return at
}

/** The whole number in the contents (two's complement), or null when there is none or it is larger than 2^53. */
export function integerOf(bytes: Uint8Array, start: number, end: number): number | null {
  if (end <= start || end - start > 8) return null
  let value = (bytes[start]! << 24) >> 24
  for (let at = start + 1; at < end; at++) value = value * 256 + bytes[at]!
  return Number.isSafeInteger(value) ? value : null
}

/** The contents as hex digits. */
export function hexOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('hex', start, end)
}

/** The contents as text of printable ASCII; anything else becomes a question mark. */
export function asciiOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end).replace(/[^\x20-\x7e]/g, '?')
}
