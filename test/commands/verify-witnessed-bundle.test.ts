import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openWitnessedBundles } from '../ledger/evidence/witnessed-bundles.ts'
import { makeDirectory, runCountersign } from './run-countersign.ts'

test('verify names who cosigned a bundle, who is a stranger, and a cosignature that does not hold', async (t) => {
  const { whole, strange, broken, verifierKey } = await openWitnessedBundles(t)
  const dir = makeDirectory(t)
  const verify = async (name: string, zip: Uint8Array) => {
    writeFileSync(join(dir, name), zip)
    return runCountersign(['verify', join(dir, name), '--key', verifierKey])
  }
  const [ours, stranger, changed] = await Promise.all([
    verify('whole.zip', whole),
    verify('strange.zip', strange),
    verify('broken.zip', broken),
  ])
  assert.equal(ours.status, 0, ours.err)
  assert.match(ours.out, /^Holds: 2 entries, under the key given/)
  assert.match(
    ours.out,
    /Countersigned by w0\.example\/witness, w1\.example\/witness: enough for the policy in the bundle\./,
  )
  assert.doesNotMatch(ours.out, /does not name/)
  assert.equal(stranger.status, 0, stranger.err)
  assert.match(stranger.out, /Countersigned by w0\.example\/witness: enough/)
  assert.match(
    stranger.out,
    /Signed also by w1\.example\/witness, whom the policy does not name: that proves nothing\./,
  )
  assert.equal(changed.status, 1)
  assert.match(changed.out, /^DOES NOT HOLD/)
  assert.match(changed.out, /The signature of a witness that the policy names does not hold/)
})
