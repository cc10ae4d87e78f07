import { hkdfSync } from 'node:crypto'
import { decodeRecords, encodeRecords } from '../calls/codec.ts'
import type { StoredRecord } from '../calls/record-columns.ts'
import type { KeyService } from '../keys/key-service.ts'
import { findBlockKey, openBlock, type SealedBlock, sealBlock } from './block.ts'
import type { Calendar } from './calendar.ts'

/** A stretch that a hold keeps: `from <= start < until`, epoch seconds. */
export interface HeldSpan {
  readonly from: number
  readonly until: number
}

/** The name of the key under which held records of a subject's month lie: neither the month's nor the tenure's. */
export function heldKeyName(subject: Buffer, month: number): string {
  return `held-${subject.toString('hex')}-${month}`
}

/** The key of a held block; null when it was destroyed. @throws CodedError `key-missing`. */
export async function findHeldKey(keys: KeyService, block: SealedBlock): Promise<Buffer | null> {
  const secret = await keys.existingTweak(heldKeyName(block.subject, block.month))
  return secret === null ? null : deriveHeldKey(secret, block)
}

/**
 * Seals what holds keep of blocks that are about to end, under keys of their own that are durable before this returns:
 * the records in the spans, and no other. `blocks` are of one subject.
 */
export async function sealHeld(
  parties: { keys: KeyService; calendar: Calendar; nextSequence: () => Promise<number> },
  blocks: readonly SealedBlock[],
  spans: readonly HeldSpan[],
): Promise<SealedBlock[]> {
  const { keys, calendar, nextSequence } = parties
  const made: SealedBlock[] = []
  for (const own of Map.groupBy(blocks, ({ month, tenure }) => `${month} ${tenure}`).values()) {
    const records: StoredRecord[] = []
    for (const block of own.toSorted((a, b) => a.sequence - b.sequence)) {
      const key = await findBlockKey(keys, block)
      if (key === null) continue
      for (const record of decodeRecords(openBlock(key, block))) {
        if (spans.some(({ from, until }) => record.start >= from && record.start < until))
          records.push(record)
      }
    }
    if (records.length === 0) continue
    // Stable, so rows of one start keep the order of filing, and with it their names.
    records.sort((a, b) => a.start - b.start)
    const { subject, month, tenure } = own[0]!
    const place = {
      subject,
      month,
      tenure,
      firstDay: calendar.dayOf(records[0]!.start),
      lastDay: calendar.dayOf(records.at(-1)!.start),
      sequence: await nextSequence(),
    }
    const key = deriveHeldKey(await keys.tweak(heldKeyName(subject, month)), place)
    made.push({ ...place, sealed: sealBlock(key, place, encodeRecords(records)) })
  }
  return made
}

function deriveHeldKey(secret: Buffer, { subject, month }: Pick<SealedBlock, 'subject' | 'month'>): Buffer {
  const info = `countersign held block ${subject.toString('hex')} ${month}`
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, 32))
}
