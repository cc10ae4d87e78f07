/** Signature, no flags, no extension: the head of COPY's binary format. */
const HEAD = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
/** CopyData's type and length stand before the rows. */
const FRAME_BYTES = 5
const FIRST_BYTES = 256 * 1024

const COPY_DATA = 0x64
const COPY_DONE = 0x63
const BYTES_OF_UINT32 = 2 ** 32

/** Where rows were written before, to be written over; so many at most are kept. */
const spare: Buffer[] = []
const SPARE_KEPT = 6

/**
 * Rows of one `COPY ... FROM STDIN (FORMAT binary)`, as the protocol sends them: one CopyData message, then CopyDone.
 * They are written field by field into one buffer that grows, and that the next rows use again.
 */
export class CopyBuffer {
  #bytes: Buffer
  #at = FRAME_BYTES

  constructor() {
    this.#bytes = spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_BYTES)
    this.#at += HEAD.copy(this.#bytes, this.#at)
  }

  /** Begins a row of so many fields. */
  row(fields: number): void {
    this.#reserve(2)
    this.#at = this.#bytes.writeInt16BE(fields, this.#at)
  }

  null(): void {
    this.#length(-1, 0)
  }

  /** A `bigint`, of which we use those that a number holds. */
  bigint(value: number): void {
    this.#length(8, 8)
    this.#at = this.#bytes.writeInt32BE(Math.floor(value / BYTES_OF_UINT32), this.#at)
    this.#at = this.#bytes.writeUInt32BE(value % BYTES_OF_UINT32, this.#at)
  }

  /** A `bytea`. */
  bytes(value: Uint8Array): void {
    this.#length(value.length, value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  /** A `uuid`, from its 32 hex digits. */
  uuid(hex: string): void {
    this.#length(16, 16)
    this.#at += this.#bytes.write(hex, this.#at, 'hex')
  }

  text(value: string): void {
    // UTF-8 takes at most three bytes for a unit of UTF-16.
    this.#reserve(4 + 3 * value.length)
    const length = this.#bytes.write(value, this.#at + 4)
    this.#at = this.#bytes.writeInt32BE(length, this.#at) + length
  }

  /** The messages; they are good until `giveBack`. */
  end(): Buffer {
    this.#reserve(2 + FRAME_BYTES)
    this.#at = this.#bytes.writeInt16BE(-1, this.#at)
    this.#bytes[0] = COPY_DATA
    this.#bytes.writeInt32BE(this.#at - 1, 1)
    this.#bytes[this.#at] = COPY_DONE
    this.#at = this.#bytes.writeInt32BE(4, this.#at + 1)
    return this.#bytes.subarray(0, this.#at)
  }

  /** Once the server has answered: nobody reads these bytes any more. */
  giveBack(): void {
    if (spare.length < SPARE_KEPT) spare.push(this.#bytes)
  }

  /** The length of a field, -1 for null, and room for what follows it. */
  #length(length: number, room: number): void {
    this.#reserve(4 + room)
    this.#at = this.#bytes.writeInt32BE(length, this.#at)
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(2 * (this.#at + bytes))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}
