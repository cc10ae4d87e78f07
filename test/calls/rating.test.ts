import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { E164, OtherParty } from '../../src/calls/call-record.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../src/calls/numbers.ts'
import { rateMonths, type Usage } from '../../src/calls/rating.ts'
import { parseTariffs } from '../../src/calls/tariffs.ts'

const plan = createNumberPlan(readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url)), {
  ownPrefixes: ['979'],
  premiumPrefixes: ['9255'],
  servicePrefixes: [],
})
const place = { plan, offsetMinutes: 390 }
const MEBIBYTE = 1_048_576

/** A price list with every kind of price; numbers that can be worked out by hand. */
const LIST = {
  currency: 'MMK',
  versions: [
    {
      from: '2026-01-01',
      rules: [
        {
          id: 'roaming-made',
          kind: 'voice',
          roaming: true,
          price: { per: 'started-minute', milli: 400_000 },
        },
        { id: 'roaming-text', kind: 'sms', roaming: true, price: { per: 'text', milli: 150_000 } },
        {
          id: 'roaming-data',
          kind: 'data',
          roaming: true,
          price: { per: 'started-mebibyte', milli: 90_000 },
        },
        {
          id: 'premium-late',
          kind: 'voice',
          to: ['premium'],
          hours: [21, 24],
          price: { per: 'started-minute', milli: 200_000 },
        },
        { id: 'premium', kind: 'voice', to: ['premium'], price: { per: 'started-minute', milli: 250_000 } },
        { id: 'own-network', kind: 'voice', to: ['own-network'], price: { per: 'second', milli: 400 } },
        { id: 'other-mobile', kind: 'voice', to: ['other-mobile'], price: { per: 'minute', milli: 25_000 } },
        {
          id: 'landline',
          kind: 'voice',
          to: ['landline'],
          price: { per: 'second', milli: 500, first: 30, step: 6 },
        },
        {
          id: 'thailand',
          kind: 'voice',
          to: ['abroad'],
          countries: ['TH'],
          price: { per: 'started-minute', milli: 120_000 },
        },
        {
          id: 'satellite',
          kind: 'voice',
          prefixes: ['+870'],
          price: { per: 'started-minute', milli: 4_000_000 },
        },
        { id: 'abroad', kind: 'voice', to: ['abroad'], price: { per: 'started-minute', milli: 180_000 } },
        {
          id: 'text',
          kind: 'sms',
          to: ['own-network', 'other-mobile'],
          price: { per: 'text', milli: 15_000 },
        },
        { id: 'data', kind: 'data', price: { per: 'mebibyte', milli: 6_000 } },
      ],
      bundles: [
        { id: 'hundred-seconds', rules: ['own-network'], free: 100 },
        { id: 'two-texts', rules: ['text'], free: 2 },
        { id: 'ten-mebibytes', rules: ['data'], free: 10 * MEBIBYTE },
      ],
    },
    {
      from: '2026-10-01',
      rules: [
        {
          id: 'own-network',
          kind: 'voice',
          to: ['own-network'],
          price: { per: 'started-minute', milli: 20_000 },
        },
      ],
    },
  ],
}
const table = parseTariffs(JSON.stringify(LIST))
const without = parseTariffs(
  JSON.stringify({ ...LIST, versions: LIST.versions.map((v) => ({ ...v, bundles: [] })) }),
)

/** 2026-09-01 12:00 in Myanmar. */
const NOON = Date.UTC(2026, 8, 1, 5, 30) / 1000
const number = (e164: string): OtherParty => ({ kind: 'number', number: e164 as E164 })
const OWN = number('+959791000002')

function usage(more: Partial<Usage>): Usage {
  return {
    kind: 'voice',
    direction: 'out',
    answered: true,
    start: NOON,
    durationSeconds: 60,
    bytes: null,
    other: OWN,
    chargeMilli: null,
    tariff: null,
    ...more,
  }
}

