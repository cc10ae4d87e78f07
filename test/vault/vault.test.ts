import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { SourceRecord } from '../../src/calls/source-record.ts'
import { createVault } from '../../src/vault/vault.ts'
import { number, openTestVault, SEPTEMBER, type TestVault } from './support/open-vault.ts'

const THIRI = '+959791000001'
const KHIN = '+959791000002'
const DAY = 86_400
/** Midnight of 1 October in Myanmar. */
const OCTOBER = SEPTEMBER + 30 * DAY - 390 * 60

const sms = (start: number, called = KHIN): Partial<SourceRecord> => ({
  kind: 'sms',
  start,
  called: number(called),
})

async function blocks(
  v: TestVault,
  phone: string,
): Promise<{ month: number; first_day: number; last_day: number }[]> {
  const { rows } = await v.database.pool.query(
    'SELECT month, first_day, last_day FROM vault.block WHERE subject = $1 ORDER BY sequence',
    [Buffer.from(v.subject(phone), 'hex')],
  )
  return rows
}

test('an opening gives only the rows of its period and the fields it names', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([v.file('a', [sms(SEPTEMBER), sms(SEPTEMBER + 10), sms(SEPTEMBER + 20)])])
  const rows = await v.log(THIRI, { from: SEPTEMBER + 10, until: SEPTEMBER + 20, fields: ['start', 'kind'] })
  assert.deepEqual(
    rows.map(({ name: _, ...row }) => row),
    [{ start: SEPTEMBER + 10, kind: 'sms' }],
  )
  const named = await v.log(THIRI, { rows: [rows[0]!.name], fields: ['otherFull'] })
  assert.deepEqual(named, [{ name: rows[0]!.name, other: number(KHIN) }])
})

test('a lens sees other parties only when the opening names them', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([v.file('a', [sms(SEPTEMBER)])])
  assert.equal('other' in (await v.log(THIRI, { fields: ['start', 'charge'] }))[0]!, false)
  assert.deepEqual((await v.log(THIRI, { fields: ['otherMatched'] }))[0]!.other, number(KHIN))
})

test('a month of blocks is the operator’s own month', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([v.file('a', [sms(OCTOBER - 1), sms(OCTOBER)])])
  assert.deepEqual(
    (await blocks(v, THIRI)).map((block) => block.month),
    [202609, 202610],
  )
})

test('names outlive a merge, a late arrival and equal records in another file', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([v.file('a', [sms(SEPTEMBER + 50), sms(SEPTEMBER + 50), sms(SEPTEMBER + 90)])])
  const first = (await v.log(THIRI)).map((row) => row.name)
  await v.ingest([v.file('b', [sms(SEPTEMBER + 50), sms(SEPTEMBER + 10)])])
  const late = (await v.log(THIRI)).map((row) => row.name)
  assert.equal(new Set(late).size, 5)
  assert.deepEqual(
    first.filter((name) => !late.includes(name)),
    [],
  )
  assert.deepEqual(await v.vault.merge({ subjects: 10 }), { before: 4, after: 2 })
  assert.deepEqual(
    (await v.log(THIRI)).map((row) => row.name),
    late,
  )
  assert.equal((await blocks(v, THIRI)).length, 1)
  await v.ingest([v.file('c', [sms(SEPTEMBER + 50), sms(SEPTEMBER + 51)])])
  const last = (await v.log(THIRI)).map((row) => row.name)
  assert.deepEqual(
    late.filter((name) => !last.includes(name)),
    [],
  )
  assert.equal(new Set(last).size, 7)
  assert.deepEqual(await v.vault.merge({ subjects: 10 }), { before: 4, after: 2 })
  assert.deepEqual(await v.vault.merge({ subjects: 10 }), { before: 0, after: 0 })
  assert.deepEqual(
    (await v.log(THIRI)).map((row) => row.name),
    last,
  )
})

