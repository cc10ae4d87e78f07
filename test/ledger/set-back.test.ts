import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createKnownCheckpoint } from '../../src/ledger/known-checkpoint.ts'
import { createLedger, type LedgerParties } from '../../src/ledger/ledger.ts'
import { openTestDatabase } from '../support/database.ts'
import { reveal, testParties } from './parties.ts'

const TABLES = ['entry', 'link', 'tile', 'checkpoint', 'head']

/** A log that keeps its newest checkpoint in a file, and its tables as they were after two of its four entries. */
async function openKept(t: TestContext) {
  const { pool } = await openTestDatabase(t)
  const dir = mkdtempSync(join(tmpdir(), 'countersign-known-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const path = join(dir, 'newest-checkpoint')
  const parties: LedgerParties = testParties(pool)
  const open = () => createLedger({ ...parties, known: createKnownCheckpoint(path) })
  const ledger = await open()
  for (const n of [0, 1]) await ledger.record(reveal(n))
  for (const table of TABLES)
    await pool.query(`CREATE TABLE public.old_${table} AS SELECT * FROM ledger.${table}`)
  for (const n of [2, 3]) await ledger.record(reveal(n))
  await ledger.close()
  const setBack = async () => {
    for (const table of TABLES) {
      await pool.query(`TRUNCATE ledger.${table}`)
      await pool.query(`INSERT INTO ledger.${table} SELECT * FROM public.old_${table}`)
    }
  }
  return { path, parties, open, setBack }
}

test('promise 3: a log put back to before its last known checkpoint names both sizes and opens for nobody', async (t) => {
  const { open, setBack } = await openKept(t)
  await (await open()).close()
  await setBack()
  await assert.rejects(open(), { code: 'ledger-set-back', fatal: true, message: /holds 2 entries.* had 4 / })
})

test('promise 3: a log put back and grown again elsewhere has another history, and opens for nobody', async (t) => {
  const { open, setBack, parties } = await openKept(t)
  await setBack()
  const elsewhere = await createLedger(parties)
  for (const n of [7, 8, 9]) await elsewhere.record(reveal(n))
  await elsewhere.close()
  await assert.rejects(open(), { code: 'ledger-set-back', message: /first 4 of the 5 entries/ })
})

test('a kept checkpoint that somebody changed stops the start; an older one never replaces it', async (t) => {
  const { open, path } = await openKept(t)
  const known = createKnownCheckpoint(path)
  const newest = known.read()!
  known.keep(newest.replace('\n4\n', '\n3\n'))
  await known.settle()
  assert.equal(known.read(), newest)
  writeFileSync(path, newest.replace('\n4\n', '\n3\n'))
  await assert.rejects(open(), { code: 'signature-wrong' })
})
