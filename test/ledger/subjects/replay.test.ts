import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { commitWith } from '../../../src/ledger/commit.ts'
import { encodeVerifierKey } from '../../../src/ledger/note.ts'
import { EPOCHS_KEY } from '../../../src/ledger/subjects/epochs.ts'
import { verifySubjects } from '../../../src/ledger/subjects/replay.ts'
import {
  CHANGED_HANDS,
  EPOCHS_ORIGIN,
  type EpochHouse,
  HERS,
  HOLDERS,
  look,
  openEpochs,
  RECYCLED,
} from './open-epochs.ts'

const NEIGHBOUR = 'd4'.repeat(16)
const holders = async (subject: string) =>
  subject === NEIGHBOUR
    ? [{ number: '+959791204499', tenure: 't8', from: 0, until: null }]
    : (HOLDERS[subject] ?? [])

/** What a superuser types into the tables. */
const SQL: readonly { name: string; sql: string; found: readonly string[] }[] = [
  {
    name: 'a look filed in a neighbour’s chain',
    sql: `UPDATE ledger.link SET subject = '${NEIGHBOUR}', tenure = 't8', sequence = 5 WHERE index = 1`,
    // Without it, her own chain does not follow either.
    found: ['link-misfiled 1', 'link-wrong 1'],
  },
  {
    name: 'the link of a look deleted',
    sql: 'DELETE FROM ledger.link WHERE index = 3',
    found: ['link-missing 3', 'link-wrong 6'],
  },
  {
    name: 'a count lowered in the table that proofs are made of',
    sql: `UPDATE epochs.change SET count = count - 1 WHERE epoch = 1`,
    found: ['changes-altered 1'],
  },
  {
    name: 'the newest epoch taken away',
    sql: 'DELETE FROM epochs.epoch WHERE index = 2; DELETE FROM epochs.change WHERE epoch = 2',
    found: ['epochs-unsigned 2'],
  },
  {
    name: 'an epoch’s entry changed',
    sql: `UPDATE epochs.epoch SET entry = regexp_replace(entry, '[0-9]+\\n$', E'7\\n') WHERE index = 1`,
    found: ['epochs-unsigned 3'],
  },
  {
    name: 'an entry of the second log that is no epoch',
    sql: `UPDATE epochs.epoch SET entry = 'nothing' WHERE index = 1`,
    found: ['epoch-wrong 1', 'epochs-unsigned 1'],
  },
]

test('chains, labels and every epoch are replayed from the entries; what a superuser changed is named', async (t) => {
  const house = await openFilled(t)
  const { ok, links, epochs, findings } = await replay(house)
  assert.deepEqual({ ok, links, epochs, findings }, { ok: true, links: 9, epochs: 3, findings: [] })
  const { pool } = house.database
  const tables = ['ledger.link', 'epochs.epoch', 'epochs.change']
  for (const table of tables)
    await pool.query(`CREATE TABLE ${table.replace('.', '_')}_before AS TABLE ${table}`)
  for (const { name, sql, found } of SQL)
    await t.test(name, async () => {
      await pool.query(sql)
      const names = namesOf(await replay(house))
      assert.deepEqual(
        found.filter((one) => !names.includes(one)),
        [],
        names.join(', '),
      )
      for (const table of tables)
        await pool.query(`TRUNCATE ${table}; INSERT INTO ${table} TABLE ${table.replace('.', '_')}_before`)
    })
  assert.equal((await replay(house)).ok, true)
})

test('promise 3: a look that the operator itself filed and signed under a neighbour’s label is named, with its entry', async (t) => {
  const house = await openEpochs(t, {
    holders: async (subject) =>
      subject === HERS.subject ? [{ number: '+959791204499', tenure: 't1' }] : holders(subject),
  })
  for (const draft of look(HERS.subject, 't1')) await house.ledger.record(draft)
  await house.epoch()
  assert.deepEqual(namesOf(await replay(house)), ['label-misfiled 1'])
})

