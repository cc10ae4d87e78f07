import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Ledger, LedgerParties } from '../../src/ledger/ledger.ts'
import { createLedger } from '../../src/ledger/ledger.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import type { OpenDatabase } from '../../src/platform/database.ts'
import { openTestDatabase } from '../support/database.ts'
import { filledLedger, reveal, testParties } from './parties.ts'

const SIZE = 600

interface Attack {
  name: string
  /** What a superuser types. */
  sql: string
  firstWrong: number
}

const REPLACE_HASH = (level: number, index: number, at: number) =>
  `UPDATE ledger.tile SET hashes = overlay(hashes PLACING decode(repeat('ab', 32), 'hex') FROM ${at * 32 + 1} FOR 32)
   WHERE level = ${level} AND index = ${index}`

const ATTACKS: Attack[] = [
  {
    name: 'edits a header',
    sql: `UPDATE ledger.entry SET header = replace(header, 'mandalay', 'yangon') WHERE index = 300`,
    firstWrong: 300,
  },
  {
    name: 'edits a salt',
    sql: `UPDATE ledger.entry SET header_salt = decode(repeat('00', 32), 'hex') WHERE index = 7`,
    firstWrong: 7,
  },
  {
    name: 'edits a commitment',
    sql: `UPDATE ledger.entry SET body_commitment = header_salt WHERE index = 8`,
    firstWrong: 8,
  },
  {
    name: 'edits a sealed body',
    sql: `UPDATE ledger.entry SET body_sealed = set_byte(body_sealed, 40, get_byte(body_sealed, 40) # 1) WHERE index = 9`,
    firstWrong: 9,
  },
  {
    name: 'exchanges two sealed bodies',
    sql: `UPDATE ledger.entry a SET body_sealed = b.body_sealed FROM ledger.entry b WHERE (a.index, b.index) IN ((10, 20), (20, 10))`,
    firstWrong: 10,
  },
  {
    name: 'erases a body without an entry',
    sql: 'UPDATE ledger.entry SET body_sealed = NULL WHERE index = 11',
    firstWrong: 11,
  },
  {
    name: 'hides an entry from her list',
    sql: 'UPDATE ledger.entry SET subject = NULL WHERE index = 12',
    firstWrong: 12,
  },
  {
    name: 'lists an entry under a colleague',
    sql: `UPDATE ledger.entry SET actor = 'M-18' WHERE index = 13`,
    firstWrong: 13,
  },
  { name: 'deletes an entry', sql: 'DELETE FROM ledger.entry WHERE index = 256', firstWrong: 256 },
  { name: 'deletes the first entry', sql: 'DELETE FROM ledger.entry WHERE index = 0', firstWrong: 0 },
  {
    name: 'swaps two entries',
    sql: `UPDATE ledger.entry SET index = -1 WHERE index = 30; UPDATE ledger.entry SET index = 30 WHERE index = 40; UPDATE ledger.entry SET index = 40 WHERE index = -1`,
    firstWrong: 30,
  },
  { name: 'cuts the end off', sql: 'DELETE FROM ledger.entry WHERE index >= 590', firstWrong: 590 },
  { name: 'empties the table', sql: 'TRUNCATE ledger.entry', firstWrong: 0 },
  {
    name: 'adds an entry at the end',
    sql: `INSERT INTO ledger.entry (index, id, header, header_salt, body_commitment) SELECT ${SIZE}, gen_random_uuid(), header, header_salt, body_commitment FROM ledger.entry WHERE index = 5`,
    firstWrong: SIZE,
  },
  { name: 'edits a leaf in a tile', sql: REPLACE_HASH(0, 1, 4), firstWrong: 260 },
  { name: 'edits an upper tile', sql: REPLACE_HASH(1, 0, 1), firstWrong: 256 },
  { name: 'deletes a tile', sql: 'DELETE FROM ledger.tile WHERE level = 0 AND index = 1', firstWrong: 256 },
  { name: 'deletes an upper tile', sql: 'DELETE FROM ledger.tile WHERE level = 1', firstWrong: 0 },
  {
    name: 'cuts a tile short',
    sql: 'UPDATE ledger.tile SET hashes = substring(hashes FROM 1 FOR 320) WHERE level = 0 AND index = 2',
    firstWrong: 522,
  },
  {
    name: 'swaps two tiles',
    sql: 'UPDATE ledger.tile SET index = 1 - index + 1000 WHERE level = 0 AND index IN (0, 1); UPDATE ledger.tile SET index = index - 1000 WHERE index >= 999',
    firstWrong: 0,
  },
  {
    name: 'adds a hash to the last tile',
    sql: `UPDATE ledger.tile SET hashes = hashes || decode(repeat('ab', 32), 'hex') WHERE level = 0 AND index = 2`,
    firstWrong: SIZE,
  },
]

