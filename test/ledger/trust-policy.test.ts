import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  cosign,
  encodeWitnessKey,
  parseWitnessKey,
  verifyCosignatures,
} from '../../src/ledger/cosignature.ts'
import { parseVerifierKey } from '../../src/ledger/note.ts'
import {
  encodePolicy,
  isWitnessed,
  parsePolicy,
  readWitnessed,
  verifyWitnessed,
} from '../../src/ledger/trust-policy.ts'
import { entriesOf, type LogKey, MemoryLog, makeLogKey } from './memory-log.ts'

const LOG = makeLogKey()
const W = ['one', 'two', 'three', 'four'].map((name) => makeLogKey(`${name}.example`))
const key = (witness: LogKey) => encodeWitnessKey(witness.name, witness.publicKey)
const lines = W.map((witness, n) => `witness w${n} ${key(witness)}`).join('\n')
const HEAD = `log ${LOG.verifierKey}\n${lines}\n`

test('groups of groups, any, all and counts mean what they say', () => {
  const { quorum, witnesses } = parsePolicy(
    `# a comment\n\n\t ${HEAD}group a any w0 w1\ngroup b 2 w2 w3\n  group both all a b  \nquorum both\n`,
  )
  const signed = (...by: number[]) =>
    isWitnessed(
      quorum,
      by.map((n) => witnesses[n]!.key),
    )
  assert.deepEqual([signed(0, 2, 3), signed(1, 2, 3)], [true, true])
  assert.deepEqual([signed(0, 1, 2), signed(2, 3), signed(0, 1), signed()], [false, false, false, false])
  assert.equal(isWitnessed(parsePolicy('quorum none\n').quorum, []), true)
  assert.equal(isWitnessed(parsePolicy(`${HEAD}quorum w1\n`).quorum, [parseWitnessKey(key(W[1]!))]), true)
})

const MALFORMED: Readonly<Record<string, string>> = {
  'no quorum': HEAD,
  'two quorums': `${HEAD}quorum none\nquorum none\n`,
  'no newline at the end': `${HEAD}quorum w0`,
  CRLF: `${HEAD}quorum w0\r\n`,
  'a # within a line': `${HEAD}quorum w0 # all we need\n`,
  'a name that is used above its line': `group g any w0\n${HEAD}quorum g\n`,
  'a name that nobody defines': `${HEAD}quorum w9\n`,
  'a name twice': `${HEAD}group w0 any w1\nquorum w0\n`,
  'the name none': `${HEAD}group none any w1\nquorum w1\n`,
  'none as a member': `${HEAD}group g any none\nquorum g\n`,
  'a member of two groups': `${HEAD}group a any w0\ngroup b any w0\nquorum a\n`,
  'a member twice': `${HEAD}group a 2 w0 w0\nquorum a\n`,
  'a count of 0': `${HEAD}group a 0 w0\nquorum a\n`,
  'a count above the members': `${HEAD}group a 2 w0\nquorum a\n`,
  'a count with a zero before': `${HEAD}group a 01 w0\nquorum a\n`,
  'a group of nobody': `${HEAD}group a any\nquorum a\n`,
  'an unknown word': `${HEAD}monitor x\nquorum w0\n`,
  'a key twice': `${HEAD}witness again ${encodeWitnessKey('other.name', W[0]!.publicKey)}\nquorum w0\n`,
  'a log twice': `${HEAD}log ${LOG.verifierKey}\nquorum w0\n`,
  "a witness's key for a log": `log ${key(W[0]!)}\nquorum none\n`,
  "a log's key for a witness": `witness w ${LOG.verifierKey}\nquorum w\n`,
  'an address that is none': `log ${LOG.verifierKey} localhost/log\nquorum none\n`,
  'a word too many': `${HEAD}quorum w0 w1\n`,
}
for (const [what, text] of Object.entries(MALFORMED))
  test(`a policy with ${what} is refused`, () => {
    assert.throws(() => parsePolicy(text), { code: 'policy-malformed' })
  })

test('a policy that we write needs more than half, so that two histories share a witness', () => {
  const chosen = W.map((witness, n) => ({ name: `w${n}`, key: key(witness), url: 'https://w.example' }))
  for (let count = 1; count <= chosen.length; count += 1) {
    const policy = parsePolicy(
      encodePolicy({ key: LOG.verifierKey, url: 'https://log.example/log' }, chosen.slice(0, count)),
    )
    const least = Math.floor(count / 2) + 1
    assert.equal(
      isWitnessed(
        policy.quorum,
        policy.witnesses.slice(0, least).map((w) => w.key),
      ),
      true,
    )
    assert.equal(
      isWitnessed(
        policy.quorum,
        policy.witnesses.slice(0, least - 1).map((w) => w.key),
      ),
      false,
    )
    assert.ok(least * 2 > count)
  }
  assert.throws(
    () => encodePolicy({ key: LOG.verifierKey, url: 'https://l.example' }, [{ ...chosen[0]!, name: 'all' }]),
    {
      code: 'policy-malformed',
    },
  )
})

test('a checkpoint is believed by its log and its quorum, and nothing else', async () => {
  const policy = parsePolicy(`${HEAD}group g 2 w0 w1 w2\nquorum g\n`)
  const note = await new MemoryLog(LOG, entriesOf(7)).note()
  const body = `${note.split('\n\n')[0]}\n`
  const sign = (n: number, seconds = 1_795_000_000) => cosign(body, seconds, W[n]!)
  assert.equal(verifyWitnessed(policy, note + sign(0) + sign(2)).cosignatures.length, 2)
  assert.throws(() => verifyWitnessed(policy, note + sign(0) + sign(0, 1_795_000_009)), {
    code: 'quorum-missing',
  })
  assert.throws(() => verifyWitnessed(policy, note + sign(0) + sign(3)), { code: 'quorum-missing' })
  const other = cosign(body.replace('\n7\n', '\n8\n'), 1_795_000_000, W[1]!)
  assert.throws(() => readWitnessed(policy, note + sign(0) + other), { code: 'signature-wrong' })
  assert.throws(() => readWitnessed(policy, note + cosign(body, 0, W[1]!)), { code: 'signature-wrong' })
  const stranger = await new MemoryLog(makeLogKey('other.example'), entriesOf(7)).note()
  assert.throws(() => readWitnessed(policy, stranger), { code: 'note-unsigned' })
})

test('what is cosigned is read back with its time, and no changed byte of it is', () => {
  const body = 'log.example/calls\n5\nAAAA\n'
  const verify = (text: string) => verifyCosignatures(text, [parseWitnessKey(key(W[0]!))])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 253_402_300_799 }), fc.nat(), (seconds, at) => {
      const note = `${body}\n${cosign(body, seconds, W[0]!)}`
      assert.equal(verify(note)[0]?.at, seconds * 1000)
      const place = at % body.length
      const changed = `${body.slice(0, place)}${body[place] === 'x' ? 'y' : 'x'}${body.slice(place + 1)}`
      assert.throws(() => verify(`${changed}\n${cosign(body, seconds, W[0]!)}`))
    }),
    { numRuns: 50 },
  )
  assert.throws(() => parseVerifierKey(key(W[0]!)), { code: 'key-malformed' })
})
