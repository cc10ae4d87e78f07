import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createBlockMerger } from '../../src/calls/block-merger.ts'
import type { E164, OtherParty } from '../../src/calls/call-record.ts'
import { decodeRecords, encodeRecords } from '../../src/calls/codec.ts'
import { DIRECTIONS, KINDS, type StoredRecord } from '../../src/calls/record-columns.ts'
import { CodedError } from '../../src/platform/coded-error.ts'

const wellFormed = fc.string({ unit: 'grapheme', maxLength: 12 })
const whole = (max: number) =>
  fc.oneof(
    fc.nat({ max: 300 }),
    fc.maxSafeNat().map((n) => n % max),
  )
const party: fc.Arbitrary<OtherParty> = fc.oneof(
  fc
    .bigInt({ min: 1n, max: 999_999_999_999_999n })
    .map((n) => ({ kind: 'number' as const, number: `+${n}` as E164 })),
  wellFormed.map((code) => ({ kind: 'short-code' as const, code })),
  wellFormed.map((name) => ({ kind: 'name' as const, name })),
  fc.constant({ kind: 'withheld' as const }),
  fc.constant({ kind: 'none' as const }),
)
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const record: fc.Arbitrary<StoredRecord> = fc.record(
  {
    other: party,
    direction: fc.constantFrom(...DIRECTIONS),
    kind: fc.constantFrom(...KINDS),
    answered: fc.boolean(),
    start: whole(2 ** 40),
    durationSeconds: nullable(whole(2 ** 32)),
    bytes: nullable(whole(2 ** 52)),
    cell: nullable(wellFormed),
    chargeMilli: nullable(
      fc.oneof(
        whole(2 ** 52),
        whole(2 ** 51).map((n) => -n - 1),
      ),
    ),
    currency: nullable(fc.constantFrom('MMK', 'DKK')),
    tariff: nullable(wellFormed),
    referenceHash: nullable(whole(2 ** 32)),
    file: fc.nat({ max: 100_000 }),
    position: whole(2 ** 52),
  },
  { noNullPrototype: true },
)
const block = fc
  .array(record, { maxLength: 60 })
  .map((records) => records.toSorted((a, b) => a.start - b.start))

const orBroken = (bytes: Uint8Array): StoredRecord[] | null => {
  try {
    return decodeRecords(bytes)
  } catch (error) {
    assert.ok(error instanceof CodedError && error.code === 'block-broken', String(error))
    return null
  }
}

test('a block gives back the records that went in', () => {
  fc.assert(fc.property(block, (records) => assert.deepEqual(decodeRecords(encodeRecords(records)), records)))
})

test('a block of one record many times gives back all of them', () => {
  fc.assert(
    fc.property(record, fc.nat({ max: 200 }), (one, times) => {
      const records = new Array<StoredRecord>(times).fill(one)
      assert.deepEqual(decodeRecords(encodeRecords(records)), records)
    }),
  )
})

test('blocks merged are one block of all their records, in order of start, and of filing where that is the same', () => {
  const merger = createBlockMerger()
  const early = fc
    .array(
      record.map((one) => ({ ...one, start: one.start % 10 })),
      { maxLength: 20 },
    )
    .map((records) => records.toSorted((a, b) => a.start - b.start))
  fc.assert(
    fc.property(fc.array(fc.oneof(block, early), { minLength: 1, maxLength: 5 }), record, (blocks, last) => {
      const all = [...blocks, [last]]
      const collected = merger.collect()
      for (const records of all) {
        const rows = merger.read(encodeRecords(records))
        for (let at = 0; at < rows.count; at++) collected.add(rows, at)
      }
      const { plain, first, last: latest } = collected.encode()
      const merged = all.flat().toSorted((a, b) => a.start - b.start)
      assert.deepEqual(decodeRecords(plain), merged)
      assert.deepEqual([first, latest], [merged[0]!.start, merged.at(-1)!.start])
      assert.ok(plain.equals(encodeRecords(merged)))
    }),
  )
})

test('bytes that are no block give the code block-broken and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void orBroken(bytes)),
    { numRuns: 2000 },
  )
})

test('a block that is cut or goes on does not open, and a changed byte never crashes', () => {
  fc.assert(
    fc.property(block, fc.nat(), fc.integer({ min: 1, max: 255 }), (records, where, change) => {
      const bytes = encodeRecords(records)
      assert.equal(orBroken(bytes.subarray(0, where % bytes.length)), null)
      assert.equal(orBroken(Buffer.concat([bytes, Buffer.of(0)])), null)
      bytes[where % bytes.length]! ^= change
      orBroken(bytes)
    }),
  )
})

