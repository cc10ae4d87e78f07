import type { KeyService } from '../keys/key-service.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { SealedBlock } from './block.ts'
import type { Calendar } from './calendar.ts'
import { createReseal } from './reseal.ts'
import {
  blocksOfSubject,
  copyTenures,
  createSequence,
  lockWriters,
  putTenure,
  type Run,
  replaceBlocks,
  subjectsWithBlocks,
  type TenureRow,
  tenuresOf,
  tenuresOfAll,
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
  const row: TenureRow = { tenure: tenure.tenure, from_s: from, until_s: until }
  if (others.some((other) => overlaps(row, other))) throw overlapping()
  await putTenure(run, subject, row)
  const days = { first: calendar.dayOf(from), last: until === null ? Infinity : calendar.dayOf(until - 1) }
  const misplaced = (block: SealedBlock): boolean =>
    block.tenure === tenure.tenure
      ? block.firstDay <= days.first || block.lastDay >= days.last
      : block.lastDay >= days.first && block.firstDay <= days.last
  const blocks = (await blocksOfSubject(run, subject)).filter(misplaced)
  await reseal(run, { keys, calendar }, blocks, [...others, row])
}

/**
 * As {@link setTenure}, for many new tenures: those of numbers that nothing was filed under yet, nearly all on a first
 * day, are written together, the others one by one. @throws CodedError `tenure-overlaps`.
 */
export async function setTenures(
  run: Run,
  keys: KeyService,
  calendar: Calendar,
  tenures: readonly Tenure[],
): Promise<void> {
  await lockWriters(run)
  const subjects = [...new Set(tenures.map(({ subject }) => subject))].map((hex) => Buffer.from(hex, 'hex'))
  const filed = await subjectsWithBlocks(run, subjects)
  const known = await tenuresOfAll(run, subjects)
  const together: (TenureRow & { subject: Buffer })[] = []
  for (const tenure of tenures) {
    if (filed.has(tenure.subject)) continue
    const row = { tenure: tenure.tenure, from_s: tenure.from, until_s: tenure.until }
    const others = known.get(tenure.subject) ?? []
    if (others.some((other) => overlaps(row, other))) throw overlapping()
    known.set(tenure.subject, [...others, row])
    together.push({ ...row, subject: Buffer.from(tenure.subject, 'hex') })
  }
  if (together.length > 0) await copyTenures(run, together)
  for (const tenure of tenures) if (filed.has(tenure.subject)) await setTenure(run, keys, calendar, tenure)
}

function overlaps(a: TenureRow, b: TenureRow): boolean {
  return (a.until_s === null || b.from_s < a.until_s) && (b.until_s === null || a.from_s < b.until_s)
}

function overlapping(): CodedError<VaultErrorCode> {
  return new CodedError('tenure-overlaps', 'another tenure of this number covers some of that time')
}

async function reseal(
  run: Run,
  parties: { keys: KeyService; calendar: Calendar },
  blocks: readonly SealedBlock[],
  tenures: readonly TenureRow[],
): Promise<{ before: number; after: number }> {
  if (blocks.length === 0) return { before: 0, after: 0 }
  const inOrder = blocks.toSorted((a, b) => a.sequence - b.sequence)
  const { gone, made } = await createReseal({ ...parties, nextSequence: createSequence(run) })(
    inOrder,
    tenures,
  )
  await replaceBlocks(run, gone, made)
  return { before: gone.length, after: made.length }
}
