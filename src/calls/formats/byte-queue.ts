import type { Readable } from 'node:stream'

/** The largest record of any format; a longer one is no record of a call. */
export const LARGEST_RECORD = 256 * 1024

/**
 * The bytes of a stream that are not used up yet, in one piece: a chunk and the beginning of a record at most,
 * however long the stream is.
 */
export interface ByteQueue {
  /** What is there; valid until the next `pull`. */
  readonly bytes: Buffer
  /** Where in `bytes` reading goes on. */
  at: number
  /** Where in the whole stream `at` is. */
  readonly offset: number
  /** Nothing follows `bytes`. */
  readonly ended: boolean
  /** Fetches another chunk behind what is left; false at the end. */
  pull(): Promise<boolean>
}

/** Queues a stream's bytes. */
export function createByteQueue(stream: Readable | AsyncIterable<Buffer>): ByteQueue {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  let bytes: Buffer = Buffer.alloc(0)
  let before = 0
  let ended = false
  const queue = {
    at: 0,
    get bytes() {
      return bytes
    },
    get offset() {
      return before + queue.at
    },
    get ended() {
      return ended
    },
    async pull() {
      if (ended) return false
      const next = await chunks.next()
      if (next.done === true) {
        ended = true
        return false
      }
      const rest = bytes.subarray(queue.at)
      before += queue.at
      queue.at = 0
      bytes = rest.length === 0 ? next.value : Buffer.concat([rest, next.value])
      return true
    },
  }
  return queue
}
