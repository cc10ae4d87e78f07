import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { openKeys } from '../../src/keys/key-directory.ts'
import { checkKeys } from '../../src/vault/lost-keys.ts'
import { createVault } from '../../src/vault/vault.ts'
import { number, openTestVault, pressReceipt } from './support/open-vault.ts'

const THIRI = '+959791000001'
const KHIN = '+959791000002'
const MYA = '+959791000003'
const at = (month: number, day: number): number => Date.UTC(2026, month - 1, day, 5) / 1000
const hasCode = (code: string) => (error: unknown) => (error as { code?: string }).code === code

/** Calls of three people in August and September; Mya has none in August. Each opening of the keys is a restart. */
async function openHouse(t: TestContext) {
  const house = await openTestVault(t)
  const call = (start: number, caller: string, called: string) => ({
    start,
    caller: number(caller),
    called: number(called),
  })
  await house.ingest([
    house.file('a.ndjson', [
      call(at(8, 3), THIRI, KHIN),
      call(at(8, 9), KHIN, THIRI),
      call(at(9, 4), THIRI, KHIN),
      call(at(9, 20), MYA, KHIN),
    ]),
  ])
  const restart = async () => {
    const keys = await openKeys(house.keysDir, 'a passphrase for tests')
    t.after(() => keys.close())
    const vault = createVault({ pool: house.database.pool, keys, offsetMinutes: 390 })
    const starts = async (of: string, from = 0, until = 2 ** 32) => {
      const subject = house.subject(of)
      const tenure = `unregistered-${subject}`
      const opening = { subject, tenure, from, until, fields: ['start'] as const }
      return (await vault.open(pressReceipt(opening), {})).map((row) => row.start!)
    }
    const check = (thorough = true) => checkKeys({ pool: house.database.pool, keys }, { thorough })
    return { keys, starts, check }
  }
  const inKeys = (name: string) => join(house.keysDir, name)
  return { ...house, restart, inKeys }
}

test('where every key is there, nothing is lost, and every log is counted', async (t) => {
  const house = await openHouse(t)
  const { check, keys } = await house.restart()
  assert.deepEqual(await check(), { months: 2, logs: 3, lost: [], held: { lost: 0, of: 0 } })
  assert.deepEqual(keys.lost(), { months: [], tweaks: null })
})

test('a lost or damaged month’s key shuts that month, says so, is never made anew, and opens again from a backup', async (t) => {
  const house = await openHouse(t)
  const path = house.inKeys('months/2026-08.key')
  const backup = readFileSync(path)
  for (const lose of [
    () => rmSync(path),
    () => writeFileSync(path, randomBytes(60)),
    () => writeFileSync(path, 'x'),
  ]) {
    lose()
    const { keys, starts, check } = await house.restart()
    assert.deepEqual(keys.lost(), { months: ['2026-08'], tweaks: null })
    const lost = [{ month: '2026-08', cause: 'month', logs: 2, of: 2, since: '2026-08-03' }]
    assert.deepEqual((await check()).lost, lost)
    assert.deepEqual((await check(false)).lost, lost)
    await assert.rejects(starts(THIRI), /the key of 2026-08 is (not in|damaged)/)
    assert.deepEqual(await starts(THIRI, at(9, 1)), [at(9, 4)])
    assert.deepEqual(await starts(MYA), [at(9, 20)])
    await assert.rejects(keys.monthKey('2026-08'), /2026-08/)
    assert.equal((await keys.monthKey('2026-10')).length, 32)
  }
  writeFileSync(path, backup, { mode: 0o600 })
  const { starts, check } = await house.restart()
  assert.deepEqual((await check()).lost, [])
  assert.deepEqual(await starts(THIRI), [at(8, 3), at(8, 9), at(9, 4)])
})

test('one holder’s lost key shuts their log and nobody else’s; another key in its place is found by opening', async (t) => {
  const house = await openHouse(t)
  const name = `unregistered-${house.subject(KHIN)}`
  const change = (text: string, ...values: (string | Buffer)[]) => {
    const sqlite = new DatabaseSync(house.inKeys('tweaks.sqlite'))
    sqlite.prepare(text).run(...values)
    sqlite.close()
  }
  change('DELETE FROM tweak WHERE tenure = ?', name)
  const without = await house.restart()
  const lost = (cause: string) => [
    { month: '2026-08', cause, logs: 1, of: 2, since: '2026-08-03' },
    { month: '2026-09', cause, logs: 1, of: 3, since: '2026-09-04' },
  ]
  assert.deepEqual((await without.check(false)).lost, lost('holder'))
  await assert.rejects(without.starts(KHIN), hasCode('key-missing'))
  assert.equal((await without.starts(THIRI)).length, 3)
  change('INSERT INTO tweak (tenure, bytes) VALUES (?, ?)', name, randomBytes(32))
  const other = await house.restart()
  assert.deepEqual((await other.check(false)).lost, [])
  assert.deepEqual((await other.check()).lost, lost('other-key'))
})

test('without the holders’ keys nothing opens and nothing is filed, and the rest of the keys works', async (t) => {
  const house = await openHouse(t)
  const path = house.inKeys('tweaks.sqlite')
  const sealed = house.keys.sealer.seal('note', 'one', Buffer.from('a bill'))
  copyFileSync(path, `${path}.backup`)
  for (const lose of [() => rmSync(path), () => writeFileSync(path, randomBytes(8192))]) {
    lose()
    const { keys, starts, check } = await house.restart()
    assert.match(keys.lost().tweaks ?? '', /tweaks\.sqlite is (missing|damaged)/)
    assert.deepEqual(
      (await check()).lost.map(({ month, cause, logs }) => [month, cause, logs]),
      [
        ['2026-08', 'tweaks', 2],
        ['2026-09', 'tweaks', 3],
      ],
    )
    await assert.rejects(starts(MYA), hasCode('key-missing'))
    await assert.rejects(keys.tweaks(['a holder']), hasCode('key-missing'))
    assert.equal(keys.sealer.open('note', 'one', sealed).toString(), 'a bill')
  }
  copyFileSync(`${path}.backup`, path)
  const { starts, check } = await house.restart()
  assert.deepEqual((await check()).lost, [])
  assert.deepEqual(await starts(MYA), [at(9, 20)])
})

test('what has ended or was erased is not lost, and without a root everything is', async (t) => {
  const house = await openHouse(t)
  await house.keys.destroyMonthKey('2026-08')
  await house.keys.destroyTweak(`unregistered-${house.subject(MYA)}`)
  const { check } = await house.restart()
  assert.deepEqual((await check()).lost, [])
  const none = await checkKeys({ pool: house.database.pool, keys: null }, { thorough: true })
  assert.deepEqual(
    none.lost.map(({ month, cause, logs, since }) => [month, cause, logs, since]),
    [
      ['2026-08', 'root', 2, '2026-08-03'],
      ['2026-09', 'root', 3, '2026-09-04'],
    ],
  )
})
