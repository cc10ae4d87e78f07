import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import type { VerifyEd25519 } from '../../src/ledger/note.ts'
import type { CompletenessFault } from '../../src/ledger/subjects/completeness.ts'
import type { CompleteFault } from '../../src/my/script/check-complete.ts'
import type { SlotFault } from '../../src/my/script/check-slots.ts'
import { fetchAhead } from '../../src/my/script/fetch-ahead.ts'
import { checkSignatures } from '../../src/my/script/signatures.ts'
import { FAULT_WORDS } from '../../src/my/script/words.ts'

const FAULTS = {
  'epoch-not-last': true,
  'ledger-behind': true,
  'holder-after': true,
  'links-missing': true,
  'links-other': true,
  'body-withheld': true,
  'link-of-another': true,
  'look-hidden': true,
  'look-unlinked': true,
  'disclosure-differs': true,
  'count-fell': true,
  'holder-changed': true,
  'labels-changed': true,
  'slot-missing': true,
  'slot-of-another': true,
  'slot-twice': true,
  'slot-dates': true,
} satisfies Record<CompletenessFault | CompleteFault | SlotFault, true>

test('whatever fails in a list has words of its own, in both languages', () => {
  const words = Object.keys(FAULTS).map((code) => FAULT_WORDS[code])
  for (const one of words) {
    assert.match(one?.en ?? '', /^[A-Z].*\.$/)
    assert.match(one?.my ?? '', /^[\u1000-\u109f].*။$/)
  }
  assert.equal(new Set(words.map((one) => one?.en)).size, words.length)
})

test('what was asked ahead is asked once, and anew for the next; what fails, fails for whoever fetches it', async () => {
  const asked: string[] = []
  const { fetchBytes, ahead } = fetchAhead(async (path) => {
    asked.push(path)
    if (path === '/down') throw new Error('down')
    return Uint8Array.of(asked.length)
  })
  ahead('/a')
  ahead('/a')
  ahead('/down')
  assert.deepEqual(asked, ['/a', '/down'])
  assert.deepEqual([await fetchBytes('/a'), await fetchBytes('/a')], [Uint8Array.of(1), Uint8Array.of(3)])
  await assert.rejects(fetchBytes('/down'), { message: 'down' })
  assert.deepEqual(asked, ['/a', '/down', '/a'])
})

test('signatures are believed only until the browser has checked them: a forged one is named by the second run', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))
  const message = new TextEncoder().encode('a register')
  const good = new Uint8Array(sign(null, message, privateKey))
  const forged = good.map((byte, i) => (i === 40 ? byte ^ 1 : byte))
  const answers: boolean[] = []
  const checkOf = (signature: Uint8Array) => async (verify: VerifyEd25519) => {
    answers.push(verify(signature, message, key))
    return answers.at(-1)
  }
  assert.equal(await checkSignatures(checkOf(good)), true)
  assert.deepEqual(answers.splice(0), [true])
  assert.equal(await checkSignatures(checkOf(forged)), false)
  assert.deepEqual(answers, [true, false])
})
