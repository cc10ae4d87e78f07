import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { E164 } from '../../src/calls/call-record.ts'
import { readSource } from '../../src/calls/formats/source.ts'
import { initKeys, openKeys } from '../../src/keys/key-directory.ts'
import type { KeyService } from '../../src/keys/key-service.ts'
import { createLedger } from '../../src/ledger/ledger.ts'
import { placeHold, releaseOverdueHolds } from '../../src/vault/holds.ts'
import { ingestFiles } from '../../src/vault/ingest.ts'
import { eraseLog, type RetentionParties, runRetention } from '../../src/vault/retention.ts'
import { PSEUDONYM_KEY, type Subject, subjectOf, unregisteredTenure } from '../../src/vault/subject.ts'
import { createVault } from '../../src/vault/vault.ts'
import { KHIN, optionsWith, THIRI } from '../calls/open-formats.ts'
import { testParties } from '../ledger/parties.ts'
import { openTestDatabase } from '../support/database.ts'

const PASSPHRASE = 'a passphrase for tests'
const OFFSET = 390
/** Local noon. */
const at = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day, 5, 30) / 1000
const NOW = Date.UTC(2026, 10, 25, 4)

async function openHouse(t: TestContext) {
  const database = await openTestDatabase(t)
  const dir = mkdtempSync(join(tmpdir(), 'countersign-retention-'))
  const keysDir = join(dir, 'd.keys')
  await initKeys(keysDir, PASSPHRASE, { scryptLogN: 10 })
  let keys: KeyService = await openKeys(keysDir, PASSPHRASE)
  const ledger = await createLedger(testParties(database.pool))
  const clock = { now: () => NOW }
  t.after(async () => {
    await ledger.close()
    keys.close()
    rmSync(dir, { recursive: true })
  })
  const subject = (number: string): Subject => subjectOf(keys.prfKey(PSEUDONYM_KEY), number as E164)
  const parties = (): RetentionParties => ({
    db: database.db,
    pool: database.pool,
    keys,
    ledger,
    clock,
    offsetMinutes: OFFSET,
    storeMonths: 24,
    keyBackupDays: 35,
  })
  return {
    database,
    ledger,
    subject,
    parties,
    async file(starts: readonly number[]) {
      const path = join(dir, `${randomBytes(4).toString('hex')}.ndjson`)
      const line = (start: number) => ({
        kind: 'voice',
        caller: THIRI,
        called: KHIN,
        start,
        durationSeconds: 60,
      })
      writeFileSync(path, starts.map((start) => `${JSON.stringify(line(start))}\n`).join(''))
      return ingestFiles(
        { pool: database.pool, keys, clock, offsetMinutes: OFFSET },
        { files: [path], read: readSource(optionsWith({ now: NOW })), servedByUs: () => true },
      )
    },
    /** Everything of a log, by a receipt of the real ledger. */
    async log(number: string): Promise<number[]> {
      const of = subject(number)
      const opening = {
        subject: of,
        tenure: unregisteredTenure(of),
        from: 0,
        until: 2 ** 32,
        fields: ['start'] as const,
      }
      const id = await ledger.record({ kind: 'reveal', header: {}, body: {}, subject: of, opening })
      const vault = createVault({ pool: database.pool, keys, offsetMinutes: OFFSET })
      return (await vault.open(await ledger.receiptFor(id), {})).map((row) => row.start!)
    },
    /** Opens the keys anew, as a restart does. */
    async restart() {
      keys.close()
      keys = await openKeys(keysDir, PASSPHRASE)
    },
    /** The blocks as an old backup of the database has them; gives what puts them back. */
    async backup() {
      const { rows } = await database.pool.query('SELECT * FROM vault.block')
      return async () => {
        await database.pool.query('DELETE FROM vault.block')
        for (const row of rows) {
          const values = [
            row.subject,
            row.month,
            row.sequence,
            row.tenure,
            row.first_day,
            row.last_day,
            row.sealed,
          ]
          await database.pool.query('INSERT INTO vault.block VALUES ($1, $2, $3, $4, $5, $6, $7)', values)
        }
      }
    },
    hold: (number: string, from: number, until: number, endsAt: number | null = null) =>
      database.db.transaction().execute((trx) =>
        placeHold(trx, {
          id: randomBytes(8).toString('hex'),
          subject: subject(number),
          from,
          until,
          reason: 'lawful',
          ref: 'R-1',
          placedAt: NOW,
          endsAt,
        }),
      ),
  }
}