test('blocks of earlier versions still open', () => {
  const first = Buffer.from(
    '010580f7c4d506008827a01f010910044d4d4b076f6e2d6e65741500001b044d4d4b056461746102000001020304010b02bc908ec0f71b04064b425a5061790001030431333331010203040502013e00d904010602808080808020000002000003a8c3010500020001020181d0acf30e0000020305054d44592d310559474e2d39010002010002030204032209130e02',
    'hex',
  )
  const second = Buffer.from(
    '020580f7c4d5064d0004e21f4000100910044d4d4b076f6e2d6e65741500001b044d4d4b056461746102000000421b000b04bc908ec0f71b04064b425a5061790001030431333331004305380201067c03fe64086002808080808020003003a8c30100f99002011dfe7359400800000000000000000000040000001805054d44592d310559474e2d3901009a000243c842b045888001449e20',
    'hex',
  )
  const plain = {
    kind: 'voice',
    answered: true,
    bytes: null,
    currency: null,
    tariff: null,
    cell: null,
  } as const
  const charged = { currency: 'MMK', tariff: 'on-net' } as const
  const none = { durationSeconds: null, chargeMilli: null, referenceHash: null } as const
  const start = 1_790_000_000
  const wanted: StoredRecord[] = [
    {
      ...plain,
      ...charged,
      other: { kind: 'number', number: '+959791204412' as E164 },
      direction: 'out',
      start,
      durationSeconds: 61,
      cell: 'MDY-1',
      chargeMilli: 50_000,
      referenceHash: 4_000_000_000,
      file: 3,
      position: 17,
    },
    {
      ...plain,
      ...none,
      other: { kind: 'name', name: 'KBZPay' },
      kind: 'sms',
      direction: 'in',
      start,
      file: 3,
      position: 12,
    },
    {
      ...plain,
      other: { kind: 'none' },
      kind: 'data',
      direction: 'session',
      start: start + 5000,
      durationSeconds: 600,
      bytes: 2 ** 40,
      cell: 'YGN-9',
      chargeMilli: -25_000,
      currency: 'MMK',
      tariff: 'data',
      referenceHash: null,
      file: 4,
      position: 2,
    },
    {
      ...plain,
      ...none,
      other: { kind: 'withheld' },
      answered: false,
      direction: 'forwarded',
      start: start + 9000,
      durationSeconds: 0,
      cell: 'MDY-1',
      referenceHash: 1,
      file: 4,
      position: 9,
    },
    {
      ...plain,
      ...charged,
      other: { kind: 'short-code', code: '1331' },
      direction: 'out',
      start: start + 9001,
      durationSeconds: 5,
      chargeMilli: 0,
      referenceHash: 2,
      file: 4,
      position: 10,
    },
  ]
  assert.deepEqual(decodeRecords(first), wanted)
  assert.deepEqual(decodeRecords(second), wanted)
  assert.deepEqual(decodeRecords(encodeRecords(wanted)), wanted)
})

test('a few bytes cannot ask for much memory', () => {
  for (const version of [1, 2, 3]) {
    const hostile = Buffer.from([version, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0])
    assert.throws(() => decodeRecords(hostile), { code: 'block-broken' })
  }
})

test('an ordinary month takes less than eight bytes a record', () => {
  const records = Array.from({ length: 400 }, (_, i): StoredRecord => {
    const spread = (i * 7919) % 997
    return {
      other: { kind: 'number', number: `+95979${1_000_000 + (spread % 25)}` as E164 },
      direction: i % 2 === 0 ? 'out' : 'in',
      kind: 'voice',
      answered: true,
      start: 1_790_000_000 + i * 6500 + spread,
      durationSeconds: spread % 500,
      bytes: null,
      cell: `YGN-${spread % 6}`,
      chargeMilli: i % 2 === 0 ? (1 + Math.floor((spread % 500) / 60)) * 25_000 : null,
      currency: i % 2 === 0 ? 'MMK' : null,
      tariff: i % 2 === 0 ? 'on-net' : null,
      referenceHash: null,
      file: 1 + Math.floor(i / 13),
      position: 3 + i * 4800 + spread,
    }
  })
  const bytes = encodeRecords(records).length / records.length
  assert.ok(bytes < 8, `${bytes} bytes a record`)
})