test('a chain that the operator leaves out of the map, or lowers there, is named', async (t) => {
  const house = await openEpochs(t, {
    holders: async (subject) => (subject === RECYCLED ? [] : holders(subject)),
  })
  for (const draft of [...look(HERS.subject, 't1'), ...look(RECYCLED, 'old')])
    await house.ledger.record(draft)
  await house.epoch()
  assert.deepEqual(namesOf(await replay(house)), ['change-missing 3'])
  // Her next look begins her chain anew, as if the first had never been.
  for (const draft of look(HERS.subject, 't1')) await house.ledger.record(draft)
  await house.database.pool.query(
    `DELETE FROM ledger.link WHERE index < 2; UPDATE ledger.link SET sequence = sequence - 2 WHERE index = 4;
     DELETE FROM ledger.link WHERE index = 5`,
  )
  await house.epoch()
  const found = namesOf(await replay(house))
  for (const one of ['count-lowered 1', 'link-missing 0', 'link-missing 5', 'link-wrong 4'])
    assert.ok(found.includes(one), `${one} among ${found.join(', ')}`)
})

test('a receipt for time in which its holder did not hold the number is named; the end of a month ahead is not', async (t) => {
  const house = await openEpochs(t)
  const at = house.parties.clock.now() / 1000
  const month = { from: at - 86_400, until: at + 86_400 }
  const hers = { from: CHANGED_HANDS, until: CHANGED_HANDS + 60 }
  for (const draft of [
    ...look(RECYCLED, 'new', 'g1', month),
    ...look(RECYCLED, 'old'),
    ...look(RECYCLED, 'old', 'g2', hers),
    ...look(RECYCLED, 'new', 'g3', { from: CHANGED_HANDS - 1, until: CHANGED_HANDS + 60 }),
    ...look(RECYCLED, 'invented'),
  ])
    await house.ledger.record(draft)
  await house.epoch()
  assert.deepEqual(namesOf(await replay(house)), [
    'period-beyond-tenure 4',
    'period-beyond-tenure 6',
    'holder-unknown 8',
    'holder-unknown 9',
  ])
})

test('a sealed slot that opens to somebody else than it was sealed for is named', async (t) => {
  const house = await openEpochs(t, { holders })
  const hers = await house.epochs.labels.ofHolder(house.database.pool, HERS)
  const label = Buffer.from(hers!.own.label).toString('base64')
  await house.ledger.record({ kind: 'secrecy-slot', header: { counts: { opensBy: 1 } }, body: { label } })
  const tell = (subject: string, tenure: string) =>
    house.ledger.record({
      ...{ kind: 'authority-disclosure', subject, body: { tenure, slot: 0 } },
      header: { counts: { slot: 0 } },
    })
  await tell(HERS.subject, HERS.tenure)
  await house.epoch()
  assert.deepEqual(namesOf(await replay(house)), [])
  await tell(NEIGHBOUR, 't8')
  assert.deepEqual(namesOf(await replay(house)), ['slot-other 2'])
})

/** Three epochs: hers twice, a recycled number's old holder, a neighbour, and an erasure. */
async function openFilled(t: TestContext): Promise<EpochHouse> {
  const house = await openEpochs(t, { holders })
  const record = async (...drafts: ReturnType<typeof look>) => {
    for (const draft of drafts) await house.ledger.record(draft)
    await house.epoch()
  }
  await record(...look(HERS.subject, 't1'), ...look(NEIGHBOUR, 't8'))
  await record(...look(RECYCLED, 'old'), ...look(NEIGHBOUR, 't8', 'g2'))
  await commitWith(house.database.db, house.ledger, (trx) =>
    house.ledger.eraseBody(trx, 0, { actor: 'M-1', ground: 'a court said so' }),
  )
  await house.ledger.sequence()
  await house.epoch()
  assert.equal(await house.epochs.size(), 3)
  return house
}

function replay({ database, parties }: EpochHouse) {
  const { publicKey } = parties.keys.signingKey(EPOCHS_KEY)
  const verifierKey = encodeVerifierKey(EPOCHS_ORIGIN, publicKey)
  return verifySubjects({ pool: database.pool, keys: parties.keys, verifierKey, holders })
}

function namesOf({ findings }: Awaited<ReturnType<typeof verifySubjects>>): string[] {
  return findings.map(({ code, at }) => `${code} ${at}`)
}
