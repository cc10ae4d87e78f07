import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseJurisdiction, readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { parseLawfulFrame } from '../../src/calls/lawful-frame.ts'

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
/** What only a reader of the law would notice: each is named with its line too. */
const LAWYERS: readonly (readonly [what: string, from: string, to: string, says: RegExp])[] = [
  [
    'a category twice',
    '"id": "drugs"',
    '"id": "homicide"',
    /\/lawful\/categories\/\d: homicide stands there twice$/,
  ],
  [
    'an authority twice',
    '"id": "drug-enforcement"',
    '"id": "cid-yangon"',
    /\/lawful\/authorities\/\d: cid-yangon stands there twice$/,
  ],
  [
    'a day that no calendar has',
    '"validFrom": "2013-10-08"',
    '"validFrom": "2013-02-30"',
    /\/lawful\/bases\/\d\/validFrom: is no day of the calendar$/,
  ],
  [
    'a law suspended before it began',
    '"suspendedFrom": "2021-02-13"',
    '"suspendedFrom": "2011-02-13"',
    /\/lawful\/bases\/\d\/suspendedFrom: is before validFrom$/,
  ],
  [
    'a ground that the rules need',
    '"id": "clarification-timeout"',
    '"id": "no-answer"',
    /\/lawful\/grounds: clarification-timeout is missing/,
  ],
  [
    'an emergency longer than the routine',
    '"emergencyHours": 8',
    '"emergencyHours": 800',
    /\/lawful\/deadlines\/emergencyHours: is longer than routineHours$/,
  ],
  [
    'a frame that is not there',
    '"eu-e-evidence"',
    '"us-cfr"',
    /\/lawful\/alsoTakes\/0: there is no us-cfr\.json$/,
  ],
]
for (const [what, from, to, says] of LAWYERS) {
  test(`${what} stops with its line, though the schema is content`, () => {
    assert.ok(text.includes(from), from)
    const wrong = text.replace(from, to)
    assert.throws(
      () => parseJurisdiction(wrong, 'mm.json'),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'jurisdiction-invalid')
        assert.match(error.message, says)
        const line = Number(/^mm\.json line (\d+), /.exec(error.message)?.[1])
        // The line itself, or the brace that opens what is wrong as a whole.
        const near = wrong.split('\n').slice(line - 1, line + 1)
        assert.ok(
          near.some((found) => found.includes(to)) || what.includes('ground'),
          `line ${line}: ${near[0]}`,
        )
        return true
      },
    )
  })
}

test('a mistake in a further frame stops with its own file and line', () => {
  const other = readFileSync(new URL('../../jurisdictions/eu-e-evidence.json', import.meta.url), 'utf8')
  assert.equal(parseLawfulFrame(other, 'eu.json').countryCode, 'EU')
  assert.throws(() => parseLawfulFrame(other.replace('"ne-bis-in-idem"', '"no-such grounds"'), 'eu.json'), {
    code: 'jurisdiction-invalid',
    message: /^eu\.json line \d+, \/lawful\/grounds\/\d+\/id: /,
  })
})

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
