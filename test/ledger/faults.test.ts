import assert from 'node:assert/strict'
import { test } from 'node:test'
import type pg from 'pg'
import type { BesideWriter } from '../../src/ledger/beside.ts'
import type { EntryDraft } from '../../src/ledger/entry.ts'
import { createLedger, type LedgerParties } from '../../src/ledger/ledger.ts'
import { nodeSha256 } from '../../src/ledger/node-crypto.ts'
import { entryOf, sealEntry } from '../../src/ledger/sealed-entry.ts'
import { Sequencer } from '../../src/ledger/sequencer.ts'
import { createSequencerConnection, type SequencerConnection } from '../../src/ledger/sequencer-connection.ts'
import { insertIntake, readEntries } from '../../src/ledger/store.ts'
import { type ChainEnd, extendChain, NO_LINKS } from '../../src/ledger/subjects/link.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { type OpenDatabase, openDatabase } from '../../src/platform/database.ts'
import { Pipeline } from '../../src/platform/pipeline.ts'
import { openTestDatabase } from '../support/database.ts'
import { ORIGIN, reveal, testParties } from './parties.ts'

type Fault = 'lost before it arrived' | 'done, but the answer was lost'
interface Plan {
  /** Begins the statement that the fault hits, the next time it is sent. */
  statement: string
  fault: Fault
}

/** The real connection, on which planned statements fail once, and the connection with them. */
function faultyConnection(pool: pg.Pool, plans: Plan[]): SequencerConnection {
  const real = createSequencerConnection(pool)
  const query = async (client: pg.Client, ...args: unknown[]) => {
    const send = client.query.bind(client) as unknown as (...a: unknown[]) => Promise<unknown>
    const first = args[0] as string | { name?: string }
    const statement = typeof first === 'string' ? first : (first.name ?? '')
    const at = plans.findIndex((plan) => statement.startsWith(plan.statement))
    const [plan] = at < 0 ? [] : plans.splice(at, 1)
    if (plan === undefined) return send(...args)
    if (plan.fault === 'done, but the answer was lost') {
      const sent = await send(...args)
      if (sent instanceof Pipeline) await sent.done
    }
    await client.end()
    throw new Error('the connection was lost')
  }
  return {
    use: (work) =>
      real.use((client) =>
        work({ query: (...args: unknown[]) => query(client, ...args) } as unknown as pg.Client),
      ),
    close: () => real.close(),
  }
}

function sequencerWith(parties: LedgerParties, plans: Plan[]): Sequencer {
  const connection = faultyConnection(parties.pool, plans)
  const { clock, keys } = parties
  return new Sequencer({ connection, origin: ORIGIN, key: keys.signingKey('ledger'), clock })
}

function sealedReveal(n: number, { keys, clock, random }: LedgerParties) {
  return sealEntry(reveal(n), { sealer: keys.sealer, clock, random })
}

async function begin(t: { after(fn: () => Promise<void>): void }): Promise<{
  database: OpenDatabase
  parties: LedgerParties
  verifierKey: string
}> {
  const database = await openTestDatabase(t)
  const parties = testParties(database.pool)
  const ledger = await createLedger(parties)
  await ledger.close()
  return { database, parties, verifierKey: ledger.verifierKey }
}

const FAULTS: Fault[] = ['lost before it arrived', 'done, but the answer was lost']
const STATEMENTS = ['BEGIN', 'ledger-take-intake', 'ledger-write-batch', 'COMMIT']

for (const fault of FAULTS)
  for (const statement of STATEMENTS)
    test(`no entry is lost or doubled when ${statement} is ${fault}`, async (t) => {
      const { database, parties, verifierKey } = await begin(t)
      const plans: Plan[] = []
      const sequencer = sequencerWith(parties, plans)
      t.after(() => sequencer.close())
      await sequencer.submit(sealedReveal(0, parties))
      plans.push({ statement, fault })
      await database.db.transaction().execute((trx) => insertIntake(trx, [sealedReveal(1, parties)]))
      const [, index] = await Promise.all([
        sequencer.drain(),
        sequencer.submit(sealedReveal(2, parties)),
        sequencer.submit(sealedReveal(3, parties)),
      ])
      assert.deepEqual(plans, [], 'the fault happened')
      assert.ok(index >= 1 && index <= 3)
      const result = await verifyLedger({ pool: database.pool, verifierKey, sealer: parties.keys.sealer })
      assert.deepEqual([result.ok, result.size], [true, 4], result.why)
    })

