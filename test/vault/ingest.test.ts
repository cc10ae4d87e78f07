import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readColumnMap } from '../../src/calls/formats/column-map.ts'
import { readDelimitedBatches } from '../../src/calls/formats/delimited.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../src/calls/numbers.ts'
import type { SourceRecord } from '../../src/calls/source-record.ts'
import type { IngestSummary } from '../../src/vault/ingest.ts'
import { lineOf, NOW, number, openTestVault, readJsonLines, SEPTEMBER } from './support/open-vault.ts'

const ROOT = join(import.meta.dirname, '../..')
const SHARED = process.env.COUNTERSIGN_SHARED ?? join(ROOT, '../shared')
const THIRI = '+959791000001'
const KHIN = '+959791000002'
const ABROAD = '+4512345678'
const DAY_MS = 86_400_000

const counts = ({ read, filed, duplicate, quarantined }: IngestSummary) => ({
  read,
  filed,
  duplicate,
  quarantined,
})

test('one record a call is filed in both logs, its charge in the caller’s only', async (t) => {
  const v = await openTestVault(t)
  const path = v.file('day', [
    { chargeMilli: 25_000, currency: 'MMK', tariff: 'on-net', callerCell: 'MDY-1', calledCell: 'YGN-2' },
  ])
  assert.deepEqual(counts(await v.ingest([path])), { read: 1, filed: 1, duplicate: 0, quarantined: 0 })
  const [out] = await v.log(THIRI)
  const [back] = await v.log(KHIN)
  const same = { start: SEPTEMBER + 3600, durationSeconds: 60, bytes: null, kind: 'voice', answered: true }
  assert.deepEqual(
    { ...out, name: '' },
    {
      ...same,
      name: '',
      direction: 'out',
      chargeMilli: 25_000,
      currency: 'MMK',
      tariff: 'on-net',
      cell: 'MDY-1',
      other: number(KHIN),
    },
  )
  assert.deepEqual(
    { ...back, name: '' },
    {
      ...same,
      name: '',
      direction: 'in',
      chargeMilli: null,
      currency: null,
      tariff: null,
      cell: 'YGN-2',
      other: number(THIRI),
    },
  )
})

test('a leg is filed in its own party’s log, and in the other’s only when that one is not ours', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([
    v.file('legs', [
      { served: 'caller', reference: 'a' },
      { served: 'called', reference: 'a', chargeMilli: 5_000, currency: 'MMK' },
      { served: 'caller', called: number(ABROAD), start: SEPTEMBER + 9 },
    ]),
  ])
  const hers = await v.log(THIRI)
  assert.deepEqual(
    hers.map((row) => row.direction),
    ['out', 'out'],
  )
  const khins = await v.log(KHIN)
  assert.deepEqual(
    khins.map((row) => [row.direction, row.chargeMilli]),
    [['in', 5_000]],
  )
  assert.equal((await v.log(ABROAD)).length, 1)
})

test('data, withheld callers, senders’ names and calls to oneself are one row each', async (t) => {
  const v = await openTestVault(t)
  const summary = await v.ingest([
    v.file('odd', [
      {
        kind: 'data',
        called: { kind: 'none' },
        bytes: 5_000_000_000,
        durationSeconds: null,
        start: SEPTEMBER,
      },
      { called: number(THIRI), start: SEPTEMBER + 1 },
      { caller: { kind: 'name', name: 'ဘဏ်' }, called: number(THIRI), kind: 'sms', start: SEPTEMBER + 2 },
      { caller: { kind: 'withheld' }, called: number(THIRI), start: SEPTEMBER + 3 },
      { caller: { kind: 'withheld' }, called: { kind: 'short-code', code: '1234' } },
    ]),
  ])
  assert.deepEqual(counts(summary), { read: 5, filed: 4, duplicate: 0, quarantined: 1 })
  assert.deepEqual(summary.files[0]!.faults, [
    { line: 5, reason: 'neither party is a number whose log it could be in' },
  ])
  const rows = await v.log(THIRI)
  assert.deepEqual(
    rows.map((row) => [row.direction, row.other?.kind]),
    [
      ['session', 'none'],
      ['out', 'number'],
      ['in', 'name'],
      ['in', 'withheld'],
    ],
  )
  assert.equal(rows[0]!.bytes, 5_000_000_000)
})

