import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { E164 } from '../../src/calls/call-record.ts'
import { readSource } from '../../src/calls/formats/source.ts'
import { createErasureDesk } from '../../src/erasure/desk.ts'
import { addErasureRoutes } from '../../src/erasure/routes.ts'
import { ingestFiles } from '../../src/vault/ingest.ts'
import { PSEUDONYM_KEY, type Subject, subjectOf } from '../../src/vault/subject.ts'
import { createVault } from '../../src/vault/vault.ts'
import { KHIN, optionsWith, THIRI } from '../calls/open-formats.ts'
import { openHttp } from '../staff/open-http.ts'

const OFFSET = 390
/** Local noon. */
export const at = (month: number, day: number): number => Date.UTC(2026, month - 1, day, 5, 30) / 1000
/** Thiri held her number until the end of May; Khin holds his. */
export const HERS = 'her-holding'
export const HIS = 'his-holding'
export const CALLS = [at(3, 4), at(4, 9), at(5, 2)]

/** The erasure desk over real keys, ledger and vault, with calls of two people, one of whom gave her number up. */
export async function openErasure(t: TestContext) {
  const http = await openHttp(t)
  const { database, keys, parties, ledger } = http
  const { pool, db } = database
  const dir = mkdtempSync(join(tmpdir(), 'countersign-erasure-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const subject = (number: string): Subject => subjectOf(keys.prfKey(PSEUDONYM_KEY), number as E164)
  const vault = createVault({ pool, keys, offsetMinutes: OFFSET })
  const { plan } = optionsWith({ now: http.time })
  const desk = createErasureDesk({
    ...{ db, pool, keys, ledger, clock: parties.clock, random: randomBytes, plan },
    ...{ offsetMinutes: OFFSET, storeMonths: 24, keyBackupDays: 35 },
  })
  addErasureRoutes(http.app, desk)
  const path = join(dir, 'calls.ndjson')
  const line = (start: number) => ({ kind: 'voice', caller: THIRI, called: KHIN, start, durationSeconds: 60 })
  writeFileSync(path, CALLS.map((start) => `${JSON.stringify(line(start))}\n`).join(''))
  await ingestFiles(
    { pool, keys, clock: parties.clock, offsetMinutes: OFFSET },
    { files: [path], read: readSource(optionsWith({ now: http.time })), servedByUs: () => true },
  )
  await db.transaction().execute(async (trx) => {
    await vault.setTenure(trx, { subject: subject(THIRI), tenure: HERS, from: at(1, 1), until: at(6, 1) })
    await vault.setTenure(trx, { subject: subject(KHIN), tenure: HIS, from: at(1, 1), until: null })
  })
  return {
    ...http,
    desk,
    subject,
    /** The rows of a holding, by a receipt of the real ledger. */
    async log(number: string, tenure: string): Promise<number[]> {
      const opening = {
        subject: subject(number),
        tenure,
        from: 0,
        until: 2 ** 32,
        fields: ['start'] as const,
      }
      const id = await ledger.record({
        kind: 'reveal',
        header: {},
        body: {},
        subject: subject(number),
        opening,
      })
      return (await vault.open(await ledger.receiptFor(id), {})).map((row) => row.start!)
    },
    /** The blocks as a backup of the database has them; gives what puts them, and all that was decided since, back. */
    async backup() {
      const { rows } = await pool.query('SELECT * FROM vault.block')
      return async () => {
        await pool.query('DELETE FROM vault.block; DELETE FROM vault.erasure; DELETE FROM erasure.request')
        for (const { subject, month, sequence, tenure, first_day, last_day, sealed } of rows)
          await pool.query('INSERT INTO vault.block VALUES ($1, $2, $3, $4, $5, $6, $7)', [
            ...[subject, month, sequence, tenure, first_day, last_day, sealed],
          ])
      }
    },
    async officers() {
      return {
        su: await http.hire(['privacy-officer'], { name: 'Su Su', office: 'yangon', team: 'privacy' }),
        ko: await http.hire(['counsel'], { name: 'Ko Ko Aung', office: 'yangon', team: 'law' }),
      }
    },
  }
}
