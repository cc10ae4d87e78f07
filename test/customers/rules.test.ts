import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawCode, latinDigits } from '../../src/customers/codes.ts'
import {
  blockOfSecret,
  blockOfSending,
  blockOfState,
  countWrong,
  isLocked,
  limits,
  type Tries,
  weaknessOf,
} from '../../src/customers/rules.ts'
import type { Subscriber } from '../../src/customers/subscriber.ts'

const NOW = Date.UTC(2026, 8, 12, 4, 12)
const DAY = 24 * 3_600_000
const subscriber = {
  simChangedAt: null,
  forwarded: false,
  recycledAt: null,
  secondNumber: null,
  protection: { shopOnly: false, safeMode: 'off' },
} as unknown as Subscriber

test('a code, a call and a call back prove nothing in the 7 days after a change of SIM', () => {
  const fresh = { ...subscriber, simChangedAt: NOW - 7 * DAY + 1 }
  for (const factor of ['sms-code', 'network-call', 'call-back'] as const) {
    assert.equal(blockOfState(fresh, factor, NOW)?.code, 'sim-changed-lately', factor)
    assert.equal(blockOfState({ ...fresh, simChangedAt: NOW - 7 * DAY }, factor, NOW), null, factor)
  }
  assert.equal(blockOfState(fresh, 'photo-id', NOW), null)
  assert.equal(blockOfState(fresh, 'pin', NOW), null)
})

test('a call back may go to a second number that is 30 days old', () => {
  const fresh = { ...subscriber, simChangedAt: NOW, secondNumber: { since: NOW - 30 * DAY } }
  assert.equal(blockOfState(fresh, 'call-back', NOW), null)
  const young = { ...fresh, secondNumber: { since: NOW - 30 * DAY + 1 } }
  assert.equal(blockOfState(young, 'call-back', NOW)?.code, 'sim-changed-lately')
})

test('a forwarded number gets no code, and only photo ID passes "only in a shop"', () => {
  assert.equal(blockOfState({ ...subscriber, forwarded: true }, 'sms-code', NOW)?.code, 'number-forwarded')
  const shop = { ...subscriber, protection: { shopOnly: true, safeMode: 'off' as const } }
  for (const factor of ['sms-code', 'pin', 'passphrase', 'call-back', 'network-call'] as const) {
    assert.equal(blockOfState(shop, factor, NOW)?.code, 'shop-only')
  }
  assert.equal(blockOfState(shop, 'photo-id', NOW), null)
})

test('a number that was another person’s 90 days ago or less is not proof by itself', () => {
  const recycled = { ...subscriber, recycledAt: NOW - 90 * DAY + 1 }
  assert.equal(blockOfState(recycled, 'sms-code', NOW)?.code, 'number-recycled-lately')
  assert.equal(blockOfState({ ...recycled, recycledAt: NOW - 90 * DAY }, 'sms-code', NOW), null)
})

test('a PIN opens nothing in its first 24 hours, while locked, and after ten wrong tries', () => {
  const secret = { kind: 'pin' as const, setAt: NOW - DAY, needsShopReset: false }
  assert.equal(blockOfSecret(secret, null, NOW), null)
  assert.equal(blockOfSecret({ ...secret, setAt: NOW - DAY + 1 }, null, NOW)?.code, 'pin-too-new')
  assert.equal(blockOfSecret(secret, { wrong: 0, lockedUntil: NOW + 1 }, NOW)?.code, 'pin-locked')
  assert.equal(blockOfSecret(secret, { wrong: 0, lockedUntil: NOW }, NOW), null)
  assert.equal(blockOfSecret({ ...secret, needsShopReset: true }, null, NOW)?.code, 'pin-needs-shop')
  assert.equal(blockOfSecret(null, null, NOW)?.code, 'pin-absent')
})

test('at most three codes, a minute apart', () => {
  assert.equal(blockOfSending([], NOW), null)
  assert.equal(blockOfSending([NOW - 59_999], NOW)?.code, 'code-sent-just-now')
  assert.equal(blockOfSending([NOW - 60_000], NOW), null)
  assert.equal(blockOfSending([1, 2, 3], NOW)?.code, 'code-sent-too-often')
})

test('every third wrong try locks for 30 minutes, whatever the pace', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3_600_000 }), { maxLength: 60 }), (gaps) => {
      let now = NOW
      let tries: Tries | null = null
      let triesSinceLock = 0
      for (const gap of gaps) {
        now += gap
        if (isLocked(tries, now)) continue
        tries = countWrong(tries, limits.codeWrong, now)
        triesSinceLock += 1
        assert.ok(triesSinceLock <= 3)
        if (tries.lockedUntil !== null) {
          assert.equal(tries.lockedUntil - now, 30 * 60_000)
          assert.equal(triesSinceLock, 3)
          triesSinceLock = 0
        }
      }
    }),
  )
})

test('PINs that are tried first are refused', () => {
  const own = { digits: '959791204412', names: ['Khin Mar Lwin'] }
  for (const pin of [
    '123456',
    '654321',
    '111111',
    '121212',
    '123123',
    '204412',
    '141089',
    '890101',
    '12345',
    '112233',
    'abcdef',
  ]) {
    assert.equal(weaknessOf('pin', pin, own)?.code, 'pin-weak', pin)
  }
  for (const pin of ['839174', '90817263', '407395']) assert.equal(weaknessOf('pin', pin, own), null, pin)
  for (const phrase of [
    'short',
    'aaaaaaaaaaaaaaaa',
    'password password',
    'Khin Mar Lwin 1234',
    'call 1204412 now',
  ]) {
    assert.equal(weaknessOf('passphrase', phrase, own)?.code, 'pin-weak', phrase)
  }
  assert.equal(weaknessOf('passphrase', 'ပန်းပွင့်တွေ လမ်းဘေးမှာ', own), null)
})

test('codes are six digits, drawn evenly, and read in any script', () => {
  assert.equal(
    drawCode(() => Buffer.from([0, 0, 0, 7])),
    '000007',
  )
  const draws = [Buffer.from([255, 255, 255, 255]), Buffer.from([0, 15, 66, 64])]
  assert.equal(
    drawCode(() => draws.shift() ?? Buffer.alloc(4)),
    '000000',
  )
  assert.equal(latinDigits('၄၈၂ ၉-၁၃'), '482913')
})
