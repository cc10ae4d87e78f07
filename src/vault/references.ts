import type pg from 'pg'
import { type E164, otherPartyKey } from '../calls/call-record.ts'
import { rowsOver } from '../calls/call-rows.ts'
import { decodeRecords } from '../calls/codec.ts'
import { partyOf } from '../calls/parties.ts'
import { createColumns, type StoredRecord } from '../calls/record-columns.ts'
import type { KeyService } from '../keys/key-service.ts'
import { findBlockKey, openBlock } from './block.ts'
import type { Calendar } from './calendar.ts'
import { copyFilings } from './copy-filings.ts'
import type { Gather } from './gather.ts'
import { keepReferences, knownReferences } from './ingest-store.ts'
import { blocksOfMonth, type Run } from './store.ts'
import { PSEUDONYM_KEY, subjectOf } from './subject.ts'

/** How long references are kept exactly. */
export const REFERENCE_DAYS = 45
const DAY_MS = 86_400_000
const SUBJECTS_AT_ONCE = 200
/** References are looked up and kept in pieces, so that a gather of millions takes no memory for them. */
const REFERENCES_AT_ONCE = 100_000

/** The day (YYYY-MM-DD) before which references are forgotten. */
export function oldestReferenceDay(now: number): string {
  return new Date(now - REFERENCE_DAYS * DAY_MS).toISOString().slice(0, 10)
}

/**
 * The calls of a gather that are filed already, by their references: exactly for 45 days; of older calls, whose
 * first copy may be older than that, same start, parties, duration and 32 bits of the reference are one record.
 * Keeps the others' references. Under the lock of writers, so nobody files the same in between.
 */
export async function findRepeated(
  { run, client }: { run: Run; client: pg.PoolClient },
  parties: { keys: KeyService; calendar: Calendar; now: number },
  gather: Gather,
): Promise<Set<number>> {
  const repeated = new Set<number>()
  if (gather.contents.references === null) return repeated
  const oldest = (parties.now - REFERENCE_DAYS * DAY_MS) / 1000
  let marked: number[] = []
  for (let call = 0; call < gather.size; call++) {
    if (gather.hasReference(call) && gather.filingsOf(call).length > 0) marked.push(call)
    if (marked.length < REFERENCES_AT_ONCE && call < gather.size - 1) continue
    const known = await knownReferences(run, gather.referenceKeysOf(marked))
    const unknown = marked.filter((_, at) => !known.has(at))
    const old = unknown.filter((call) => gather.startOf(call) < oldest)
    for (const at of known) repeated.add(marked[at]!)
    for (const call of await findInBlocks(run, parties, gather, old)) repeated.add(call)
    const fresh = unknown.filter((call) => !repeated.has(call))
    await keepReferences(client, gather.referenceKeysOf(fresh), dayOf(parties.now))
    marked = []
  }
  return repeated
}

async function findInBlocks(
  run: Run,
  { keys, calendar }: { keys: KeyService; calendar: Calendar },
  gather: Gather,
  calls: readonly number[],
): Promise<number[]> {
  if (calls.length === 0) return []
  const pseudonymKey = keys.prfKey(PSEUDONYM_KEY)
  const months = Map.groupBy(calls, (call) => calendar.monthOfDay(calendar.dayOf(gather.startOf(call))))
  const found: number[] = []
  const markOfFiling = marksOf(gather)
  for (const [month, own] of months) {
    const filings = own.map((call) => gather.filingsOf(call)[0]!)
    const logs = [...Map.groupBy(filings, (filing) => gather.subscriberOf(filing))].map(
      ([number, filings]) => ({
        subject: subjectOf(pseudonymKey, `+${number}` as E164),
        filings,
      }),
    )
    for (let at = 0; at < logs.length; at += SUBJECTS_AT_ONCE) {
      const some = logs.slice(at, at + SUBJECTS_AT_ONCE)
      const subjects = some.map(({ subject }) => Buffer.from(subject, 'hex'))
      const filed = await filedMarks(run, keys, subjects, month)
      if (filed.size === 0) continue
      for (const { subject, filings } of some)
        for (const filing of filings) if (filed.has(markOfFiling(filing, subject))) found.push(filing >> 1)
    }
  }
  return found
}

async function filedMarks(
  run: Run,
  keys: KeyService,
  subjects: readonly Buffer[],
  month: number,
): Promise<Set<string>> {
  const marks = new Set<string>()
  for (const block of await blocksOfMonth(run, subjects, month)) {
    const key = await findBlockKey(keys, block)
    if (key === null) continue
    const subject = block.subject.toString('hex')
    for (const record of decodeRecords(openBlock(key, block))) {
      if (record.referenceHash !== null) marks.add(markOf(subject, record))
    }
  }
  return marks
}

/** What gives the mark of a filing of this gather; what the gather holds is taken once, for all of them. */
function marksOf(gather: Gather): (filing: number, subject: string) => string {
  const columns = createColumns(1)
  const { rows, references, parties, withheld } = gather.contents
  const source = {
    rows: rowsOver(rows),
    references: references === null ? null : new Int32Array(references),
    withheld,
  }
  return (filing, subject) => {
    copyFilings(source, Int32Array.of(filing), columns)
    const duration = columns.durationSeconds[0]!
    return markOf(subject, {
      start: columns.start[0]!,
      other: partyOf(parties, columns.other[0]!),
      durationSeconds: Number.isNaN(duration) ? null : duration,
      referenceHash: columns.referenceHash[0]!,
    })
  }
}

function markOf(
  subject: string,
  record: Pick<StoredRecord, 'start' | 'other' | 'durationSeconds' | 'referenceHash'>,
): string {
  const { start, durationSeconds, referenceHash } = record
  return `${subject} ${start} ${durationSeconds} ${referenceHash} ${otherPartyKey(record.other)}`
}

/** The day in UTC, counted from 1970. */
function dayOf(now: number): number {
  return Math.floor(now / DAY_MS)
}