for (const fault of FAULTS)
  test(`a single statement that is ${fault} is written once`, async (t) => {
    const { database, parties, verifierKey } = await begin(t)
    const plans: Plan[] = []
    const sequencer = sequencerWith(parties, plans)
    t.after(() => sequencer.close())
    assert.equal(await sequencer.submit(sealedReveal(0, parties)), 0)
    plans.push({ statement: 'ledger-write-batch', fault })
    assert.equal(await sequencer.submit(sealedReveal(1, parties)), 1)
    assert.equal(await sequencer.submit(sealedReveal(2, parties)), 2)
    const result = await verifyLedger({ pool: database.pool, verifierKey, sealer: parties.keys.sealer })
    assert.deepEqual([result.ok, result.size], [true, 3], result.why)
  })

test('a ledger that cannot be written says so to everybody who waits, and goes on afterwards', async (t) => {
  const { parties } = await begin(t)
  const plans: Plan[] = [
    { statement: 'BEGIN', fault: 'lost before it arrived' },
    { statement: 'BEGIN', fault: 'lost before it arrived' },
  ]
  const sequencer = sequencerWith(parties, plans)
  t.after(() => sequencer.close())
  const waiting = [0, 1].map((n) => sequencer.submit(sealedReveal(n, parties)))
  for (const answer of waiting) await assert.rejects(answer, { code: 'ledger-unavailable' })
  assert.equal(await sequencer.submit(sealedReveal(2, parties)), 0)
})

test('promise 2: an entry whose server died after its commit is in the tree once another looks', async (t) => {
  const { database, parties } = await begin(t)
  const dying = await createLedger(parties)
  const id = await database.db.transaction().execute((trx) => dying.append(trx, reveal()))
  await dying.close()
  const other = await createLedger(parties)
  t.after(() => other.close())
  await other.sequence()
  assert.equal(await other.indexOf(id), 0)
})

test('two servers append to one log at once: no gap, no doubled index, every answer true', async (t) => {
  const { database, parties, verifierKey } = await begin(t)
  const second = openDatabase({ url: database.url })
  t.after(() => second.close())
  const ledgers = await Promise.all([createLedger(parties), createLedger({ ...parties, pool: second.pool })])
  const ids = await Promise.all(
    Array.from({ length: 400 }, async (_, n) => {
      const ledger = ledgers[n % 2]!
      if (n % 5 > 0) return ledger.record(reveal(n))
      const id = await database.db.transaction().execute((trx) => ledger.append(trx, reveal(n)))
      await ledger.sequence([id])
      return id
    }),
  )
  const indexes = await Promise.all(ids.map((id, n) => ledgers[(n + 1) % 2]!.indexOf(id)))
  assert.deepEqual(
    indexes.sort((a, b) => a - b),
    indexes.map((_, i) => i),
  )
  for (const ledger of ledgers) await ledger.close()
  const result = await verifyLedger({ pool: database.pool, verifierKey, sealer: parties.keys.sealer })
  assert.deepEqual([result.ok, result.size], [true, 400], result.why)
})

test('keys that are not those of the data stop the start', async (t) => {
  const { parties } = await begin(t)
  await assert.rejects(createLedger(testParties(parties.pool)), { code: 'ledger-key-other', fatal: true })
  await assert.rejects(createLedger({ ...parties, origin: 'other.example/log' }), {
    code: 'ledger-key-other',
  })
})

