import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { verifyCheckpoint } from '../../src/ledger/checkpoint.ts'
import { createLedger, type Ledger, type LedgerParties } from '../../src/ledger/ledger.ts'
import { encodeVerifierKey, parseVerifierKey } from '../../src/ledger/note.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { parseTlogProof, verifyEntry } from '../../src/ledger/tlog-proof.ts'
import {
  type ChosenWitness,
  encodePolicy,
  parsePolicy,
  verifyWitnessed,
} from '../../src/ledger/trust-policy.ts'
import { openWitnessKey } from '../../src/ledger/witness/witness-key.ts'
import { DEFAULT_WITNESS_RULES, type WitnessRules } from '../../src/ledger/witnessing.ts'
import { createApp } from '../../src/platform/http/app.ts'
import { createLog } from '../../src/platform/log.ts'
import { openTestDatabase } from '../support/database.ts'
import { entriesOf, MemoryLog } from './memory-log.ts'
import { ORIGIN, reveal, testParties } from './parties.ts'
import { restoreOld, startWitness } from './witnesses.ts'

const MINUTE = 60_000

/** A ledger whose clock the test moves, with real witnesses over HTTP. */
async function openWitnessed(
  t: TestContext,
  options: { witnesses: number; least?: number; rules?: Partial<WitnessRules>; others?: ChosenWitness[] },
) {
  const database = await openTestDatabase(t)
  const time = { at: Date.UTC(2026, 10, 25, 4, 30) }
  const clock = { now: () => time.at }
  const base = { ...testParties(database.pool), clock }
  const logKey = encodeVerifierKey(ORIGIN, base.keys.signingKey('ledger').publicKey)
  const running = await Promise.all(
    Array.from({ length: options.witnesses }, (_, n) => startWitness(t, `w${n}`, logKey, clock)),
  )
  const chosen = [...running.map(({ chosen: one }) => one), ...(options.others ?? [])]
  const policy = parsePolicy(
    encodePolicy({ key: logKey, url: 'http://localhost/log' }, chosen, options.least),
  )
  const said: string[] = []
  const log = createLog({ level: 'warn', clock, write: (line) => said.push(line) })
  let alarms = 0
  const parties: LedgerParties = {
    ...base,
    log,
    trust: { policy, rules: { ...DEFAULT_WITNESS_RULES, ...options.rules } },
    onAlarm: async () => {
      alarms += 1
    },
  }
  const ledger = await createLedger(parties)
  t.after(() => ledger.close())
  return { database, ledger, parties, policy, running, time, said, alarms: () => alarms }
}

async function record(ledger: Ledger, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await ledger.record(reveal(n))
}

test('checkpoints are countersigned, served with their quorum, and proofs carry the cosignatures', async (t) => {
  const { ledger, policy } = await openWitnessed(t, { witnesses: 3 })
  await record(ledger, 5)
  assert.equal((await ledger.published()).size, 5, 'before the first cosignature: the head')
  await ledger.witnessing.round()
  await record(ledger, 2)
  const state = ledger.witnessing.countersigned()
  assert.deepEqual([state.size, state.by, state.of], [5, ['w0', 'w1', 'w2'], 3])
  const published = await ledger.published()
  assert.deepEqual(verifyWitnessed(policy, published.note).checkpoint.size, 5)
  assert.equal((await ledger.newest()).size, 7)
  assert.throws(
    () =>
      verifyWitnessed(
        policy,
        `${published.note.split('\n\n')[0]}\n\n${published.note.split('\n\n')[1]!.split('\n')[0]}\n`,
      ),
    {
      code: 'quorum-missing',
    },
  )
  const inside = await ledger.proofOf(3)
  assert.equal(verifyWitnessed(policy, parseTlogProof(inside.proof).checkpoint).cosignatures.length, 3)
  assert.equal(verifyEntry(inside, ledger.verifierKey).checkpoint.size, 5)
  const beyond = await ledger.proofOf(6)
  assert.equal(verifyEntry(beyond, ledger.verifierKey).checkpoint.size, 7)
  await ledger.witnessing.round()
  assert.equal((await ledger.published()).size, 7)
  assert.equal(ledger.witnessing.countersigned().waitingSince, null)
})