describe('verify names the first entry that a superuser changed', () => {
  let database: OpenDatabase
  let ledger: Ledger
  let parties: LedgerParties
  const cleanUp: (() => Promise<void>)[] = []

  before(async () => {
    database = await openTestDatabase({
      after: (fn: unknown) => cleanUp.push(fn as () => Promise<void>),
    } as never)
    ;({ ledger, parties } = await filledLedger(database, SIZE))
    await ledger.close()
    for (const table of ['entry', 'tile', 'head', 'checkpoint'])
      await database.pool.query(`CREATE TABLE public.${table}_before AS TABLE ledger.${table}`)
  })
  after(async () => {
    for (const fn of cleanUp) await fn()
  })

  const verify = (kept?: string) =>
    verifyLedger({
      pool: database.pool,
      verifierKey: ledger.verifierKey,
      sealer: parties.keys.sealer,
      ...(kept === undefined ? {} : { kept }),
    })
  const restore = async () => {
    for (const table of ['entry', 'tile', 'head', 'checkpoint'])
      await database.pool.query(
        `DELETE FROM ledger.${table}; INSERT INTO ledger.${table} SELECT * FROM public.${table}_before`,
      )
  }

  test('an untouched log is as it was signed', async () => {
    const steps: number[] = []
    const result = await verifyLedger({
      pool: database.pool,
      verifierKey: ledger.verifierKey,
      progress: (done) => steps.push(done),
    })
    assert.deepEqual([result.ok, result.size, steps.at(-1)], [true, SIZE, SIZE])
    assert.equal((await verify(result.checkpoint!)).ok, true)
  })

  for (const { name, sql, firstWrong } of ATTACKS)
    test(`promise 3: who ${name} is found`, async () => {
      await database.pool.query(sql)
      try {
        const result = await verify()
        assert.deepEqual([result.ok, result.firstWrong], [false, firstWrong], result.why)
      } finally {
        await restore()
      }
    })

  test('promise 3: who sets the head back is found by the checkpoints, and by one kept elsewhere', async () => {
    const { rows } = await database.pool.query('SELECT note FROM ledger.head')
    const kept = rows[0].note as string
    await database.pool.query(`UPDATE ledger.head h SET size = 0, note = c.note, root = sha256('')
      FROM ledger.checkpoint c WHERE c.size = 0`)
    try {
      assert.deepEqual([(await verify()).ok, (await verify()).firstWrong], [false, 0])
      await database.pool.query('DELETE FROM ledger.checkpoint WHERE size > 0')
      await database.pool.query('TRUNCATE ledger.entry, ledger.tile')
      assert.equal((await verify()).ok, true, 'whole in itself')
      const result = await verify(kept)
      assert.deepEqual([result.ok, result.firstWrong], [false, 0])
      assert.match(result.why, /rolled back: it had 600 entries/)
    } finally {
      await restore()
    }
  })

  test('promise 3: a checkpoint under another key or with another size is not believed', async () => {
    const note = (await ledgerOf(testParties(database.pool))).checkpoint
    for (const sql of [
      'UPDATE ledger.head SET size = 599',
      "UPDATE ledger.head SET note = replace(note, '600', '599')",
      `UPDATE ledger.head SET note = '${note}'`,
    ]) {
      await database.pool.query(sql)
      assert.equal((await verify()).ok, false, sql)
      await restore()
    }
  })
})

/** A head signed by somebody else, for the same origin. */
async function ledgerOf(parties: LedgerParties): Promise<{ checkpoint: string }> {
  const { signCheckpoint } = await import('../../src/ledger/checkpoint.ts')
  const key = parties.keys.signingKey('ledger')
  return { checkpoint: signCheckpoint({ origin: parties.origin, size: SIZE, root: new Uint8Array(32) }, key) }
}

test('promise 3: rows and tiles rewritten to agree are found by the signed checkpoints between', async (t) => {
  const database = await openTestDatabase(t)
  const parties = testParties(database.pool)
  const ledger = await createLedger(parties)
  for (let n = 0; n < 10; n += 1) await ledger.record(reveal(n))
  await ledger.close()
  // Swap entries 4 and 7 in rows and in the leaf tile: without bodies to open, every part agrees but the signed roots.
  await database.pool.query(`
    UPDATE ledger.entry SET index = -1 WHERE index = 4;
    UPDATE ledger.entry SET index = 4 WHERE index = 7;
    UPDATE ledger.entry SET index = 7 WHERE index = -1;
    UPDATE ledger.tile SET hashes = substring(hashes FROM 1 FOR 128) || substring(hashes FROM 225 FOR 32)
      || substring(hashes FROM 161 FOR 64) || substring(hashes FROM 129 FOR 32) || substring(hashes FROM 257)
    WHERE level = 0`)
  const result = await verifyLedger({ pool: database.pool, verifierKey: ledger.verifierKey })
  assert.deepEqual([result.ok, result.firstWrong], [false, 4], result.why)
})

test('an erased body leaves the log whole, and its entry says on what ground', async (t) => {
  const database = await openTestDatabase(t)
  const { ledger, parties } = await filledLedger(database, 3)
  t.after(() => ledger.close())
  const erase = () =>
    database.db
      .transaction()
      .execute((trx) => ledger.eraseBody(trx, 1, { actor: 'P-2', ground: 'the customer asked' }))
  await erase()
  const options = { pool: database.pool, verifierKey: ledger.verifierKey, sealer: parties.keys.sealer }
  assert.equal((await verifyLedger(options)).ok, true, 'while the entry waits for its index')
  await ledger.sequence()
  const result = await verifyLedger(options)
  assert.deepEqual([result.ok, result.size], [true, 4], result.why)
  const erased = await ledger.entry(1)
  assert.deepEqual([erased.body, erased.subject, erased.kind], [null, null, 'reveal'])
  assert.equal((await ledger.entry(3)).body?.ground, 'the customer asked')
  assert.equal((await ledger.proofOf(1)).body.text, null)
  await assert.rejects(erase(), { code: 'body-erased' })
})