const OLD = [at(2024, 9, 3), at(2024, 10, 5), at(2024, 10, 20)]
const KEPT = [at(2024, 11, 2), at(2026, 10, 1)]

test('a month past retention opens nowhere: not from the database, not from an old backup, not after a restart', async (t) => {
  const house = await openHouse(t)
  await house.file([...OLD, ...KEPT])
  const putBack = await house.backup()
  assert.equal((await house.log(THIRI)).length, 5)
  const first = await runRetention(house.parties())
  assert.deepEqual([first.ended, first.blocks, first.held], [[202_409, 202_410], 4, 0])
  assert.deepEqual(await house.log(THIRI), KEPT)
  await putBack()
  assert.deepEqual(await house.log(THIRI), KEPT)
  await house.restart()
  assert.deepEqual(await house.log(THIRI), KEPT)
  assert.deepEqual(await house.log(KHIN), KEPT)
  const again = await runRetention(house.parties())
  assert.deepEqual([again.ended, again.released], [[], 0])
  const late = await house.file([at(2024, 10, 6)])
  assert.equal(late.quarantined, 1)
})

test('a legal hold keeps its subject’s records in its window, and only those, until it is released', async (t) => {
  const house = await openHouse(t)
  await house.file([...OLD, ...KEPT])
  await house.hold(THIRI, at(2024, 10, 10), at(2024, 10, 30), NOW + 1)
  const putBack = await house.backup()
  const { held } = await runRetention(house.parties())
  assert.equal(held, 1)
  await putBack()
  await house.restart()
  assert.deepEqual(await house.log(THIRI), [OLD[2], ...KEPT])
  assert.deepEqual(await house.log(KHIN), KEPT)
  await house.database.db.transaction().execute((trx) => releaseOverdueHolds(trx, NOW + 2))
  assert.equal((await runRetention(house.parties())).released, 1)
  assert.deepEqual(await house.log(THIRI), KEPT)
})

test('a crash between the entry and the key is made good by the next run', async (t) => {
  const house = await openHouse(t)
  await house.file([...OLD, ...KEPT])
  await house.hold(THIRI, at(2024, 10, 10), at(2024, 10, 30))
  const putBack = await house.backup()
  const broken = house.parties()
  const keys = Object.assign(Object.create(broken.keys) as KeyService, {
    destroyMonthKey: async () => {
      throw new Error('power cut')
    },
  })
  await assert.rejects(runRetention({ ...broken, keys }), /power cut/)
  const second = await runRetention(house.parties())
  assert.deepEqual(second.ended, [202_410])
  await putBack()
  await house.restart()
  assert.deepEqual(await house.log(THIRI), [OLD[2], ...KEPT])
})

test('an erased log opens nowhere, the other party’s is whole, and a hold shows in nothing that is said', async (t) => {
  const house = await openHouse(t)
  await house.file(KEPT)
  const putBack = await house.backup()
  const of = house.subject(THIRI)
  const log = { subject: of, tenure: '', reason: 'asked by her' }
  assert.equal(await eraseLog(house.parties(), log), 2)
  assert.equal(await eraseLog(house.parties(), log), null)
  await putBack()
  await house.restart()
  assert.deepEqual(await house.log(THIRI), [])
  assert.deepEqual(await house.log(KHIN), KEPT)
})

test('an erased log leaves what a hold keeps, under a key that is neither the month’s nor the holder’s', async (t) => {
  const house = await openHouse(t)
  await house.file(KEPT)
  await house.hold(THIRI, at(2026, 9, 1), at(2026, 11, 1))
  assert.equal(
    await eraseLog(house.parties(), { subject: house.subject(THIRI), tenure: '', reason: 'asked' }),
    2,
  )
  await house.restart()
  assert.deepEqual(await house.log(THIRI), [KEPT[1]])
})
