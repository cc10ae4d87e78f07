import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { initKeys, openKeys, rotateKeys } from '../../src/keys/key-directory.ts'

const PASSPHRASE = 'a passphrase for tests'
const FAST = { scryptLogN: 10 }

async function freshKeys(t: TestContext): Promise<string> {
  const dir = join(mkdtempSync(join(tmpdir(), 'countersign-keys-')), 'd.keys')
  t.after(() => rmSync(join(dir, '..'), { recursive: true }))
  await initKeys(dir, PASSPHRASE, FAST)
  return dir
}

const hasCode = (code: string) => (error: unknown) => (error as { code?: string }).code === code

test('keys stand in files that only their owner reads', async (t) => {
  const dir = await freshKeys(t)
  const keys = await openKeys(dir, PASSPHRASE)
  await keys.monthKey('2026-08')
  await keys.tweak('t')
  keys.close()
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
  for (const file of files) {
    const mode = statSync(join(file.parentPath, file.name)).mode & 0o777
    assert.equal(mode, file.isDirectory() ? 0o700 : 0o600, file.name)
  }
  assert.deepEqual(files.map((f) => f.name).sort(), ['2026-08.key', 'months', 'root.json', 'tweaks.sqlite'])
  chmodSync(join(dir, 'root.json'), 0o644)
  await assert.rejects(openKeys(dir, PASSPHRASE), hasCode('keys-exposed'))
})

test('init never overwrites keys', async (t) => {
  const dir = await freshKeys(t)
  const before = readFileSync(join(dir, 'root.json'))
  await assert.rejects(initKeys(dir, 'another passphrase', FAST), hasCode('keys-exist'))
  assert.deepEqual(readFileSync(join(dir, 'root.json')), before)
})

test('a wrong passphrase, a damaged file and an absent one are told apart', async (t) => {
  const dir = await freshKeys(t)
  await assert.rejects(openKeys(dir, `${PASSPHRASE}!`), hasCode('passphrase-wrong'))
  await assert.rejects(openKeys(`${dir}.not`, PASSPHRASE), hasCode('keys-missing'))
  const whole = readFileSync(join(dir, 'root.json'), 'utf8')
  const hostile = [
    '',
    '{',
    'null',
    '[]',
    whole.slice(0, -9),
    whole.replace('"logN": 10', '"logN": 60'),
    whole.replace('"version": 1', '"version": 2'),
  ]
  for (const text of hostile) {
    writeFileSync(join(dir, 'root.json'), text)
    await assert.rejects(openKeys(dir, PASSPHRASE), hasCode('keys-broken'))
  }
  await assert.rejects(initKeys(`${dir}2`, 'short', FAST), hasCode('passphrase-weak'))
})

test('two servers that need a key at once get the same one', async (t) => {
  const dir = await freshKeys(t)
  const [one, two] = await Promise.all([openKeys(dir, PASSPHRASE), openKeys(dir, PASSPHRASE)])
  const [a, b] = await Promise.all([one.monthKey('2026-08'), two.monthKey('2026-08')])
  assert.deepEqual(a, b)
  const [c, d] = await Promise.all([one.tweaks(['t1', 't2']), two.tweaks(['t2', 't1', 't3'])])
  assert.deepEqual(c.get('t1'), d.get('t1'))
  assert.deepEqual(c.get('t2'), d.get('t2'))
  assert.notDeepEqual(d.get('t1'), d.get('t3'))
  one.close()
  two.close()
})

test('rotation changes the passphrase and nothing that was sealed', async (t) => {
  const dir = await freshKeys(t)
  const before = await openKeys(dir, PASSPHRASE)
  const sealed = before.sealer.seal('profile', 'row 1', Buffer.from('ဒေါ်ခင်မာလွင်'))
  const month = await before.monthKey('2026-08')
  const wrapped = readFileSync(join(dir, 'root.json'), 'utf8')
  await rotateKeys(dir, { unlock: PASSPHRASE, next: 'the next passphrase', ...FAST })
  assert.notEqual(readFileSync(join(dir, 'root.json'), 'utf8'), wrapped)
  await assert.rejects(openKeys(dir, PASSPHRASE), hasCode('passphrase-wrong'))
  const after = await openKeys(dir, 'the next passphrase')
  assert.equal(after.sealer.open('profile', 'row 1', sealed).toString(), 'ဒေါ်ခင်မာလွင်')
  assert.deepEqual(await after.existingMonthKey('2026-08'), month)
  assert.deepEqual(after.prfKey('pseudonym'), before.prfKey('pseudonym'))
  assert.notDeepEqual(after.prfKey('pseudonym'), after.prfKey('record-name'))
  before.close()
  after.close()
})

test('a destroyed key is gone for every server, and is never made anew', async (t) => {
  const dir = await freshKeys(t)
  const one = await openKeys(dir, PASSPHRASE)
  const two = await openKeys(dir, PASSPHRASE)
  const tweak = Buffer.from(await one.tweak('hers'))
  await one.monthKey('2026-08')
  await two.monthKey('2026-08')
  await one.destroyMonthKey('2026-08')
  await one.destroyTweak('hers')
  assert.equal(await two.existingMonthKey('2026-08'), null)
  assert.equal(await two.existingTweak('hers'), null)
  await assert.rejects(two.monthKey('2026-08'), hasCode('key-destroyed'))
  await assert.rejects(two.tweak('hers'), hasCode('key-destroyed'))
  await assert.rejects(two.existingMonthKey('2026-09'), hasCode('key-missing'))
  await assert.rejects(two.existingTweak('never'), hasCode('key-missing'))
  one.close()
  two.close()
  assert.equal(existsSync(join(dir, 'months/2026-08.key')), false)
  assert.equal(readFileSync(join(dir, 'tweaks.sqlite')).includes(tweak), false)
})

test('sealed bytes open only for their purpose and context, unchanged', async (t) => {
  const keys = await openKeys(await freshKeys(t), PASSPHRASE)
  t.after(() => keys.close())
  const sealed = keys.sealer.seal('note', 'contact 1', Buffer.from('bill'))
  assert.equal(keys.sealer.open('note', 'contact 1', sealed).toString(), 'bill')
  assert.throws(() => keys.sealer.open('note', 'contact 2', sealed), hasCode('sealed-broken'))
  assert.throws(() => keys.sealer.open('profile', 'contact 1', sealed), hasCode('sealed-broken'))
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed)
    changed[i] = changed[i]! ^ 1
    for (const bytes of [changed, sealed.subarray(0, i), Buffer.concat([sealed, Buffer.of(i)])]) {
      assert.throws(() => keys.sealer.open('note', 'contact 1', bytes), hasCode('sealed-broken'))
    }
  }
})

test('signatures verify with the public key, which outlives restarts', async (t) => {
  const dir = await freshKeys(t)
  const first = await openKeys(dir, PASSPHRASE)
  const { publicKey } = first.signingKey('ledger')
  const signature = first.signingKey('ledger').sign(Buffer.from('checkpoint'))
  first.close()
  const again = await openKeys(dir, PASSPHRASE)
  assert.deepEqual(again.signingKey('ledger').publicKey, publicKey)
  assert.notDeepEqual(again.signingKey('other').publicKey, publicKey)
  again.close()
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  assert.equal(publicKey.length, 32)
  assert.equal(verify(null, Buffer.from('checkpoint'), key, signature), true)
})