test('a witness that is down slows nothing; after its backoff it catches up', async (t) => {
  const { ledger, running, time } = await openWitnessed(t, { witnesses: 3 })
  await record(ledger, 1)
  await ledger.witnessing.round()
  await running[2]!.stop()
  await record(ledger, 3)
  await ledger.witnessing.round()
  const state = ledger.witnessing.countersigned()
  assert.deepEqual([state.size, state.by], [4, ['w0', 'w1']])
  assert.equal(state.witnesses[2]!.trouble, 'it cannot be reached')
  assert.equal(ledger.witnessing.alarm(), null)
  await running[2]!.restart()
  await ledger.witnessing.round()
  assert.equal(ledger.witnessing.countersigned().witnesses[2]!.cosignedSize, 1, 'not before its time')
  time.at += 2_000
  await ledger.witnessing.round()
  assert.deepEqual(ledger.witnessing.countersigned().by, ['w0', 'w1', 'w2'])
})

test('a witness that knows a newer size says so and is asked again with it', async (t) => {
  const { ledger, database } = await openWitnessed(t, { witnesses: 1 })
  await record(ledger, 4)
  await ledger.witnessing.round()
  await record(ledger, 1)
  await database.pool.query('UPDATE ledger.witness SET size = 0')
  await ledger.witnessing.round()
  assert.equal(ledger.witnessing.countersigned().size, 5)
})

test('promise 1: without the quorum for an hour nothing is revealed, and once it is there again everything is', async (t) => {
  const { ledger, running, time } = await openWitnessed(t, { witnesses: 1 })
  await record(ledger, 1)
  await ledger.witnessing.round()
  await running[0]!.stop()
  const id = await ledger.record(reveal())
  await ledger.witnessing.round()
  time.at += 9 * MINUTE
  assert.equal(ledger.witnessing.alarm(), null)
  time.at += MINUTE
  assert.equal(ledger.witnessing.alarm(), 'late')
  assert.equal(ledger.witnessing.stopsReveals(), null)
  time.at += 50 * MINUTE
  assert.equal(ledger.witnessing.stopsReveals(), 'late')
  const { size } = await ledger.head()
  await assert.rejects(ledger.record(reveal()), { code: 'reveals-stopped' })
  await assert.rejects(ledger.receiptFor(id), { code: 'reveals-stopped' })
  assert.equal((await ledger.head()).size, size, 'and no entry says that it was')
  await ledger.record({ kind: 'contact-closed', header: {}, body: {} })
  await running[0]!.restart()
  await ledger.witnessing.round()
  assert.equal(ledger.witnessing.alarm(), null)
  await ledger.receiptFor(await ledger.record(reveal()))
})

test('promise 3: a witness that has seen more than an old backup holds refuses, and reveals stop at once', async (t) => {
  const { ledger, parties, database, said, alarms } = await openWitnessed(t, { witnesses: 2 })
  await record(ledger, 6)
  await ledger.witnessing.round()
  await ledger.close()
  await restoreOld(database, 4)
  const restored = await createLedger(parties)
  t.after(() => restored.close())
  await restored.witnessing.round()
  assert.equal(restored.witnessing.alarm(), 'refused')
  assert.equal(restored.witnessing.stopsReveals(), 'refused')
  assert.equal(alarms(), 1)
  await assert.rejects(restored.record(reveal()), { code: 'reveals-stopped' })
  const entry = (await restored.entries({ limit: 5 })).find(({ kind }) => kind === 'witness-refused')
  assert.match(String(entry?.body?.why), /it has seen 6 entries of this log, and the log has 4/)
  assert.ok(said.some((line) => line.includes('A WITNESS REFUSES THIS LOG')))
  await restored.witnessing.round()
  const entries = (await restored.entries({ limit: 9 })).filter(({ kind }) => kind === 'witness-refused')
  assert.equal(entries.length, 2, 'one for each witness, once')
})

test('promise 3: a fork that grew past what the witness saw is refused too, as is another tree of the same size', async (t) => {
  const { ledger, parties, running } = await openWitnessed(t, {
    witnesses: 2,
    rules: { stopOnRefusal: false },
  })
  // Somebody with our key showed each witness another history.
  const key = { name: ORIGIN, verifierKey: ledger.verifierKey, ...parties.keys.signingKey('ledger') }
  const other = new MemoryLog(key, entriesOf(3))
  for (const { witness } of running)
    assert.equal(witness.addCheckpoint(await other.request(0, 3)).status, 200)
  await record(ledger, 3)
  await ledger.witnessing.round()
  const { witnesses } = ledger.witnessing.countersigned()
  assert.deepEqual(
    witnesses.map(({ refusedWhy }) => /answered 422/.test(refusedWhy ?? '')),
    [true, true],
  )
  assert.equal(ledger.witnessing.alarm(), 'refused')
  assert.equal(ledger.witnessing.stopsReveals(), null, 'where the rules say so')
})

