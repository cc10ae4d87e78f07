import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { commitWith } from '../../src/ledger/commit.ts'
import type { EntryId } from '../../src/ledger/entry.ts'
import { createLedger } from '../../src/ledger/ledger.ts'
import { spendReceipt } from '../../src/ledger/receipt.ts'
import { verifyEntry } from '../../src/ledger/tlog-proof.ts'
import { openTestDatabase } from '../support/database.ts'
import { filledLedger, reveal, SUBJECT, testParties } from './parties.ts'

test('a new log is empty and signed', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  const head = await ledger.head()
  assert.equal(head.size, 0)
  assert.match(
    head.checkpoint,
    /^ayeyar\.example\/log\n0\n47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— /,
  )
})

test('every recorded entry can be proven to a stranger, at every size up to 600', async (t) => {
  const database = await openTestDatabase(t)
  const { ledger } = await filledLedger(database, 255)
  t.after(() => ledger.close())
  for (const more of [1, 1, 255, 1, 87]) {
    await Promise.all(Array.from({ length: more }, (_, i) => ledger.record(reveal(i))))
    const { size } = await ledger.head()
    for (const index of [0, 1, 254, 255, size - 1]) {
      const entry = verifyEntry(await ledger.proofOf(index), ledger.verifierKey)
      assert.equal(entry.index, index)
      assert.equal(entry.body?.says.question, 'which calls made the bill so high')
      assert.equal(entry.body?.opening?.subject, SUBJECT)
    }
  }
  assert.equal((await ledger.head()).size, 600)
})

test('promise 2: a change and its entry are both there or neither', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  await database.pool.query('CREATE TABLE public.change (what text)')
  const change = (fails: boolean) =>
    commitWith(database.db, ledger, async (trx, append) => {
      await sql`INSERT INTO public.change VALUES ('a grant')`.execute(trx)
      const id = await append({ kind: 'grant', header: {}, body: {} })
      if (fails) throw new Error('the desk failed')
      return id
    })
  await assert.rejects(change(true), /the desk failed/)
  await ledger.sequence()
  assert.equal((await ledger.head()).size, 0)
  assert.equal((await database.pool.query('SELECT * FROM public.change')).rowCount, 0)
  const id = await change(false)
  assert.equal((await database.pool.query('SELECT * FROM public.change')).rowCount, 1)
  assert.equal(await ledger.indexOf(id), 0)
})

test('whoever asks between a commit and its batch is told where the entry stands', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  const first = await ledger.record(reveal())
  const [second, third] = await database.db.transaction().execute(async (trx) => {
    const ids = [await ledger.append(trx, reveal(1)), await ledger.append(trx, reveal(2))] as const
    await assert.rejects(ledger.indexOf(ids[1]), { code: 'entry-unknown' })
    return ids
  })
  const indexes = await ledger.indexesOf([third, first, second, third])
  assert.deepEqual(indexes.slice(0, 3).toSorted(), [0, 1, 2])
  assert.deepEqual([indexes[1], indexes[3]], [0, indexes[0]])
  assert.equal((await ledger.entry(await ledger.indexOf(second))).index, indexes[2])
  const stranger = 'f'.repeat(32) as EntryId
  await assert.rejects(ledger.indexesOf([first, stranger]), { code: 'entry-unknown' })
  assert.deepEqual(await ledger.indexesOf([]), [])
})

test('a receipt opens what its entry says, once', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  const id = await ledger.record(reveal())
  const receipt = await ledger.receiptFor(id)
  assert.deepEqual(spendReceipt(receipt).fields, ['start', 'charge'])
  assert.throws(() => spendReceipt(receipt), { code: 'receipt-spent' })
  await assert.rejects(ledger.receiptFor(id), { code: 'no-opening' })
})
