import type { SealedBlock } from './block.ts'

/** What a row takes besides its tenure and its sealed bytes. */
const FIXED_BYTES = 2 + 7 * 4 + 16 + 4 + 8 + 4 + 4

/** A block as one row of COPY's binary format: the count of fields, then length and bytes of each. */
export function encodeCopyRow(block: SealedBlock): Buffer {
  const tenure = Buffer.from(block.tenure)
  const { sealed } = block
  const row = Buffer.allocUnsafe(FIXED_BYTES + tenure.length + sealed.length)
  let at = row.writeInt16BE(7, 0)
  at = row.writeInt32BE(16, at)
  row.set(block.subject, at)
  at = row.writeInt32BE(4, at + 16)
  at = row.writeInt32BE(block.month, at)
  at = row.writeInt32BE(8, at)
  at = row.writeBigInt64BE(BigInt(block.sequence), at)
  at = row.writeInt32BE(tenure.length, at)
  row.set(tenure, at)
  at = row.writeInt32BE(4, at + tenure.length)
  at = row.writeInt32BE(block.firstDay, at)
  at = row.writeInt32BE(4, at)
  at = row.writeInt32BE(block.lastDay, at)
  at = row.writeInt32BE(sealed.length, at)
  row.set(sealed, at)
  return row
}
