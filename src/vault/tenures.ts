import type { KeyService } from '../keys/key-service.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { SealedBlock } from './block.ts'
import type { Calendar } from './calendar.ts'
import { resealBlocks } from './reseal.ts'
import {
  blocksOfSubject,
  createSequence,
  lockWriters,
  putTenure,
  type Run,
  replaceBlocks,
  type TenureRow,
  tenuresOf,
} from './store.ts'
import type { Tenure, VaultErrorCode } from './vault.ts'

/**
 * Puts a tenure on file and reseals what it moves. @throws CodedError `tenure-overlaps`.
 */
export async function setTenure(
  run: Run,
  keys: KeyService,
  calendar: Calendar,
  tenure: Tenure,
): Promise<void> {
  await lockWriters(run)
  const subject = Buffer.from(tenure.subject, 'hex')
  const { from, until } = tenure
  const others = (await tenuresOf(run, subject)).filter((other) => other.tenure !== tenure.tenure)
  if (others.some((o) => (until === null || o.from_s < until) && (o.until_s === null || from < o.until_s))) {
    throw new CodedError<VaultErrorCode>(
      'tenure-overlaps',
      'another tenure of this number covers some of that time',
    )
  }
  const row: TenureRow = { tenure: tenure.tenure, from_s: from, until_s: until }
  await putTenure(run, subject, row)
  const days = { first: calendar.dayOf(from), last: until === null ? Infinity : calendar.dayOf(until - 1) }
  const misplaced = (block: SealedBlock): boolean =>
    block.tenure === tenure.tenure
      ? block.firstDay <= days.first || block.lastDay >= days.last
      : block.lastDay >= days.first && block.firstDay <= days.last
  const blocks = (await blocksOfSubject(run, subject)).filter(misplaced)
  await reseal(run, { keys, calendar }, blocks, [...others, row])
}

async function reseal(
  run: Run,
  parties: { keys: KeyService; calendar: Calendar },
  blocks: readonly SealedBlock[],
  tenures: readonly TenureRow[],
): Promise<{ before: number; after: number }> {
  if (blocks.length === 0) return { before: 0, after: 0 }
  const inOrder = blocks.toSorted((a, b) => a.sequence - b.sequence)
  const { gone, made } = await resealBlocks(
    { ...parties, nextSequence: createSequence(run) },
    inOrder,
    tenures,
  )
  await replaceBlocks(run, gone, made)
  return { before: gone.length, after: made.length }
}
