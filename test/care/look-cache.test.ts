import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLookCache, type LoadedLook } from '../../src/care/look-cache.ts'
import type { EntryId } from '../../src/ledger/entry.ts'

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
  for (const later of [600, 1_200, 1_999]) {
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