test('two servers with many callers each: batches built on others that fail write nothing, and every chain is whole', async (t) => {
  const { database, parties, verifierKey } = await begin(t)
  const second = openDatabase({ url: database.url })
  t.after(() => second.close())
  const ledgers = await Promise.all([createLedger(parties), createLedger({ ...parties, pool: second.pool })])
  const CALLERS = 40
  const EACH = 25
  let n = 0
  const caller = async (_: unknown, at: number) => {
    for (let i = 0; i < EACH; i += 1) {
      n += 1
      await ledgers[at % 2]!.record(lookAt(n % 7, n))
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  for (const ledger of ledgers) await ledger.close()
  const result = await verifyLedger({ pool: database.pool, verifierKey, sealer: parties.keys.sealer })
  assert.deepEqual([result.ok, result.size], [true, CALLERS * EACH], result.why)
  assert.equal(await requireWholeChains(database.pool), 7)
})

/** Works every chain out of the entries anew. @returns how many chains there are */
async function requireWholeChains(pool: pg.Pool): Promise<number> {
  const rows = await readEntries(pool, 0, 10_000)
  const { rows: links } = await pool.query<{
    index: number
    subject: string
    sequence: number
    link: Buffer
  }>('SELECT index, subject, sequence, link FROM ledger.link ORDER BY index')
  assert.equal(links.length, rows.length)
  const ends = new Map<string, ChainEnd>()
  for (const { index, subject, sequence, link } of links) {
    const end = extendChain(ends.get(subject) ?? NO_LINKS, entryOf(rows[index]!), nodeSha256)
    assert.equal(sequence, end.count, `entry ${index}`)
    assert.ok(link.equals(end.link), `entry ${index}`)
    ends.set(subject, end)
  }
  return ends.size
}

function lookAt(subject: number, n: number): EntryDraft {
  const id = subject.toString(16).padStart(32, '0')
  return {
    ...reveal(n),
    subject: id,
    opening: { subject: id, tenure: 't1', from: 1, until: 2, fields: ['start'] },
  }
}

for (const fault of ['lost before it arrived', 'done, but the answer was lost'] as const)
  test(`many callers, and now and then a statement is ${fault}: every answer is true, and each entry there once`, async (t) => {
    const { database, parties, verifierKey } = await begin(t)
    const plans: Plan[] = []
    const sequencer = sequencerWith(parties, plans)
    const CALLERS = 48
    const EACH = 20
    const answers = new Map<number, string>()
    let n = 0
    const caller = async () => {
      for (let i = 0; i < EACH; i += 1) {
        n += 1
        if (n % 200 === 0) plans.push({ statement: 'ledger-write-batch', fault })
        const sealed = sealEntry(lookAt(n % 5, n), { ...parties, sealer: parties.keys.sealer })
        answers.set(await sequencer.submit(sealed), sealed.id)
      }
    }
    await Promise.all(Array.from({ length: CALLERS }, caller))
    await sequencer.close()
    assert.equal(plans.length, 0, 'every fault struck')
    const rows = await readEntries(database.pool, 0, CALLERS * EACH + 1)
    assert.equal(rows.length, CALLERS * EACH)
    for (const row of rows) assert.equal('id' in row && row.id, answers.get(row.index))
    const result = await verifyLedger({ pool: database.pool, verifierKey, sealer: parties.keys.sealer })
    assert.equal(result.ok, true, result.why)
    await requireWholeChains(database.pool)
  })

/** Writes an item into a table of the test, and fails for 0. */
const told: BesideWriter<{ says: number }> = {
  steps: (items) => [
    {
      statement: {
        name: 'test-told',
        text: `INSERT INTO public.told (entry, says)
               SELECT entry, 100 / says FROM unnest($1::text[], $2::int[]) AS t (entry, says)`,
      },
      values: [`{${items.map(({ entry }) => entry)}}`, `{${items.map(({ says }) => says)}}`],
    },
  ],
}

for (const fault of FAULTS)
  test(`what is written beside entries is there once and with them, though others append and a statement is ${fault}`, async (t) => {
    const { database, parties, verifierKey } = await begin(t)
    await database.pool.query('CREATE TABLE public.told (entry text, says int)')
    const plans: Plan[] = []
    const sequencer = sequencerWith(parties, plans)
    const second = openDatabase({ url: database.url })
    t.after(() => second.close())
    const other = await createLedger({ ...parties, pool: second.pool })
    const CALLERS = 24
    const EACH = 15
    const written: string[] = []
    const kept: string[] = []
    let n = 0
    const caller = async () => {
      for (let i = 0; i < EACH; i += 1) {
        n += 1
        const now = n
        if (now % 90 === 0) plans.push({ statement: 'ledger-write-batch', fault })
        const entry = sealEntry(lookAt(now % 5, now), { ...parties, sealer: parties.keys.sealer })
        if (now % 31 === 0) written.push(await other.record(reveal(now)))
        if (now % 47 === 0) await sequencer.drain()
        const beside = now % 2 === 0 ? { writer: told, item: { says: now } } : null
        await sequencer.submit(entry, beside)
        written.push(entry.id)
        if (beside !== null) kept.push(entry.id)
      }
    }
    await Promise.all(Array.from({ length: CALLERS }, caller))
    await sequencer.close()
    await other.close()
    assert.equal(plans.length, 0, 'every fault struck')
    const rows = await readEntries(database.pool, 0, 2 * CALLERS * EACH)
    assert.deepEqual(rows.map((row) => 'id' in row && row.id).sort(), written.sort())
    assert.deepEqual(await entriesTold(database.pool), kept.sort())
    const result = await verifyLedger({ pool: database.pool, verifierKey, sealer: parties.keys.sealer })
    assert.equal(result.ok, true, result.why)
    await requireWholeChains(database.pool)
  })

test('promise 2: what cannot be written beside its entry keeps that entry out of the ledger, and no other', async (t) => {
  const { database, parties, verifierKey } = await begin(t)
  await database.pool.query('CREATE TABLE public.told (entry text, says int)')
  const ledger = await createLedger(parties)
  t.after(() => ledger.close())
  const answers = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) =>
      i % 3 === 2 ? ledger.record(reveal(i)) : ledger.recordWith(reveal(i), told, { says: i % 5 }),
    ),
  )
  for (const [i, answer] of answers.entries()) {
    const isBad = i % 3 !== 2 && i % 5 === 0
    assert.equal(answer.status, isBad ? 'rejected' : 'fulfilled', `entry ${i}`)
    if (answer.status === 'rejected') assert.equal(answer.reason.code, 'ledger-unavailable')
  }
  const ids = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  const rows = await readEntries(database.pool, 0, 20)
  assert.deepEqual(rows.map((row) => 'id' in row && row.id).sort(), ids.sort())
  assert.equal((await entriesTold(database.pool)).length, 6)
  const result = await verifyLedger({ pool: database.pool, verifierKey, sealer: parties.keys.sealer })
  assert.equal(result.ok, true, result.why)
})

