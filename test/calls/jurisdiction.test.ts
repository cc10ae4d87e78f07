import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseJurisdiction, readJurisdiction } from '../../src/calls/jurisdiction.ts'

const MM = new URL('../../jurisdictions/mm.json', import.meta.url)
const text = readFileSync(MM, 'utf8')

test('Myanmar is six and a half hours east, in kyat', () => {
  const { country, offsetMinutes, currency } = readJurisdiction(MM)
  assert.deepEqual([country, offsetMinutes, currency.code], ['MM', 390, 'MMK'])
})

const MISTAKES: readonly (readonly [what: string, from: string, to: string, says: RegExp])[] = [
  ['a wrong type', '"offsetMinutes": 390', '"offsetMinutes": "390"', /^mm\.json line 4, \/offsetMinutes: /],
  [
    'an unknown field',
    '"storeMonths": 24',
    '"storeMonths": 24, "store": 1',
    /^mm\.json line 14, \/retention\/store: is no field/,
  ],
  ['a broken comma', '"country": "MM",', '"country": "MM"', /^mm\.json line 3: is not valid JSON here/],
  ['a bad item', '"191", "192"', '"191", "19x"', /^mm\.json line 29, \/numberPlan\/emergencyCodes\/1: /],
]
for (const [what, from, to, says] of MISTAKES) {
  test(`${what} stops with its line`, () => {
    assert.ok(text.includes(from))
    assert.throws(() => parseJurisdiction(text.replace(from, to), 'mm.json'), {
      code: 'jurisdiction-invalid',
      message: says,
    })
  })
}

test('a file that is not there says so', () => {
  assert.throws(() => readJurisdiction('no-such.json'), { code: 'jurisdiction-unreadable' })
})