test('who holds a recycled number sees her own tenure only', async (t) => {
  const v = await openTestVault(t)
  const subject = v.subject(THIRI)
  const inTrx = (tenure: string, from: number, until: number | null) =>
    v.database.db.transaction().execute((trx) => v.vault.setTenure(trx, { subject, tenure, from, until }))
  await v.ingest([v.file('a', [sms(SEPTEMBER), sms(SEPTEMBER + DAY), sms(SEPTEMBER + 2 * DAY)])])
  assert.deepEqual(await v.log(THIRI, { tenure: 'first' }), [])
  await inTrx('first', SEPTEMBER, SEPTEMBER + DAY)
  await inTrx('second', SEPTEMBER + 2 * DAY, null)
  await v.ingest([v.file('b', [sms(SEPTEMBER + 60), sms(SEPTEMBER + DAY + 60), sms(SEPTEMBER + 3 * DAY)])])
  const starts = async (tenure?: string) =>
    (await v.log(THIRI, tenure === undefined ? {} : { tenure })).map((row) => (row.start! - SEPTEMBER) / 60)
  assert.deepEqual(await starts('first'), [0, 1])
  assert.deepEqual(await starts('second'), [2880, 4320])
  assert.deepEqual(await starts(), [1440, 1441])
  await assert.rejects(inTrx('third', SEPTEMBER + DAY, SEPTEMBER + 3 * DAY), { code: 'tenure-overlaps' })
  await inTrx('first', SEPTEMBER, SEPTEMBER + 2 * DAY)
  assert.deepEqual(await starts('first'), [0, 1, 1440, 1441])
  assert.deepEqual(await starts(), [])
  await inTrx('first', SEPTEMBER, SEPTEMBER + 30)
  assert.deepEqual(await starts('first'), [0])
  assert.deepEqual(await starts(), [1, 1440, 1441])
})

test('erasing a tenure ends her log and leaves everybody else’s', async (t) => {
  const v = await openTestVault(t)
  const subject = v.subject(THIRI)
  await v.ingest([v.file('a', [sms(SEPTEMBER)])])
  await v.database.db
    .transaction()
    .execute((trx) => v.vault.setTenure(trx, { subject, tenure: 'hers', from: SEPTEMBER - DAY, until: null }))
  assert.equal((await v.log(THIRI, { tenure: 'hers' })).length, 1)
  await v.keys.destroyTweak('hers')
  assert.deepEqual(await v.log(THIRI, { tenure: 'hers' }), [])
  await v.ingest([v.file('b', [sms(SEPTEMBER + 5)])])
  assert.deepEqual(await v.log(THIRI, { tenure: 'hers' }), [])
  assert.equal((await v.log(KHIN)).length, 2)
})

test('a vault that counted months in one zone refuses another', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([v.file('a', [sms(SEPTEMBER)])])
  const moved = createVault({ pool: v.database.pool, keys: v.keys, offsetMinutes: 0 })
  await assert.rejects(
    v.database.db
      .transaction()
      .execute((trx) =>
        moved.setTenure(trx, { subject: v.subject(THIRI), tenure: 'hers', from: 0, until: null }),
      ),
    { code: 'offset-changed' },
  )
})

test('whatever is filed in whatever order, merged and filed again, a log is what a plain list would be', async (t) => {
  const phones = [THIRI, KHIN, '+959791000003', '+4512345678']
  const call = fc.record({
    caller: fc.constantFrom(...phones).map(number),
    called: fc.constantFrom(...phones).map(number),
    start: fc.integer({ min: 0, max: 3 }).map((n) => OCTOBER - 2 + n),
    served: fc.constantFrom('both' as const, 'caller' as const, 'called' as const),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(call, { maxLength: 8 }), { maxLength: 4 }),
      fc.nat(3),
      async (files, mergeAt) => {
        const v = await openTestVault(t)
        for (const [at, lines] of files.entries()) {
          await v.ingest([v.file(`${at}-${Math.abs(at - mergeAt)}`, [`file ${at}`, ...lines])], {
            gatherCalls: 3,
          })
          if (at === mergeAt) await v.vault.merge({ subjects: 100 })
        }
        for (const phone of phones) {
          const rows = await v.log(phone)
          assert.deepEqual(rows.map(plain).sort(), plainLog(files.flat(), phone).sort())
          assert.equal(new Set(rows.map((row) => row.name)).size, rows.length)
        }
      },
    ),
    { numRuns: 12 },
  )

  function plain(row: { start?: number; direction?: string; other?: unknown }): string {
    return `${row.start} ${row.direction} ${JSON.stringify(row.other)}`
  }

  /** The rule of filing once more, slow and obvious. */
  function plainLog(
    calls: readonly Pick<SourceRecord, 'caller' | 'called' | 'start' | 'served'>[],
    phone: string,
  ) {
    const isOurs = phone.startsWith('+95979')
    return calls.flatMap(({ caller, called, start, served }) => {
      const own = (party: SourceRecord['caller']) => party.kind === 'number' && party.number === phone
      const out = own(caller) && (served !== 'called' || !isOurs)
      const back = own(called) && (served !== 'caller' || !isOurs) && !(own(caller) && out)
      return [
        ...(out ? [plain({ start, direction: 'out', other: called })] : []),
        ...(back ? [plain({ start, direction: 'in', other: caller })] : []),
      ]
    })
  }
})