test("strangers' deviations are borne: no cosignature, no refusal, and the right words", async (t) => {
  const answers: { status: number; type?: string; body: string; trouble: RegExp }[] = [
    { status: 500, body: 'unknown origin', trouble: /answered 500: unknown origin/ },
    { status: 429, body: '', trouble: /answered 429/ },
    { status: 404, body: 'unknown log\n', trouble: /answered 404/ },
    { status: 409, body: 'conflict', trouble: /409 without a size/ },
    { status: 200, body: 'nonsense', trouble: /no newline|signature/ },
    { status: 200, body: 'x'.repeat(70_000), trouble: /longer than 64 KiB/ },
    {
      status: 409,
      type: 'text/plain',
      body: '0\n',
      trouble: /another server/,
    },
  ]
  const stranger = createServer((request, response) => {
    request.resume()
    const { status, type = 'text/plain', body } = answers[Number(request.url!.split('/')[1])]!
    response.writeHead(status, { 'content-type': type }).end(body)
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  t.after(() => stranger.close())
  const { port } = stranger.address() as AddressInfo
  const dir = mkdtempSync(join(tmpdir(), 'stranger-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const others = answers.map((_, n) => ({
    name: `s${n}`,
    key: openWitnessKey(join(dir, String(n)), `s${n}.example`).verifierKey,
    url: `http://127.0.0.1:${port}/${n}/`,
  }))
  const { ledger } = await openWitnessed(t, { witnesses: 1, others, least: 1 })
  await record(ledger, 2)
  await ledger.witnessing.round()
  const { witnesses, by } = ledger.witnessing.countersigned()
  assert.deepEqual(by, ['w0'])
  answers.forEach(({ trouble }, n) => {
    assert.match(witnesses[n + 1]!.trouble ?? '', trouble)
    assert.equal(witnesses[n + 1]!.refusedAt, null, String(trouble))
  })
})

test('a policy of another log stops the start', async (t) => {
  const { parties } = await openWitnessed(t, { witnesses: 0 })
  const key = encodeVerifierKey('other.example/log', parties.keys.signingKey('ledger').publicKey)
  const policy = parsePolicy(`log ${key}\nquorum none\n`)
  await assert.rejects(createLedger({ ...parties, trust: { policy, rules: DEFAULT_WITNESS_RULES } }), {
    code: 'policy-other-log',
    fatal: true,
  })
})

test('everybody reads the policy, both checkpoints and the metrics; nothing of them is private', async (t) => {
  const { ledger, policy, parties } = await openWitnessed(t, { witnesses: 2 })
  const app = await createApp({
    log: createLog({ level: 'silent', clock: parties.clock }),
    clock: parties.clock,
    publicUrl: 'http://localhost:8080',
    operatorName: 'Test Mobile',
    demo: true,
    secureCookies: false,
  })
  t.after(() => app.close())
  app.setGuards({ staff: async () => null })
  addLedgerRoutes(app, { ledger })
  await record(ledger, 300)
  await ledger.witnessing.round()
  await record(ledger, 1)
  const get = (url: string) => app.inject({ url })
  assert.deepEqual(parsePolicy((await get('/log/policy')).body), policy)
  const checkpoint = await get('/log/checkpoint')
  assert.equal(checkpoint.headers['content-type'], 'text/plain; charset=utf-8')
  assert.equal(verifyWitnessed(policy, checkpoint.body).checkpoint.size, 300)
  const newest = verifyCheckpoint((await get('/log/newest')).body, parseVerifierKey(ledger.verifierKey))
  assert.equal(newest.size, 301)
  const metrics = (await get('/metrics')).body
  assert.match(metrics, /^countersign_ledger_entries 301$/m)
  assert.match(metrics, /^countersign_ledger_countersigned_entries 300$/m)
  assert.match(metrics, /^countersign_ledger_witness_refuses\{witness="w1"\} 0$/m)
  assert.doesNotMatch(metrics, /M-17|mandalay/)
  const head = (await get('/api/ledger/head')).json()
  assert.deepEqual([head.countersigned.size, head.countersigned.of, head.alarm], [300, 2, null])
  const proof = await get('/api/ledger/entries/7/tlog-proof')
  assert.match(String(proof.headers['content-disposition']), /entry-7\.tlog-proof/)
  assert.equal(verifyWitnessed(policy, parseTlogProof(proof.body).checkpoint).cosignatures.length, 2)
  assert.equal((await get('/api/ledger/entries/999/tlog-proof')).statusCode, 404)
})
