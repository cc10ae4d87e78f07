import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openHsm } from '../../src/keys/hsm.ts'
import { initKeys, openKeys, rotateKeys } from '../../src/keys/key-directory.ts'
import { rootKeeper } from '../../src/keys/root-file.ts'
import type { HsmConfig } from '../../src/platform/config.ts'
import { runCountersign } from '../commands/run-countersign.ts'

/** SoftHSM 2, a token in software with the real interface; `npm test` installs it and compiles the way to it. */
const MODULE = '/usr/lib/softhsm/libsofthsm2.so'
const COMPILED = new URL('../../node_modules/pkcs11js/build/Release/pkcs11.node', import.meta.url)
const ready = existsSync(MODULE) && existsSync(COMPILED)
const skip = !ready && 'needs SoftHSM and the way to it: sudo apt-get install softhsm2, then npm run pkcs11'
const PIN = '482915736'
const PASSPHRASE = 'a passphrase for tests'
const FAST = { scryptLogN: 10 }

let dir: string
let place: HsmConfig
const hasCode = (code: string) => (error: unknown) => (error as { code?: string }).code === code
const fresh = (): string => join(mkdtempSync(join(dir, 'd-')), 'd.keys')

before(() => {
  if (!ready) return
  dir = mkdtempSync(join(tmpdir(), 'countersign-hsm-'))
  mkdirSync(join(dir, 'tokens'))
  const conf = join(dir, 'softhsm2.conf')
  writeFileSync(
    conf,
    `directories.tokendir = ${join(dir, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  )
  process.env.SOFTHSM2_CONF = conf
  const made = spawnSync('softhsm2-util', [
    '--init-token',
    '--free',
    '--label',
    'countersign',
    '--pin',
    PIN,
    '--so-pin',
    '77778888',
  ])
  assert.equal(made.status, 0, made.stderr.toString())
  const pinFile = join(dir, 'pin')
  writeFileSync(pinFile, `${PIN}\n`, { mode: 0o600 })
  place = { module: MODULE, token: 'countersign', pinFile }
})
after(() => {
  if (ready) rmSync(dir, { recursive: true })
})

test('an HSM keeps the root: what is sealed under it opens again through the token, and through nothing else', {
  skip,
}, async () => {
  const keysDir = fresh()
  await initKeys(keysDir, await openHsm(place))
  assert.equal(rootKeeper(keysDir), 'hsm')
  const first = await openKeys(keysDir, await openHsm(place))
  const sealed = first.sealer.seal('note', 'one', Buffer.from('a bill'))
  const month = await first.monthKey('2026-08')
  first.close()
  const again = await openKeys(keysDir, await openHsm(place))
  assert.equal(again.sealer.open('note', 'one', sealed).toString(), 'a bill')
  assert.deepEqual(await again.existingMonthKey('2026-08'), month)
  again.close()
  await assert.rejects(openKeys(keysDir, PASSPHRASE), hasCode('keys-otherwise'))
  await assert.rejects(initKeys(keysDir, await openHsm(place)), hasCode('keys-exist'))
})

test('the key never leaves the token', { skip }, async () => {
  const { default: library } = await import('pkcs11js')
  const id = (await openHsm(place)).makeKey()
  const api = new library.PKCS11()
  api.load(MODULE)
  api.C_Initialize()
  try {
    const slot = api
      .C_GetSlotList(true)
      .find((one) => api.C_GetTokenInfo(one).label.trim() === 'countersign')!
    const session = api.C_OpenSession(slot, library.CKF_SERIAL_SESSION)
    api.C_Login(session, library.CKU_USER, PIN)
    api.C_FindObjectsInit(session, [{ type: library.CKA_ID, value: id }])
    const key = api.C_FindObjects(session, 1)[0]!
    assert.throws(
      () => api.C_GetAttributeValue(session, key, [{ type: library.CKA_VALUE }]),
      /CKR_ATTRIBUTE_SENSITIVE/,
    )
  } finally {
    api.C_Finalize()
    api.close()
  }
})

test('rotation makes a new key in the token, moves a root into the HSM and out of it, and changes nothing sealed', {
  skip,
}, async () => {
  const keysDir = fresh()
  await initKeys(keysDir, PASSPHRASE, FAST)
  const running = await openKeys(keysDir, PASSPHRASE)
  const sealed = running.sealer.seal('note', 'one', Buffer.from('a bill'))
  const hsm = await openHsm(place)
  const keyOf = () =>
    (JSON.parse(readFileSync(join(keysDir, 'root.json'), 'utf8')) as { hsm?: { key: string } }).hsm?.key
  await rotateKeys(keysDir, { unlock: PASSPHRASE, next: hsm })
  const one = keyOf()
  await rotateKeys(keysDir, { unlock: hsm })
  assert.notEqual(keyOf(), one)
  const inside = await openKeys(keysDir, hsm)
  assert.equal(inside.sealer.open('note', 'one', sealed).toString(), 'a bill')
  // A server that was running all the while goes on, and what it makes is read by one that started later.
  assert.deepEqual(await running.monthKey('2026-11'), await inside.existingMonthKey('2026-11'))
  await rotateKeys(keysDir, { unlock: hsm, next: PASSPHRASE, ...FAST })
  const outside = await openKeys(keysDir, PASSPHRASE)
  assert.equal(outside.sealer.open('note', 'one', sealed).toString(), 'a bill')
  for (const keys of [running, inside, outside]) keys.close()
})

test('a wrong PIN, an open PIN file, another token, a lost key and a damaged root are told apart, and no PIN is said', {
  skip,
}, async () => {
  const keysDir = fresh()
  await initKeys(keysDir, await openHsm(place))
  const pinFile = join(dir, 'other-pin')
  writeFileSync(pinFile, '000011112222\n', { mode: 0o600 })
  const refused = async (change: Partial<HsmConfig>, code: string) =>
    assert.rejects(openKeys(keysDir, await openHsm({ ...place, ...change })), (error: Error) => {
      assert.equal((error as { code?: string }).code, code, error.message)
      const told = `${error.stack} ${String(error.cause)}`
      assert.ok(!told.includes(PIN) && !told.includes('000011112222'))
      return true
    })
  await refused({ pinFile }, 'hsm-pin-wrong')
  chmodSync(pinFile, 0o644)
  await refused({ pinFile }, 'keys-exposed')
  await refused({ pinFile: `${pinFile}.not` }, 'hsm-pin-missing')
  await refused({ token: 'another' }, 'hsm-unavailable')
  await refused({ module: join(dir, 'none.so') }, 'hsm-unavailable')
  const path = join(keysDir, 'root.json')
  const whole = JSON.parse(readFileSync(path, 'utf8')) as { hsm: { key: string }; wrapped: string }
  const write = (change: object) => writeFileSync(path, JSON.stringify({ ...whole, ...change }))
  write({ hsm: { key: 'ab'.repeat(16) } })
  await refused({}, 'hsm-key-missing')
  write({ wrapped: Buffer.alloc(48, 7).toString('base64') })
  await refused({}, 'keys-broken')
  write({ hsm: { key: '../etc' } })
  await refused({}, 'keys-broken')
  write({})
  const keys = await openKeys(keysDir, await openHsm(place))
  keys.close()
})

test('keys init and keys rotate work with the HSM of the settings, and say no PIN', { skip }, async () => {
  const data = join(mkdtempSync(join(dir, 'c-')), 'data')
  const settings = {
    COUNTERSIGN_PKCS11_MODULE: MODULE,
    COUNTERSIGN_PKCS11_TOKEN: 'countersign',
    COUNTERSIGN_PKCS11_PIN_FILE: place.pinFile,
  }
  const run = (args: string[], env: Record<string, string> = settings) =>
    runCountersign(['keys', ...args, '--data', data], env)
  const made = await run(['init'])
  assert.equal(made.status, 0, made.err)
  assert.match(made.out, /under a key of the token "countersign"/)
  const rotated = await run(['rotate'])
  assert.equal(rotated.status, 0, rotated.err)
  assert.match(rotated.out, /under a new key of the HSM/)
  const without = await run(['rotate'], {})
  assert.equal(without.status, 3)
  assert.match(without.err, /COUNTERSIGN_PKCS11_MODULE/)
  const out = await run(['rotate', '--into', 'passphrase', '--new-passphrase-fd', '0'])
  assert.equal(out.status, 0, out.err)
  assert.equal((await run(['rotate', '--passphrase-fd', '0'], {})).status, 0)
  const half = await run(['rotate'], { COUNTERSIGN_PKCS11_MODULE: MODULE })
  assert.equal(half.status, 2)
  for (const ran of [made, rotated, without, out, half]) assert.ok(!`${ran.out}${ran.err}`.includes(PIN))
})