/** Worked out by hand: what was used, the category, and thousandths of a kyat. */
const CASES: readonly (readonly [
  what: string,
  used: Partial<Usage>,
  tariff: string | null,
  milli: number | null,
])[] = [
  ['on-net, per second: 61 x 0.4', { durationSeconds: 61 }, 'own-network', 24_400],
  [
    'off-net, per minute by the second: 61/60 x 25',
    { other: number('+959250000001'), durationSeconds: 61 },
    'other-mobile',
    25_417,
  ],
  [
    'off-net, one second: 25/60 = 0.4166..',
    { other: number('+959250000001'), durationSeconds: 1 },
    'other-mobile',
    417,
  ],
  [
    'landline 30/6, 1 s counts 30: 15',
    { other: number('+951234567'), durationSeconds: 1 },
    'landline',
    15_000,
  ],
  [
    'landline 30/6, 31 s counts 36: 18',
    { other: number('+951234567'), durationSeconds: 31 },
    'landline',
    18_000,
  ],
  ['landline 30/6, 36 s counts 36', { other: number('+951234567'), durationSeconds: 36 }, 'landline', 18_000],
  ['abroad, a started minute', { other: number('+4512345678'), durationSeconds: 1 }, 'abroad', 180_000],
  ['abroad, exactly one minute', { other: number('+4512345678'), durationSeconds: 60 }, 'abroad', 180_000],
  ['abroad, one second more', { other: number('+4512345678'), durationSeconds: 61 }, 'abroad', 360_000],
  ['a country of its own', { other: number('+66812345678'), durationSeconds: 61 }, 'thailand', 240_000],
  ['a prefix of its own', { other: number('+870773111111'), durationSeconds: 61 }, 'satellite', 8_000_000],
  ['premium at noon', { other: number('+959255000001'), durationSeconds: 90 }, 'premium', 500_000],
  [
    'premium at nine in the evening',
    { other: number('+959255000001'), durationSeconds: 90, start: NOON + 9 * 3600 },
    'premium-late',
    400_000,
  ],
  [
    'premium a second before nine',
    { other: number('+959255000001'), durationSeconds: 90, start: NOON + 9 * 3600 - 1 },
    'premium',
    500_000,
  ],
  ['roaming, made', { tariff: 'roaming', durationSeconds: 61 }, 'roaming-made', 800_000],
  ['roaming, a text', { tariff: 'roaming', kind: 'sms', durationSeconds: null }, 'roaming-text', 150_000],
  [
    'roaming, data by started MiB',
    { tariff: 'roaming', kind: 'data', other: { kind: 'none' }, direction: 'session', bytes: MEBIBYTE + 1 },
    'roaming-data',
    180_000,
  ],
  ['a text', { kind: 'sms', durationSeconds: null }, 'text', 15_000],
  [
    'a text to a short code has no rule',
    { kind: 'sms', durationSeconds: null, other: { kind: 'short-code', code: '1331' } },
    null,
    null,
  ],
  [
    'data by the byte: 1.5 MiB x 6',
    { kind: 'data', direction: 'session', other: { kind: 'none' }, bytes: 1.5 * MEBIBYTE },
    'data',
    9_000,
  ],
  ['not answered', { answered: false, durationSeconds: 0 }, 'own-network', 0],
  ['received', { direction: 'in' }, null, null],
  [
    'a forwarded leg is the forwarder’s',
    { direction: 'forwarded', durationSeconds: 10 },
    'own-network',
    4_000,
  ],
  ['charged by its source', { chargeMilli: 5 }, null, null],
  [
    'from October another list: a started minute',
    { start: Date.UTC(2026, 8, 30, 17, 30) / 1000, durationSeconds: 1 },
    'own-network',
    20_000,
  ],
  [
    'a second before that, September’s',
    { start: Date.UTC(2026, 8, 30, 17, 29, 59) / 1000, durationSeconds: 1 },
    'own-network',
    400,
  ],
  ['before any list', { start: Date.UTC(2025, 5, 1) / 1000 }, null, null],
]
for (const [what, used, tariff, milli] of CASES) {
  test(`${what}: as worked out by hand`, () => {
    const [rated] = rateMonths([usage(used)], without, place)
    assert.deepEqual([rated?.tariff ?? null, rated?.chargeMilli ?? null], [tariff, milli])
  })
}

