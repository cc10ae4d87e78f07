import type { BatchMaker, CallBatch } from '../call-batch.ts'
import type { ReadItem } from '../source-record.ts'

/** Reads a file's bytes into batches of calls; each is as full as the maker lets it be, but for the last. */
export type FillBatches = (bytes: AsyncIterable<Buffer>, maker: BatchMaker) => AsyncIterable<CallBatch>

/** Fills batches with the items that `read` gives one by one or in groups. */
export function fillFrom<Bytes extends AsyncIterable<Buffer>>(
  read: (bytes: Bytes) => AsyncIterable<ReadItem | readonly ReadItem[]>,
): (bytes: Bytes, maker: BatchMaker) => AsyncGenerator<CallBatch> {
  return async function* fill(bytes, maker) {
    for await (const group of read(bytes)) {
      const items = Array.isArray(group) ? (group as readonly ReadItem[]) : [group as ReadItem]
      for (const item of items) {
        maker.add(item)
        if (maker.full) yield maker.take()
      }
    }
    yield maker.take()
  }
}
