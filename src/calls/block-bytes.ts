import { CodedError } from '../platform/coded-error.ts'

/** Bytes that are no block of ours, or no longer. */
export type BlockCode = 'block-broken'

/** Appends to a buffer that grows and is used again for the next block. */
export interface BlockWriter {
  reset(): void
  byte(value: number): void
  /** LEB128 of a whole number, 0 to 2^53. */
  varint(value: number): void
  raw(bytes: Uint8Array): void
  /** The bytes so far; valid until the next `reset`. */
  finish(): Buffer
}

/** An empty writer. */
export function createWriter(): BlockWriter {
  let buffer = Buffer.allocUnsafe(64 * 1024)
  let at = 0
  const room = (size: number): void => {
    if (at + size <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + size))
    buffer.copy(larger, 0, 0, at)
    buffer = larger
  }
  return {
    reset() {
      at = 0
    },
    byte(value) {
      room(1)
      buffer[at++] = value
    },
    varint(value) {
      room(8)
      let rest = value
      while (rest > 0x7fffffff) {
        buffer[at++] = (rest % 128) | 128
        rest = Math.floor(rest / 128)
      }
      while (rest > 127) {
        buffer[at++] = (rest & 127) | 128
        rest >>>= 7
      }
      buffer[at++] = rest
    },
    raw(bytes) {
      room(bytes.length)
      buffer.set(bytes, at)
      at += bytes.length
    },
    finish: () => buffer.subarray(0, at),
  }
}

/** Reads what `BlockWriter` wrote. Every method throws CodedError `block-broken` at the end of the bytes. */
export interface BlockReader {
  readonly left: number
  /** What was not read yet; `raw` goes past what was taken of it. */
  rest(): Uint8Array
  byte(): number
  varint(): number
  raw(size: number): Buffer
}

/** A reader from the beginning of `bytes`. */
export function createReader(bytes: Uint8Array): BlockReader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const byte = (): number => {
    if (at >= buffer.length) throw blockBroken('it ends too early')
    return buffer[at++]!
  }
  return {
    get left() {
      return buffer.length - at
    },
    rest: () => buffer.subarray(at),
    byte,
    varint() {
      let value = 0
      for (let scale = 1; ; scale *= 128) {
        const next = byte()
        value += (next & 127) * scale
        if (value > Number.MAX_SAFE_INTEGER) throw blockBroken('a number is too large')
        if (next < 128) return value
        if (scale > 2 ** 49) throw blockBroken('a number is too long')
      }
    },
    raw(size) {
      if (size > buffer.length - at) throw blockBroken('it ends too early')
      at += size
      return buffer.subarray(at - size, at)
    },
  }
}

/** The error for bytes that are no block. */
export function blockBroken(why: string, cause?: unknown): CodedError<BlockCode> {
  return new CodedError<BlockCode>(
    'block-broken',
    `a block of call records cannot be read: ${why}`,
    cause === undefined ? {} : { cause },
  )
}