test('two equal lines are two records, and the same file again is none', async (t) => {
  const v = await openTestVault(t)
  const path = v.file('texts', [{ kind: 'sms' }, { kind: 'sms' }])
  assert.equal((await v.ingest([path])).filed, 2)
  const names = (await v.log(THIRI)).map((row) => row.name)
  assert.equal(new Set(names).size, 2)
  const again = await v.ingest([path, path])
  assert.deepEqual(counts(again), { read: 4, filed: 0, duplicate: 4, quarantined: 0 })
  assert.deepEqual(
    again.files.map((file) => file.known),
    [true, true],
  )
  assert.deepEqual(
    (await v.log(THIRI)).map((row) => row.name),
    names,
  )
})

test('the same file twice in one run is filed once', async (t) => {
  const v = await openTestVault(t)
  const path = v.file('a', [{}, { start: SEPTEMBER + 1 }])
  assert.deepEqual(counts(await v.ingest([path, path])), { read: 4, filed: 2, duplicate: 2, quarantined: 0 })
})

test('two runs of one file at the same time file it once', async (t) => {
  const v = await openTestVault(t)
  const lines = Array.from({ length: 300 }, (_, at) => ({ start: SEPTEMBER + at }))
  const path = v.file('a', lines)
  const runs = await Promise.all([1, 2, 3].map(() => v.ingest([path], { gatherCalls: 50 })))
  assert.equal(
    runs.reduce((sum, run) => sum + run.filed, 0),
    300,
  )
  for (const run of runs) assert.equal(run.read, run.filed + run.duplicate)
  assert.equal((await v.log(THIRI)).length, 300)
})

test('the same switch reference in another file is a duplicate', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([v.file('a', [{ reference: 'S1-77' }, { reference: 'S1-78' }])])
  const second = v.file('b', [{ reference: 'S1-78' }, { reference: 'S1-79' }, { reference: 'S1-79' }])
  assert.deepEqual(counts(await v.ingest([second])), { read: 3, filed: 1, duplicate: 2, quarantined: 0 })
  assert.equal((await v.log(THIRI)).length, 3)
})

test('after 45 days a reference is known by its hash, with start, parties and duration', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([v.file('a', [{ reference: 'S1-77' }])], { now: NOW - 60 * DAY_MS })
  const late = await v.ingest([v.file('b', [{ reference: 'S1-77' }, { reference: 'S1-78' }])])
  assert.deepEqual(counts(late), { read: 2, filed: 1, duplicate: 1, quarantined: 0 })
  const other = await v.ingest([v.file('c', [{ reference: 'S1-77', durationSeconds: 61 }])])
  assert.deepEqual(counts(other), { read: 1, filed: 1, duplicate: 0, quarantined: 0 })
  assert.equal((await v.log(KHIN)).length, 3)
})

test('a line that cannot be read waits, sealed, and is filed when a better map reads it', async (t) => {
  const v = await openTestVault(t)
  const path = v.file('a', [{}, 'no record at all', { start: SEPTEMBER + 1 }])
  const first = await v.ingest([path])
  assert.deepEqual(counts(first), { read: 3, filed: 2, duplicate: 0, quarantined: 1 })
  assert.deepEqual(first.files[0]!.faults, [{ line: 2, reason: 'the line is no record' }])
  const again = await v.ingest([path])
  assert.deepEqual(counts(again), { read: 3, filed: 0, duplicate: 2, quarantined: 1 })
  const { rows } = await v.database.pool.query<{ sealed: Buffer }>('SELECT sealed FROM vault.quarantine')
  assert.equal(rows.length, 1)
  assert.equal(rows[0]!.sealed.includes('no record'), false)
  let earlier: SourceRecord | undefined
  const better = await v.ingest([path], {
    read: async function* (bytes) {
      for await (const item of readJsonLines(bytes)) {
        if ('record' in item) earlier = item.record
        yield 'record' in item ? item : { position: item.position, record: earlier! }
      }
    },
  })
  assert.deepEqual(counts(better), { read: 3, filed: 1, duplicate: 2, quarantined: 0 })
  assert.equal((await v.ingest([path])).files[0]!.known, true)
  assert.equal((await v.log(THIRI)).length, 3)
})

test('a file that grows is read to its size at the beginning, and its rest the next time', async (t) => {
  const v = await openTestVault(t)
  const path = v.file('a', [{}, { start: SEPTEMBER + 1 }])
  v.append(path, '{"start": 1788220')
  const grown = await v.ingest([path], {
    read: async function* (bytes) {
      yield* readJsonLines(bytes)
      v.append(path, `00, "kind": "sms"}\n${lineOf({ start: SEPTEMBER + 3 })}`)
    },
  })
  assert.deepEqual(counts(grown), { read: 2, filed: 2, duplicate: 0, quarantined: 0 })
  assert.equal(grown.files[0]!.grew, true)
  const rest = await v.ingest([path])
  assert.deepEqual(counts(rest), { read: 4, filed: 2, duplicate: 2, quarantined: 0 })
  assert.equal(rest.files[0]!.grew, false)
  assert.equal((await v.log(THIRI)).length, 4)
})