test('bundles are used in order of time, the last one in part, and begin anew each month', () => {
  const seconds = (durationSeconds: number, start: number) => usage({ durationSeconds, start })
  const used = [
    seconds(60, NOON),
    seconds(60, NOON + 60),
    seconds(10, NOON + 120),
    usage({ kind: 'sms', durationSeconds: null, start: NOON + 121 }),
    usage({ kind: 'sms', durationSeconds: null, start: NOON + 122 }),
    usage({ kind: 'sms', durationSeconds: null, start: NOON + 123 }),
    usage({
      kind: 'data',
      direction: 'session',
      other: { kind: 'none' },
      bytes: 8 * MEBIBYTE,
      start: NOON + 124,
    }),
    usage({
      kind: 'data',
      direction: 'session',
      other: { kind: 'none' },
      bytes: 8 * MEBIBYTE,
      start: NOON + 125,
    }),
  ]
  const charges = rateMonths(used, table, place).map((rated) => rated?.chargeMilli)
  // 100 s free: 60, then 40 of 60, so 20 x 0.4 and 10 x 0.4; two texts of three; 10 MiB of 16.
  assert.deepEqual(charges, [0, 8_000, 4_000, 0, 0, 15_000, 0, 36_000])
  const august = seconds(100, Date.UTC(2026, 7, 31, 17, 29) / 1000)
  assert.deepEqual(
    rateMonths([august, seconds(100, NOON)], table, place).map((rated) => rated?.chargeMilli),
    [0, 0],
  )
})

test('what a month costs is never more with bundles, and a record that arrives late changes no total but by its own use', () => {
  const any = fc.array(
    fc.record({
      durationSeconds: fc.integer({ min: 0, max: 5000 }),
      start: fc.integer({ min: NOON, max: NOON + 20 * 86_400 }),
      other: fc.constantFrom(OWN, number('+959250000001'), number('+66812345678')),
    }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(any, (list) => {
      const used = list.map((one) => usage(one)).sort((a, b) => a.start - b.start)
      const sum = (of: typeof table): number =>
        rateMonths(used, of, place).reduce((total, rated) => total + (rated?.chargeMilli ?? 0), 0)
      const free = Math.min(
        100,
        used.filter(({ other }) => other === OWN).reduce((s, u) => s + u.durationSeconds!, 0),
      )
      assert.equal(sum(without) - sum(table), free * 400)
    }),
  )
})

test('a list that cannot be meant is refused, and says where', () => {
  const wrong = (change: (version: (typeof LIST.versions)[0]) => unknown): string => {
    const text = JSON.stringify({ ...LIST, versions: [change(structuredClone(LIST.versions[0]!))] })
    try {
      parseTariffs(text, 'tariffs.json')
    } catch (error) {
      return (error as Error).message
    }
    return 'nothing'
  }
  const [rule] = LIST.versions[0]!.rules
  assert.match(
    wrong((v) => ({ ...v, rules: [{ ...rule, price: { per: 'text', milli: 1 } }] })),
    /prices voice per text/,
  )
  assert.match(
    wrong((v) => ({ ...v, bundles: [{ id: 'x', rules: ['nothing'], free: 1 }] })),
    /which there is not/,
  )
  assert.match(
    wrong((v) => ({ ...v, bundles: [{ id: 'x', rules: ['text', 'data'], free: 1 }] })),
    /mixes kinds/,
  )
  assert.match(
    wrong((v) => ({ ...v, rules: [{ ...rule, price: { per: 'second', milli: -1 } }] })),
    /tariffs.json line/,
  )
})
