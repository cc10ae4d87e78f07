import type { ReadItem } from '../source-record.ts'
import { type ByteQueue, createByteQueue, LARGEST_RECORD } from './byte-queue.ts'
import { itemOf, type Reading, type RecordFormat } from './record-format.ts'

const [OPEN, CLOSE, QUOTE, ESCAPE] = [0x7b, 0x7d, 0x22, 0x5c]

/** A format of JSON objects: one, one behind the other, or in an array. A position is an object's byte offset. */
export function createJsonFormat(format: string, read: (value: unknown) => Reading): RecordFormat {
  const form = { format, head: '' }
  const readObject = (raw: Buffer): Reading => {
    let value: unknown
    try {
      value = JSON.parse(raw.toString('utf8'))
    } catch {
      return 'the object is not JSON'
    }
    return read(value)
  }
  return {
    async *read(bytes) {
      const queue = createByteQueue(bytes)
      for await (const { position, raw, reason } of objectsOf(queue)) {
        const item = itemOf(position, reason ?? readObject(raw), () => raw, form)
        yield item === null ? [] : [item satisfies ReadItem]
      }
    },
    reread: readObject,
  }
}

interface FoundObject {
  readonly position: number
  readonly raw: Buffer
  readonly reason: string | null
}

/** The outermost objects of the bytes; each copied, for they outlive their chunk. */
async function* objectsOf(queue: ByteQueue): AsyncGenerator<FoundObject> {
  for (;;) {
    while (queue.at < queue.bytes.length && queue.bytes[queue.at] !== OPEN) queue.at++
    if (queue.at === queue.bytes.length) {
      if (await queue.pull()) continue
      return
    }
    const scan = createScan()
    while (!scan.run(queue.bytes, queue.at) && scan.length <= LARGEST_RECORD && (await queue.pull())) {
      // The object goes on in the next chunk.
    }
    const whole = scan.closed && scan.length <= LARGEST_RECORD
    const raw = Buffer.from(queue.bytes.subarray(queue.at, queue.at + scan.length))
    const reason = whole
      ? null
      : queue.ended
        ? 'the file ends inside this record'
        : 'the record is longer than any record'
    yield { position: queue.offset, raw, reason }
    queue.at += scan.length
  }
}

/** Follows one object through the bytes, over as many calls as it has chunks. */
function createScan() {
  let depth = 0
  let quoted = false
  let escaped = false
  const scan = {
    length: 0,
    closed: false,
    /** Goes on behind what it has seen of the object that begins at `from`; true when the object has ended. */
    run(bytes: Buffer, from: number): boolean {
      for (let at = from + scan.length; at < bytes.length && !scan.closed; at++) {
        const byte = bytes[at]
        if (escaped) escaped = false
        else if (quoted) {
          if (byte === ESCAPE) escaped = true
          else if (byte === QUOTE) quoted = false
        } else if (byte === QUOTE) quoted = true
        else if (byte === OPEN) depth++
        else if (byte === CLOSE) scan.closed = --depth === 0
        scan.length = at - from + 1
      }
      return scan.closed
    },
  }
  return scan
}
