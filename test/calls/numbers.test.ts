import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { E164 } from '../../src/calls/call-record.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import {
  createNumberPlan,
  describeNumber,
  formatNumber,
  parseNumber,
  parseParty,
} from '../../src/calls/numbers.ts'

const plan = createNumberPlan(readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url)), {
  ownPrefixes: ['979'],
  premiumPrefixes: ['9255'],
  servicePrefixes: ['9790000'],
})

const READ: readonly (readonly [typed: string, number: string | null])[] = [
  ['09 791 204 412', '+959791204412'],
  ['09-791-204-412', '+959791204412'],
  ['၀၉ ၇၉၁ ၂၀၄ ၄၁၂', '+959791204412'],
  ['+95 9 791 204 412', '+959791204412'],
  ['0095 9791204412', '+959791204412'],
  ['959791204412', '+959791204412'],
  ['9791204412', '+959791204412'],
  // An eight-digit mobile of the incumbent that begins like the calling code.
  ['95012345', '+9595012345'],
  ['01 234 5678', '+9512345678'],
  ['067 421 234', '+9567421234'],
  ['0800 800 123', '+95800800123'],
  ['0066 81 234 5678', '+66812345678'],
  ['+44 20 7946 0958', '+442079460958'],
  // The shortest that can be dialled from abroad; what is shorter is a short code of that country.
  ['00683 4000', '+6834000'],
  ['009800000', null],
  // The prefix dialled at home, as people write it too, and twice.
  ['+61 (0)2 9374 4000', '+61293744000'],
  ['+610000000', null],
  ['1331', null],
  ['199', null],
  ['', null],
  ['Thiri', null],
  ['09 79 12', null],
  ['09 791 204 412 7', null],
  ['+0959791204412', null],
  ["09791204412'; drop", null],
  ['9'.repeat(80), null],
]
for (const [typed, number] of READ) {
  test(`"${typed.slice(0, 24)}" is read as ${number}`, () => {
    assert.equal(parseNumber(typed, plan), number)
  })
}

test('what is read is E.164, and reading it again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+ -၀၉'), maxLength: 20 }), (typed) => {
      const number = parseNumber(typed, plan)
      if (number === null) return
      assert.match(number, /^\+[1-9][0-9]{6,14}$/)
      assert.equal(parseNumber(number, plan), number)
      assert.equal(parseNumber(formatNumber(number), plan), number)
    }),
    { numRuns: 2000 },
  )
})

test('a number is described by the plan, the operator’s own ranges first', () => {
  const describe = (number: string) => describeNumber(number as E164, plan)
  assert.deepEqual(describe('+959791204412'), { type: 'own-network' })
  assert.deepEqual(describe('+959790000123'), { type: 'service' })
  assert.deepEqual(describe('+959255014182'), { type: 'premium' })
  assert.deepEqual(describe('+959961234567'), { type: 'other-mobile' })
  assert.deepEqual(describe('+9512345678'), { type: 'landline' })
  assert.deepEqual(describe('+95800800123'), { type: 'toll-free' })
  assert.deepEqual(describe('+66812345678'), { type: 'abroad', country: 'TH' })
  assert.deepEqual(describe('+999123456'), { type: 'abroad' })
})

test('a number is written as people at home write it, and with its country elsewhere', () => {
  assert.equal(formatNumber('+959791204412' as E164), '09 791 204 412')
  assert.equal(formatNumber('+66812345678' as E164), '+66 81 234 5678')
  assert.equal(formatNumber('+66812345678' as E164, '66'), '081 234 5678')
})

test('the other party of a call is a number, a short code, a name, or withheld', () => {
  assert.deepEqual(parseParty('09791204412', plan), { kind: 'number', number: '+959791204412' })
  assert.deepEqual(parseParty('1331', plan), { kind: 'short-code', code: '1331' })
  assert.deepEqual(parseParty('*124#', plan), { kind: 'short-code', code: '*124#' })
  assert.deepEqual(parseParty(' KBZPay ', plan), { kind: 'name', name: 'KBZPay' })
  assert.deepEqual(parseParty('ရေနံ', plan), { kind: 'name', name: 'ရေနံ' })
  assert.deepEqual(parseParty('', plan), { kind: 'withheld' })
  assert.deepEqual(parseParty('Anonymous', plan), { kind: 'withheld' })
  assert.equal(parseParty('123456789012345678', plan), null)
  assert.equal(parseParty('x\u0000y', plan), null)
})