test('whoever waits for the intake does not fail with what another writes beside', async (t) => {
  const { database, parties } = await begin(t)
  await database.pool.query('CREATE TABLE public.told (entry text, says int)')
  const ledger = await createLedger(parties)
  t.after(() => ledger.close())
  const [bad, drained] = await Promise.allSettled([
    ledger.recordWith(reveal(0), told, { says: 0 }),
    ledger.sequence(),
  ])
  assert.deepEqual([bad.status, drained.status], ['rejected', 'fulfilled'])
  assert.equal((await ledger.head()).size, 0)
})

test('a row that somebody holds keeps the entry of it waiting, then out, and the others no longer than that', async (t) => {
  const { database, parties } = await begin(t)
  await database.pool.query("CREATE TABLE public.held (name text); INSERT INTO public.held VALUES ('this')")
  const ledger = await createLedger(parties)
  t.after(() => ledger.close())
  await ledger.record(reveal(0))
  const touch: BesideWriter<object> = {
    steps: () => [{ statement: { name: 'test-touch', text: "UPDATE public.held SET name = 'this'" } }],
  }
  const holder = await database.pool.connect()
  await holder.query("BEGIN; UPDATE public.held SET name = 'this'")
  const [held, free] = await Promise.allSettled([
    ledger.recordWith(reveal(1), touch, {}),
    ledger.record(reveal(2)),
  ])
  await holder.query('ROLLBACK')
  holder.release()
  assert.deepEqual([held.status, free.status], ['rejected', 'fulfilled'])
  await ledger.recordWith(reveal(3), touch, {})
  assert.equal((await ledger.head()).size, 3)
})

async function entriesTold(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ entry: string }>('SELECT entry FROM public.told ORDER BY entry')
  return rows.map(({ entry }) => entry)
}
