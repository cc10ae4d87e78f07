import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyCheckpoint } from '../../src/ledger/checkpoint.ts'
import { Edge } from '../../src/ledger/edge.ts'
import type { ProofBundle } from '../../src/ledger/ledger.ts'
import { hashLeaf, sameBytes } from '../../src/ledger/merkle.ts'
import { nodeSha256 } from '../../src/ledger/node-crypto.ts'
import { parseVerifierKey } from '../../src/ledger/note.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { encodeTilePath, parseBundle } from '../../src/ledger/tiles.ts'
import { verifyEntry } from '../../src/ledger/tlog-proof.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createApp } from '../../src/platform/http/app.ts'
import { createLog } from '../../src/platform/log.ts'
import { openTestDatabase } from '../support/database.ts'
import { filledLedger } from './parties.ts'

async function serve(t: Parameters<typeof openTestDatabase>[0], count: number) {
  const database = await openTestDatabase(t)
  const { ledger } = await filledLedger(database, count)
  t.after(() => ledger.close())
  const app = await createApp({
    log: createLog({ level: 'error', clock: systemClock, write: () => {} }),
    clock: systemClock,
    publicUrl: 'http://localhost:8080',
    operatorName: 'Test Mobile',
    demo: true,
    secureCookies: false,
  })
  t.after(() => app.close())
  app.setGuards({ staff: async () => null })
  addLedgerRoutes(app, { ledger })
  return { app, ledger, get: (url: string) => app.inject({ url }) }
}

test('a stranger rebuilds the signed root from what /log/ serves', async (t) => {
  const { get, ledger } = await serve(t, 300)
  const note = await get('/log/checkpoint')
  assert.equal(note.headers['cache-control'], 'no-cache')
  const checkpoint = verifyCheckpoint(note.body, parseVerifierKey(ledger.verifierKey))
  assert.equal(checkpoint.size, 300)
  const edge = new Edge(nodeSha256)
  for (const [index, width] of [[0, 256] as const, [1, 44] as const]) {
    const bundle = await get(`/log/${encodeTilePath({ level: 'entries', index, width })}`)
    const tile = await get(`/log/${encodeTilePath({ level: 0, index, width })}`)
    const leaves = parseBundle(bundle.rawPayload).map((entry) => hashLeaf(entry))
    assert.deepEqual(Buffer.concat(leaves), tile.rawPayload)
    for (const leaf of leaves) edge.add(leaf)
  }
  assert.ok(sameBytes(edge.root(), checkpoint.root))
})

test('partial tiles stay for every size that was signed, full ones are immutable, empty ones never served', async (t) => {
  const { get } = await serve(t, 260)
  const full = await get('/log/tile/0/000')
  assert.match(String(full.headers['cache-control']), /immutable/)
  for (const width of [1, 100, 255]) {
    const partial = await get(`/log/tile/0/000.p/${width}`)
    assert.deepEqual(partial.rawPayload, full.rawPayload.subarray(0, width * 32))
  }
  assert.equal((await get('/log/tile/1/000.p/1')).rawPayload.length, 32)
  for (const path of [
    '0/001',
    '0/001.p/5',
    '0/002.p/1',
    '1/000',
    '2/000.p/1',
    'entries/001',
    '0/0',
    '0/x000/000',
  ]) {
    const answer = await get(`/log/tile/${path}`)
    assert.equal(answer.statusCode, 404, path)
    assert.doesNotMatch(String(answer.headers['cache-control']), /immutable|max-age=[1-9]/)
  }
})

test('the console lists headers, proves entries without their bodies, and pages', async (t) => {
  const { get, ledger } = await serve(t, 5)
  const page = (await get('/api/ledger/entries?limit=2&before=4')).json()
  assert.deepEqual(
    page.entries.map((e: { index: number }) => e.index),
    [3, 2],
  )
  assert.equal(page.entries[0].header.office, 'mandalay')
  assert.equal((await get('/api/ledger/entries/9')).statusCode, 404)
  assert.equal((await get('/api/ledger/entries/9/proof')).statusCode, 404)
  assert.equal((await get('/api/ledger/entries/2')).json().header.kind, 'reveal')
  assert.equal((await get('/api/ledger/entries/2/body')).json().body.page, 2)
  const bundle = (await get('/api/ledger/entries/2/proof')).json() as ProofBundle
  assert.equal(verifyEntry(bundle, ledger.verifierKey).body, null)
  assert.equal((await get('/api/ledger/head')).json().size, 5)
})

test('a proof bundle in which anything was changed does not verify', async (t) => {
  const { ledger } = await serve(t, 20)
  const bundle = await ledger.proofOf(7)
  const other = await ledger.proofOf(8)
  const changed: [ProofBundle, RegExp][] = [
    [{ ...bundle, index: 8 }, /bundle-inconsistent/],
    [{ ...bundle, proof: other.proof, index: 8 }, /proof-wrong/],
    [{ ...bundle, header: other.header }, /proof-wrong/],
    [{ ...bundle, header: { ...bundle.header, text: `${bundle.header.text} ` } }, /text-not-canonical/],
    [{ ...bundle, body: other.body }, /proof-wrong/],
    [{ ...bundle, body: { ...bundle.body, text: other.body.text } }, /bundle-inconsistent/],
    [{ ...bundle, body: { ...bundle.body, salt: other.body.salt } }, /bundle-inconsistent/],
    [{ ...bundle, proof: bundle.proof.replace('\n20\n', '\n21\n') }, /signature-wrong/],
    [{ ...bundle, proof: bundle.proof.replace('@v1', '@v2') }, /tlog-proof-malformed/],
  ]
  for (const [broken, code] of changed)
    assert.throws(() => verifyEntry(broken, ledger.verifierKey), { code }, String(code))
  assert.throws(() => verifyEntry(bundle, 'other.example/log+00000000+AA=='), { code: 'key-malformed' })
})
