import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { billOf, type LogRow, pageBounds } from '../../src/care/bill.ts'
import { headlineOf } from '../../src/care/headline.ts'
import {
  dayList,
  localStart,
  moneyText,
  monthBounds,
  monthsBack,
  myanmarDigits,
} from '../../src/care/period.ts'
import { decodeOrder, encodeOrder } from '../../src/care/row-order.ts'

const OFFSET = 390
const MONTH = '2026-08'
const { from, until } = monthBounds(MONTH, OFFSET)
const money = { en: 'Ks', my: 'ကျပ်' }

const row: fc.Arbitrary<LogRow> = fc.record({
  name: fc.integer({ min: 0, max: 2 ** 31 }).map((n) => n.toString(16).padStart(16, '0')),
  start: fc.integer({ min: from, max: until - 1 }),
  kind: fc.constantFrom('voice', 'sms', 'data'),
  direction: fc.constantFrom('out', 'in'),
  answered: fc.boolean(),
  chargeMilli: fc.option(fc.integer({ min: 0, max: 5_000_000 })),
  currency: fc.constant('MMK'),
  tariff: fc.option(fc.constantFrom('premium', 'own-network', 'data')),
  other: fc.record({
    type: fc.constantFrom('premium', 'own-network', 'abroad', 'data'),
    country: fc.constant(null),
    party: fc.option(fc.integer({ min: 0, max: 9 })),
  }),
})
const ask = { question: 'higher' as const, days: [], categories: [] }

test('a bill adds up: by day, by category and in all, and shows every row once', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 80 }), (rows) => {
      const bill = billOf(rows, MONTH, OFFSET, ask)
      const sum = (list: readonly { chargeMilli: number }[]) =>
        list.reduce((all, x) => all + x.chargeMilli, 0)
      assert.equal(sum(bill.days), bill.totalMilli)
      assert.equal(sum(bill.categories), bill.totalMilli)
      assert.deepEqual(new Set(bill.order), new Set(rows))
      assert.equal(bill.order.length, rows.length)
      assert.ok(bill.answering <= rows.length)
      for (const words of Object.values(headlineOf(bill, MONTH, money, {}))) assert.ok(words.length > 0)
    }),
  )
})

test('pages cover every row once, and never mix rows that answer with others', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(400), fc.integer({ min: 1, max: 50 }), (answering, rest, size) => {
      const total = answering + rest
      const pages = pageBounds(answering, total, 1, size)?.pages ?? 0
      let at = 0
      for (let page = 1; page <= pages; page++) {
        const bounds = pageBounds(answering, total, page, size)
        assert.ok(bounds !== null && bounds.from === at && bounds.until > at && bounds.until - at <= size)
        assert.ok(bounds.until <= answering || bounds.from >= answering)
        at = bounds.until
      }
      assert.equal(at, total)
      assert.equal(pageBounds(answering, total, pages + 1, size), null)
    }),
  )
})

test('what one number cost stands before everything else, in both languages', () => {
  const call = (day: number, party: number, milli: number): LogRow => ({
    name: '0',
    start: from + (day - 1) * 86_400 + 19 * 3_600,
    kind: 'voice',
    direction: 'out',
    answered: true,
    chargeMilli: milli,
    currency: 'MMK',
    tariff: null,
    other: { type: party === 0 ? 'premium' : 'own-network', country: null, party },
  })
  const rows = [
    call(14, 0, 6_200_000),
    call(15, 0, 6_200_000),
    ...[1, 2, 3, 4, 5].map((d) => call(d, d, 1_300_000)),
  ]
  const headline = headlineOf(billOf(rows, MONTH, OFFSET, ask), MONTH, money, {})
  assert.equal(
    headline.en,
    '12,400 of 18,900 Ks went to one premium number: 2 calls on the evenings of 14 and 15 August.',
  )
  assert.match(headline.my, /၁၈,၉၀၀ ကျပ်အနက် ၁၂,၄၀၀ ကျပ်/)
})

test('a month is local: its first second is 17:30 UTC of the day before', () => {
  assert.equal(new Date(from * 1000).toISOString(), '2026-07-31T17:30:00.000Z')
  assert.deepEqual(localStart(from, OFFSET), {
    day: '2026-08-01',
    minute: '00:00',
    second: '00:00:00',
    hour: 0,
  })
  assert.deepEqual(monthsBack(Date.UTC(2026, 0, 31, 17, 30), 3, OFFSET), ['2026-02', '2026-01', '2025-12'])
})

test('local time is the calendar’s, in every century and on both sides of 1970', () => {
  for (let start = -4_000_000_000; start < 8_000_000_000; start += 86_399 * 77) {
    const text = new Date((start + OFFSET * 60) * 1000).toISOString().slice(-24)
    assert.deepEqual(localStart(start, OFFSET), {
      day: text.slice(0, 10),
      minute: text.slice(11, 16),
      second: text.slice(11, 19),
      hour: Number(text.slice(11, 13)),
    })
  }
})

test('sums and days read as people write them', () => {
  assert.deepEqual([0, 180_000, 12_400_000, 1_500, -1_234_567_000].map(moneyText), [
    '0',
    '180',
    '12,400',
    '1.50',
    '-1,234,567',
  ])
  assert.equal(dayList(['2026-08-01', '2026-08-02', '2026-08-14']).en, '1, 2 and 14')
  assert.equal(myanmarDigits('2026'), '၂၀၂၆')
})

test('an order of rows comes back as it was', () => {
  const rows = [
    { name: '00ff00ff00ff00ff', party: 3, start: from },
    { name: 'ffffffffffffffff', party: null, start: until - 1 },
  ]
  assert.deepEqual(decodeOrder(encodeOrder(rows), 0, 2), rows)
  assert.deepEqual(decodeOrder(encodeOrder(rows), 1, 2), rows.slice(1))
})