test('after a crash half way reading goes on where the last commit stands', async (t) => {
  const v = await openTestVault(t)
  const lines = Array.from({ length: 100 }, (_, at) => ({
    start: SEPTEMBER + at,
    reference: at % 3 ? null : `r${at}`,
  }))
  const path = v.file('a', lines)
  for (const crashAt of [0, 1, 25, 26, 60]) {
    await assert.rejects(
      v.ingest([path], {
        gatherCalls: 10,
        read: async function* (bytes) {
          for await (const item of readJsonLines(bytes)) {
            if (item.position > crashAt) throw new Error('power cut')
            yield item
          }
        },
      }),
      /power cut/,
    )
    assert.ok((await v.log(THIRI)).length <= crashAt)
  }
  const summary = await v.ingest([path])
  assert.equal(summary.filed + summary.duplicate, 100)
  assert.ok(summary.duplicate >= 50, `${summary.duplicate} were on record`)
  const starts = (await v.log(THIRI)).map((row) => row.start)
  assert.deepEqual(
    starts,
    lines.map((line) => line.start),
  )
})

test('a file that is rewritten while it is read is refused', async (t) => {
  const v = await openTestVault(t)
  const path = v.file('a', [{}, { start: SEPTEMBER + 1 }])
  const digest = v.ingest([path], {
    read: async function* (bytes) {
      writeFileSync(path, lineOf({}) + lineOf({ start: SEPTEMBER + 2 }))
      yield* readJsonLines(bytes)
    },
  })
  await assert.rejects(digest, { code: 'file-changed' })
  await assert.rejects(v.ingest([join(path, 'not')]), { code: 'file-unreadable' })
  assert.equal((await v.log(THIRI)).length, 0)
})

test('files before one that cannot be read are filed', async (t) => {
  const v = await openTestVault(t)
  const good = v.file('good', [{}])
  const bad = v.file('bad', [{ start: SEPTEMBER + 5 }])
  let files = 0
  const read = async function* (bytes: Parameters<typeof readJsonLines>[0]) {
    if (++files === 2) throw new Error('no such column')
    yield* readJsonLines(bytes)
  }
  await assert.rejects(v.ingest([good, bad], { read }), /no such column/)
  assert.equal((await v.log(THIRI)).length, 1)
})

test('calls of a month whose retention has ended go to quarantine', async (t) => {
  const v = await openTestVault(t)
  await v.ingest([v.file('a', [{}])])
  await v.keys.destroyMonthKey('2026-09')
  assert.deepEqual(await v.log(THIRI), [])
  const summary = await v.ingest([
    v.file('b', [{ start: SEPTEMBER + 40 * 86_400 }, { start: SEPTEMBER + 7 * 86_400 }]),
  ])
  assert.deepEqual(counts(summary), { read: 2, filed: 1, duplicate: 0, quarantined: 1 })
  assert.deepEqual(summary.files[0]!.faults, [{ line: 2, reason: 'retention of its month has ended' }])
  assert.equal((await v.log(THIRI)).length, 1)
})

test('calls.csv of real people and the calls of a challenge reconcile to the line', async (t) => {
  const v = await openTestVault(t)
  const plan = createNumberPlan(readJurisdiction(join(ROOT, 'jurisdictions/mm.json')), {
    ownPrefixes: ['979'],
    premiumPrefixes: [],
    servicePrefixes: [],
  })
  const sources = [
    { map: 'vast2008-mc3', file: 'data/vast2008-mc3/cdr.wehd.csv', read: 9834, quarantined: 4 },
    { map: 'copenhagen-calls', file: 'data/copenhagen-networks/calls.csv', read: 3600, quarantined: 0 },
  ]
  for (const { map, file, read, quarantined } of sources) {
    const path = join(SHARED, file)
    assert.ok(existsSync(path), `set COUNTERSIGN_SHARED to the shared data (${file} is missing)`)
    const options = {
      read: readDelimitedBatches(readColumnMap(join(ROOT, `maps/${map}.json`)), { plan, now: NOW }),
    }
    const first = await v.ingest([path], options)
    assert.deepEqual(counts(first), { read, filed: read - quarantined, duplicate: 0, quarantined })
    assert.equal(first.files[0]!.faults.length, quarantined)
    const second = await v.ingest([path], options)
    assert.deepEqual(counts(second), { read, filed: 0, duplicate: read - quarantined, quarantined })
  }
})
