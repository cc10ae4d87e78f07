import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rereadRecord } from '../../src/calls/formats/reread.ts'
import { readSource } from '../../src/calls/formats/source.ts'
import { rateMonths } from '../../src/calls/rating.ts'
import { parseTariffs } from '../../src/calls/tariffs.ts'
import type { Field } from '../../src/ledger/receipt.ts'
import { listQuarantine, retryQuarantine } from '../../src/vault/quarantine.ts'
import { unregisteredTenure } from '../../src/vault/subject.ts'
import { createVault } from '../../src/vault/vault.ts'
import { optionsWith, THIRI, vector } from '../calls/open-formats.ts'
import { NOW, number, openTestVault, pressReceipt, SEPTEMBER } from './support/open-vault.ts'

const KHIN = '+959791000002'
const ABROAD = '+66812345678'
const IMSI = { '414050000000001': THIRI }
const parties = (v: Awaited<ReturnType<typeof openTestVault>>) => ({
  pool: v.database.pool,
  keys: v.keys,
  clock: { now: () => NOW },
  offsetMinutes: 390,
})
const served = (n: string): boolean => n.startsWith('+95979')

test('a switch’s own file: both legs filed once each, a long call one row, a hidden caller hidden', async (t) => {
  const v = await openTestVault(t)
  const path = v.file('MSC01_0001.ber', [])
  writeFileSync(path, vector('pycrate-32297-release16.dat'))
  const options = { read: readSource(optionsWith({ now: NOW })) }
  const first = await v.ingest([path], options)
  assert.deepEqual([first.read, first.filed, first.duplicate, first.quarantined], [20, 19, 0, 1])
  const hers = await v.log(THIRI)
  const rows = hers.map((row) => [row.direction, row.kind, row.durationSeconds, row.other?.kind])
  assert.deepEqual(
    rows.filter(([, kind, seconds]) => kind === 'voice' && seconds === 3725),
    [['out', 'voice', 3725, 'number']],
  )
  assert.ok(rows.some(([direction]) => direction === 'forwarded'))
  const khins = await v.log(KHIN)
  assert.deepEqual(
    khins.filter((row) => row.other?.kind === 'number').map((row) => [row.kind, row.direction]),
    [
      ['voice', 'in'],
      ['sms', 'in'],
    ],
  )
  // The one abroad is not served by us, so the caller’s leg is in that log too: without the number that hid itself.
  const abroad = await v.log(ABROAD)
  assert.deepEqual(
    abroad.map((row) => [row.durationSeconds, row.other?.kind]),
    [
      [482, 'withheld'],
      [3725, 'number'],
    ],
  )
  // The same records in another file, without the file header and compressed.
  const again = v.file('MSC01_again.gz', [])
  writeFileSync(again, vector('pycrate-32298.ber.gz'))
  const second = await v.ingest([again], options)
  // Two texts name no reference; nothing tells a second copy of them from another text.
  assert.deepEqual([second.filed, second.duplicate], [2, 17])
})

test('what could not be read is listed without what it says, and filed once it can be', async (t) => {
  const v = await openTestVault(t)
  const path = v.file('MSC01_0002.ber', [])
  writeFileSync(path, vector('pycrate-32298.ber'))
  await v.ingest([path], { read: readSource(optionsWith({ now: NOW })) })
  const { total, lines } = await listQuarantine(parties(v), 10)
  assert.equal(total, 1)
  const [line] = lines
  assert.deepEqual([line!.name, line!.format, line!.canRetry], ['MSC01_0002.ber', 'ts32298', true])
  assert.match(line!.reason, /by IMSI only/)
  assert.equal(JSON.stringify(lines).includes('41405'), false)
  const retry = (people: Record<string, string>) =>
    retryQuarantine(parties(v), {
      reread: rereadRecord(optionsWith({ now: NOW, people })),
      servedByUs: served,
    })
  const before = (await v.log(THIRI)).length
  assert.deepEqual(await retry({}), { tried: 1, filed: 0, duplicate: 0, left: 1, cannot: 0 })
  assert.deepEqual(await retry(IMSI), { tried: 1, filed: 1, duplicate: 0, left: 0, cannot: 0 })
  assert.deepEqual(await retry(IMSI), { tried: 0, filed: 0, duplicate: 0, left: 0, cannot: 0 })
  assert.equal((await v.log(THIRI)).length, before + 1)
})

