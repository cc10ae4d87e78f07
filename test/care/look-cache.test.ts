import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLookCache, type LoadedLook } from '../../src/care/look-cache.ts'
import type { EntryId } from '../../src/ledger/entry.ts'
import type { SealedLog } from '../../src/vault/vault.ts'

/** A cache over looks that are read by their name, with a clock and an ear to be set. */
function openCache() {
  const at = { now: 10_000, heardUntil: Number.NEGATIVE_INFINITY }
  const read: string[] = []
  const looks = createLookCache(
    async (id) => {
      read.push(id)
      return { look: { id } } as unknown as LoadedLook
    },
    async (entry: EntryId) => entry.length,
    () => at.now,
    () => at.heardUntil,
  )
  return { at, read, looks }
}

test('a copy is read anew after half a second where notifications may have been missed', async () => {
  const { at, read, looks } = openCache()
  await looks.get('a')
  at.now += 499
  await looks.get('a')
  assert.deepEqual(read, ['a'])
  at.now += 1
  await looks.get('a')
  assert.deepEqual(read, ['a', 'a'])
})

test('while nothing was missed a copy stays for two seconds, and goes at once when something ends', async () => {
  const { at, read, looks } = openCache()
  await looks.get('a')
  for (const later of [600, 1_200, 1_499]) {
    at.now = 10_000 + later
    at.heardUntil = at.now - 499
    await looks.get('a')
  }
  assert.deepEqual(read, ['a'])
  at.heardUntil = at.now - 500
  await looks.get('a')
  assert.equal(read.length, 2, 'the ear is half a second behind: an end may have been missed')
  looks.forget(({ look }) => look.id === 'a')
  await looks.get('a')
  assert.equal(read.length, 3)
  at.now += 2_000
  at.heardUntil = at.now
  await looks.get('a')
  assert.equal(read.length, 4, 'of what others showed no notification tells')
})

test('a copy that will run out soon is read anew beside its use, and what changed meanwhile is kept', async () => {
  const { at, read, looks } = openCache()
  const first = await looks.get('a')
  const aged = () => {
    at.now += 1_500
    at.heardUntil = at.now
  }
  aged()
  assert.equal(await looks.get('a'), first, 'nobody waits')
  await looks.get('a')
  assert.equal(read.length, 2, 'it is read once')
  const second = await looks.get('a')
  assert.notEqual(second, first)
  aged()
  await looks.get('a')
  looks.change('a', (loaded) => ({ ...loaded, contact: { id: 'c' } as LoadedLook['contact'] }))
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  assert.equal((await looks.get('a'))?.contact.id, 'c', 'what was read may be from before the change')
  looks.forget(({ look }) => look.id === 'a')
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  const before = read.length
  await looks.get('a')
  assert.equal(read.length, before + 1, 'what has ended is not put back')
})

test('the sealed log of a look is read again after two seconds', async () => {
  const { at, looks } = openCache()
  let reads = 0
  const logOf = (id: string) => looks.logOf(id, () => ({ read: ++reads }) as unknown as SealedLog)
  assert.equal(logOf('a'), logOf('a'))
  assert.notEqual(logOf('a'), logOf('b'))
  at.now += 1_999
  logOf('a')
  assert.equal(reads, 2)
  at.now += 1
  logOf('a')
  assert.equal(reads, 3)
})
