import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type pg from 'pg'
import type { E164 } from '../../../src/calls/call-record.ts'
import { decodeRecords } from '../../../src/calls/codec.ts'
import type { StoredRecord } from '../../../src/calls/record-columns.ts'
import type { KeyService } from '../../../src/keys/key-service.ts'
import { findBlockKey, openBlock, type SealedBlock } from '../../../src/vault/block.ts'
import { PSEUDONYM_KEY, subjectOf } from '../../../src/vault/subject.ts'

/** What the files say, to be compared with what is on file: each line a caller's row and a called party's. */
export interface Source {
  readonly rows: number
  /** By the name of a row (whose log, which line, which side), what it must say. */
  readonly expected: ReadonlyMap<string, string>
}

/** Reads the daily files as simply as can be, beside every part that is under trial. */
export function readSourceRows(paths: readonly string[], keys: KeyService): Source {
  const pseudonymKey = keys.prfKey(PSEUDONYM_KEY)
  const subjects = new Map<string, string>()
  const subject = (number: string): string => {
    let known = subjects.get(number)
    if (known === undefined) {
      known = subjectOf(pseudonymKey, number as E164)
      subjects.set(number, known)
    }
    return known
  }
  const expected = new Map<string, string>()
  for (const [file, path] of paths.entries()) {
    for (const [at, line] of readFileSync(path, 'utf8').split('\n').entries()) {
      if (at === 0 || line === '') continue
      const [caller, called, start, duration, cell, charge] = line.split(',') as [
        string,
        string,
        string,
        string,
        string,
        string,
      ]
      const when = Date.parse(`${start.replace(' ', 'T')}Z`) / 1000
      const name = (number: string, side: string) => `${subject(number)} ${file} ${at + 1} ${side}`
      expected.set(name(caller, 'out'), `${called} ${when} ${duration} ${cell} ${Number(charge) * 1000}`)
      if (called !== caller) expected.set(name(called, 'in'), `${caller} ${when} ${duration} null null`)
    }
  }
  return { rows: expected.size, expected }
}

/** Opens every block on file and counts: each row of the source once, saying what the source says, and no other. */
export async function recount(
  pool: pg.Pool,
  keys: KeyService,
  source: Source,
  fileIds: ReadonlyMap<number, number>,
): Promise<{ blocks: number; rows: number }> {
  const seen = new Set<string>()
  let blocks = 0
  for (let after: Buffer = Buffer.alloc(0); ; ) {
    const { rows } = await pool.query<BlockRow>(
      `SELECT subject, month, sequence, tenure, first_day, last_day, sealed FROM vault.block
        WHERE subject > $1 ORDER BY subject LIMIT 5000`,
      [after],
    )
    if (rows.length === 0) break
    // A page may end inside one subject's blocks: those come whole with the next page.
    const last = rows.at(-1)!.subject
    const whole = rows.length < 5000 ? rows : rows.filter(({ subject }) => !subject.equals(last))
    assert.ok(whole.length > 0, 'a subject has more blocks than a page')
    for (const row of whole) {
      blocks++
      const block = blockOf(row)
      const key = await findBlockKey(keys, block)
      assert.ok(key !== null)
      for (const record of decodeRecords(openBlock(key, block))) check(block, record, source, fileIds, seen)
    }
    after = whole.at(-1)!.subject
    if (rows.length < 5000) break
  }
  assert.equal(seen.size, source.rows, 'rows of the source that are not on file')
  return { blocks, rows: seen.size }
}

function check(
  block: SealedBlock,
  record: StoredRecord,
  source: Source,
  fileIds: ReadonlyMap<number, number>,
  seen: Set<string>,
): void {
  const file = fileIds.get(record.file)
  const name = `${block.subject.toString('hex')} ${file} ${record.position} ${record.direction}`
  assert.ok(!seen.has(name), 'a row is on file twice')
  seen.add(name)
  const other = record.other.kind === 'number' ? record.other.number : record.other.kind
  const says = `${other} ${record.start} ${record.durationSeconds} ${record.cell} ${record.chargeMilli}`
  assert.equal(says, source.expected.get(name), 'a row says something else than its source')
}

interface BlockRow {
  readonly subject: Buffer
  readonly month: number
  readonly sequence: string
  readonly tenure: string
  readonly first_day: number
  readonly last_day: number
  readonly sealed: Buffer
}

function blockOf(row: BlockRow): SealedBlock {
  return {
    subject: row.subject,
    month: row.month,
    sequence: Number(row.sequence),
    tenure: row.tenure,
    firstDay: row.first_day,
    lastDay: row.last_day,
    sealed: row.sealed,
  }
}
