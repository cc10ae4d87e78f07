import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitWith } from '../../../src/ledger/commit.ts'
import type { EntryDraft } from '../../../src/ledger/entry.ts'
import { createLedger, type Ledger } from '../../../src/ledger/ledger.ts'
import { extendChain, NO_LINKS } from '../../../src/ledger/subjects/link.ts'
import { readLinks, readLinksFrom } from '../../../src/ledger/subjects/link-store.ts'
import type { OpenDatabase } from '../../../src/platform/database.ts'
import { openTestDatabase } from '../../support/database.ts'
import { reveal, SUBJECT, testParties } from '../parties.ts'

const OTHER = 'b2'.repeat(16)
const HERS = { subject: SUBJECT, tenure: 't1' }

test('every entry about a tenure is a link of its chain, in the order of the log', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  await ledger.record(reveal(0))
  await ledger.record({ kind: 'grant', header: {}, body: { tenure: 't1' }, subject: SUBJECT })
  await Promise.all([
    ledger.record(disclosure(SUBJECT, 't1')),
    ledger.record(disclosure(OTHER, 't7')),
    commitWith(database.db, ledger, (_trx, append) => append(disclosure(SUBJECT, 't1'))),
    ledger.record(disclosure(SUBJECT, 't2')),
  ])
  await ledger.record(reveal(1))
  const links = await requireWhole(database, ledger, HERS)
  assert.equal(links.length, 4)
  assert.equal((await requireWhole(database, ledger, { subject: OTHER, tenure: 't7' })).length, 1)
  assert.equal((await requireWhole(database, ledger, { subject: SUBJECT, tenure: 't2' })).length, 1)
})

test('two servers of one log add to the same chains', async (t) => {
  const database = await openTestDatabase(t)
  const parties = testParties(database.pool)
  const [one, two] = [await createLedger(parties), await createLedger(parties)]
  t.after(() => Promise.all([one.close(), two.close()]))
  for (let i = 0; i < 10; i += 1) {
    await Promise.all([one.record(reveal(i)), two.record(reveal(i)), one.record(disclosure(OTHER, 't7'))])
    await (i % 2 === 0 ? one : two).record(reveal(i))
  }
  assert.equal((await requireWhole(database, one, HERS)).length, 30)
  assert.equal((await requireWhole(database, one, { subject: OTHER, tenure: 't7' })).length, 10)
})

test('an erased body breaks nothing, and its erasure is a link that names it', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  await ledger.record(reveal(0))
  await ledger.record(reveal(1))
  await commitWith(database.db, ledger, (trx) =>
    ledger.eraseBody(trx, 0, { actor: 'M-1', ground: 'a court said so' }),
  )
  await ledger.sequence()
  const links = await requireWhole(database, ledger, HERS)
  assert.deepEqual(
    links.map(({ index }) => index),
    [0, 1, 2],
  )
  const [erasure] = await ledger.headers({ limit: 1 })
  assert.deepEqual([erasure?.header?.kind, erasure?.header?.counts], ['body-erased', { index: 0 }])
})

test('promise 1: an entry without its link makes no receipt', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  const append = () => database.db.transaction().execute((trx) => ledger.append(trx, reveal()))
  const first = await append()
  await ledger.sequence()
  await ledger.receiptFor(first)
  const second = await append()
  await ledger.sequence()
  await database.pool.query('DELETE FROM ledger.link WHERE sequence = 2')
  await assert.rejects(ledger.receiptFor(second), { code: 'link-missing' })
  // Where links cannot be written, nothing is: neither entry nor receipt.
  await database.pool.query('ALTER TABLE ledger.link ADD CONSTRAINT closed CHECK (sequence < 2)')
  const { size } = await ledger.head()
  await assert.rejects(ledger.record(reveal()), { code: 'ledger-unavailable' })
  assert.equal((await ledger.head()).size, size)
})

/** A disclosure, as the care desk writes one. */
function disclosure(subject: string, tenure: string): EntryDraft {
  return { kind: 'disclosure', header: {}, body: { grant: 'g1', tenure }, subject, actor: 'M-17' }
}

/** The chain, recomputed from the public log. */
async function requireWhole(
  { pool }: OpenDatabase,
  ledger: Ledger,
  key: { subject: string; tenure: string },
) {
  const links = await readLinks(pool, key, { after: 0, upTo: 1_000, limit: 1_000 })
  let end = NO_LINKS
  for (const { index, sequence, link } of links) {
    const [entry] = await ledger.publicEntries(index, 1)
    end = extendChain(end, entry!)
    assert.equal(sequence, end.count)
    assert.deepEqual(new Uint8Array(link), end.link)
  }
  const all = (await readLinksFrom(pool, 0, 1_000)).filter(
    (one) => one.subject === key.subject && one.tenure === key.tenure,
  )
  assert.deepEqual(
    all.map(({ index }) => index),
    links.map(({ index }) => index),
  )
  return links
}
