import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
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

test('a few bytes cannot ask for much memory', () => {
  const hostile = Buffer.from([1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0])
  assert.throws(() => decodeRecords(hostile), { code: 'block-broken' })
})

test('an ordinary month takes some ten bytes a record', () => {
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
  assert.ok(bytes < 10.6, `${bytes} bytes a record`)
})