test('a retry at the same time as another files the record once', async (t) => {
  const v = await openTestVault(t)
  const path = join(v.file('a', []))
  writeFileSync(path, vector('pycrate-32298.ber'))
  await v.ingest([path], { read: readSource(optionsWith({ now: NOW })) })
  const retries = await Promise.all(
    [1, 2, 3].map(() =>
      retryQuarantine(parties(v), {
        reread: rereadRecord(optionsWith({ now: NOW, people: IMSI })),
        servedByUs: served,
      }),
    ),
  )
  assert.equal(
    retries.reduce((sum, one) => sum + one.filed, 0),
    1,
  )
})

test('parts of a call come out of order and in other files, and are one row whose name stays', async (t) => {
  const v = await openTestVault(t)
  const part = (sequence: number, start: number, chargeMilli: number) => ({
    served: 'caller' as const,
    called: number(ABROAD),
    start: SEPTEMBER + start,
    durationSeconds: 1800,
    reference: 'cs/1/77',
    part: `${sequence}`,
    chargeMilli,
    currency: 'MMK',
  })
  await v.ingest([v.file('a', [part(1, 0, 100), part(3, 3600, 300)])])
  const [first] = await v.log(THIRI)
  assert.deepEqual(
    (await v.log(THIRI)).map((row) => row.durationSeconds),
    [1800, 1800],
  )
  await v.ingest([v.file('b', [part(2, 1800, 200), part(1, 0, 100)])])
  const rows = await v.log(THIRI)
  assert.deepEqual(
    rows.map((row) => [row.name, row.start, row.durationSeconds, row.chargeMilli]),
    [[first!.name, SEPTEMBER, 5400, 600]],
  )
  const [only] = await v.log(THIRI, { rows: [first!.name] })
  assert.equal(only!.durationSeconds, 5400)
  // A page of rows opens from its first row to its last; parts begin behind that.
  const page = await v.log(THIRI, { rows: [first!.name], from: SEPTEMBER, until: SEPTEMBER + 1 })
  assert.deepEqual(
    page.map((row) => [row.name, row.durationSeconds, row.chargeMilli]),
    [[first!.name, 5400, 600]],
  )
  // A later part is no row of its own where only it lies in the opening.
  assert.deepEqual(await v.log(THIRI, { from: SEPTEMBER + 1800, until: SEPTEMBER + 1801 }), [])
})

test('two calls to the same party are never one, however close', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([
    v.file('a', [
      { start: SEPTEMBER, durationSeconds: 60, reference: 'x' },
      { start: SEPTEMBER + 60, durationSeconds: 60, reference: 'y' },
      { start: SEPTEMBER + 120, durationSeconds: 60 },
      { start: SEPTEMBER + 180, durationSeconds: 60 },
    ]),
  ])
  assert.equal((await v.log(THIRI)).length, 4)
})

test('what a source does not charge is priced when it is looked at, by the whole month, and only where a charge is shown', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([
    v.file('a', [
      { start: SEPTEMBER + 60, durationSeconds: 60 },
      { start: SEPTEMBER + 86_400 * 9, durationSeconds: 60 },
      {
        start: SEPTEMBER + 86_400 * 9 + 100,
        durationSeconds: 60,
        chargeMilli: 7,
        currency: 'MMK',
        tariff: 'night',
      },
    ]),
  ])
  const table = parseTariffs(
    JSON.stringify({
      currency: 'MMK',
      versions: [
        {
          from: '2026-01-01',
          rules: [{ id: 'own-network', kind: 'voice', price: { per: 'second', milli: 10 } }],
          bundles: [{ id: 'ninety', rules: ['own-network'], free: 90 }],
        },
      ],
    }),
  )
  const { plan } = optionsWith()
  const vault = createVault({
    pool: v.database.pool,
    keys: v.keys,
    offsetMinutes: 390,
    rate: (records) =>
      rateMonths(records, table, { plan, offsetMinutes: 390 }).map(
        (rated) => rated && { ...rated, currency: 'MMK' },
      ),
  })
  const subject = v.subject(THIRI)
  const open = (from: number, fields: Field[]) =>
    vault.open(
      pressReceipt({
        subject,
        tenure: unregisteredTenure(subject),
        from,
        until: SEPTEMBER + 86_400 * 20,
        fields,
      }),
      {},
    )
  const charged = await open(SEPTEMBER + 86_400 * 9, ['start', 'charge', 'tariff'])
  assert.deepEqual(
    charged.map(({ chargeMilli, currency, tariff }) => [chargeMilli, currency, tariff]),
    [
      [300, 'MMK', 'own-network'],
      [7, 'MMK', 'night'],
    ],
  )
  const plain = await open(SEPTEMBER, ['start'])
  assert.deepEqual(
    plain.map((row) => row.chargeMilli),
    [undefined, undefined, undefined],
  )
  assert.deepEqual(
    (await v.log(KHIN)).map((row) => row.chargeMilli),
    [null, null, null],
  )
})
