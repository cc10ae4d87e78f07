import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeArchive, parseArchive } from '../../../src/ledger/evidence/archive.ts'
import { type BundleReport, verifyBundle } from '../../../src/ledger/evidence/verify-bundle.ts'
import { nodeSha256, nodeVerifyEd25519 } from '../../../src/ledger/node-crypto.ts'
import { openTestDatabase } from '../../support/database.ts'
import { testParties } from '../parties.ts'
import { openEvidence, REASON, SHOWN, unnoticedBytes } from './bundles.ts'

const crypto = { hash: nodeSha256, verify: nodeVerifyEd25519 }

/** Each fault with its place, the bundle's first. */
function faultsOf(report: BundleReport): string[] {
  return [...report.faults, ...report.entries.flatMap(({ faults }) => faults)].map(({ code, path }) =>
    `${code} ${path ?? ''}`.trim(),
  )
}

test('a bundle says what the ledger says, and what was shown, with the log’s key alone', async (t) => {
  const { make, ledger } = await openEvidence(await openTestDatabase(t))
  const { zip, sealedBy, size } = await make({ withhold: [1] })
  const report = verifyBundle(zip, { verifierKey: ledger.verifierKey })
  assert.deepEqual(faultsOf(report), [])
  assert.deepEqual(
    [report.holds, report.keyGiven, report.size, report.sealedBy],
    [true, true, size, sealedBy],
  )
  const [withheld, shown] = report.entries
  assert.deepEqual([withheld?.index, withheld?.bodyState, withheld?.body], [1, 'withheld', null])
  assert.equal(withheld?.header?.kind, 'reveal')
  assert.deepEqual([shown?.bodyState, shown?.body?.says.of, shown?.shown], ['open', 'rows', SHOWN])
  const entry = await ledger.entry(sealedBy)
  assert.deepEqual([entry.kind, entry.actor, entry.body?.reason], ['evidence-bundle', 'i-1', REASON])
})

test('without a key from elsewhere it holds only under its own, and says so; under another key it does not', async (t) => {
  const database = await openTestDatabase(t)
  const { make, ledger } = await openEvidence(database)
  const { zip } = await make()
  const alone = verifyBundle(zip)
  assert.deepEqual([alone.holds, alone.keyGiven, alone.verifierKey], [true, false, ledger.verifierKey])
  const [name] = ledger.verifierKey.split('+')
  const { encodeVerifierKey } = await import('../../../src/ledger/note.ts')
  const other = encodeVerifierKey(name!, testParties(database.pool).keys.signingKey('ledger').publicKey)
  const report = verifyBundle(zip, { verifierKey: other })
  assert.equal(report.holds, false)
  assert.ok(faultsOf(report).includes('other-key log/verifier-key.txt'))
  assert.ok(report.entries.every(({ faults }) => faults.length > 0))
})

test('promise 3: a bundle that somebody put together anew, whole in itself, is not the log’s', async (t) => {
  const { make, ledger } = await openEvidence(await openTestDatabase(t))
  const { zip } = await make()
  const files = new Map(parseArchive(zip).files)
  for (const path of [...files.keys()]) if (path.startsWith('entries/1/')) files.delete(path)
  const manifest = JSON.parse(Buffer.from(files.get('manifest.json')!).toString()) as {
    entries: { index: number }[]
    files: { path: string }[]
  }
  manifest.entries = manifest.entries.filter(({ index }) => index !== 1)
  manifest.files = manifest.files.filter(({ path }) => !path.startsWith('entries/1/'))
  files.set('manifest.json', Buffer.from(JSON.stringify(manifest)))
  const report = verifyBundle(encodeArchive(files), { verifierKey: ledger.verifierKey })
  assert.deepEqual(faultsOf(report), ['seal-wrong seal.json'])
})

test('a changed byte anywhere in the zip is found and named', async (t) => {
  const { make, ledger } = await openEvidence(await openTestDatabase(t))
  const { zip } = await make()
  // Every 97th here; `npm run soak -- evidence-bytes` changes each byte there is.
  const positions = Array.from({ length: Math.ceil(zip.length / 97) }, (_, i) => i * 97)
  assert.deepEqual(unnoticedBytes(zip, ledger.verifierKey, positions), [])
})

test('bytes before, between, behind and beside the files are found', async (t) => {
  const { make, ledger } = await openEvidence(await openTestDatabase(t))
  const { zip } = await make()
  const { verifierKey } = ledger
  const { files } = parseArchive(zip)
  const shapes: Record<string, Uint8Array> = {
    'a byte behind': Buffer.concat([zip, Buffer.of(0)]),
    'a byte before': Buffer.concat([Buffer.of(0), zip]),
    'a comment': withComment(zip, 'hello'),
    'a file beside': encodeArchive(new Map([...files, ['notes.txt', Buffer.from('x')]])),
    'a file less': encodeArchive(new Map([...files].filter(([path]) => path !== 'log/checkpoint.txt'))),
    'cut short': zip.slice(0, -1),
    nothing: new Uint8Array(0),
  }
  for (const [what, bytes] of Object.entries(shapes)) {
    const report = verifyBundle(bytes, { verifierKey, crypto })
    assert.equal(report.holds, false, what)
    assert.ok(report.faults.length > 0, what)
  }
})

function withComment(zip: Uint8Array, comment: string): Uint8Array {
  const bytes = Buffer.concat([zip, Buffer.from(comment)])
  bytes.writeUInt16LE(comment.length, zip.length - 2)
  return bytes
}

test('what was shown must be what the entry committed to, or no bundle is made', async (t) => {
  const { make, kept, id } = await openEvidence(await openTestDatabase(t))
  kept.set(id, { ...kept.get(id)!, bytes: Buffer.from('[]') })
  await assert.rejects(make(), { code: 'shown-broken' })
})

test('an order that cannot be filled makes no bundle and no entry', async (t) => {
  const { make, ledger } = await openEvidence(await openTestDatabase(t))
  const { size } = await ledger.head()
  await assert.rejects(make({ entries: [] }), { code: 'evidence-empty' })
  await assert.rejects(make({ entries: [1, 4_711] }), { code: 'entry-unknown' })
  await assert.rejects(make({ entries: Array.from({ length: 1_001 }, (_, i) => i) }), {
    code: 'evidence-too-many',
  })
  assert.equal((await ledger.head()).size, size)
})

test('the same files make the same zip, in whatever order they come', () => {
  const files: [string, Uint8Array][] = [
    ['b/x.txt', Buffer.from('1')],
    ['a.txt', Buffer.from('2')],
  ]
  assert.deepEqual(encodeArchive(new Map(files)), encodeArchive(new Map(files.toReversed())))
})
