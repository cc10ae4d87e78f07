import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { encodeBase64 } from '../../../src/ledger/base64.ts'
import { encodeWitnessKey, parseWitnessKey, verifyCosignatures } from '../../../src/ledger/cosignature.ts'
import { emptyRoot } from '../../../src/ledger/merkle.ts'
import { parseVerifierKey } from '../../../src/ledger/note.ts'
import { encodeAddCheckpoint } from '../../../src/ledger/witness/add-checkpoint.ts'
import { openSeenStore } from '../../../src/ledger/witness/seen-store.ts'
import { createWitness, type Witness } from '../../../src/ledger/witness/witness.ts'
import { openWitnessKey } from '../../../src/ledger/witness/witness-key.ts'
import { serveWitness } from '../../../src/ledger/witness/witness-server.ts'
import { createLog } from '../../../src/platform/log.ts'
import { entriesOf, type LogKey, MemoryLog, makeLogKey } from '../memory-log.ts'

const NOW = Date.UTC(2026, 10, 25, 4, 30)
const clock = { now: () => NOW }
const log = createLog({ level: 'silent', clock })
const MAIN = fileURLToPath(new URL('../../../src/witness-main.ts', import.meta.url))

function directory(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'witness-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

function openWitness(t: TestContext, keys: readonly LogKey[], dir = directory(t), at = clock) {
  const store = openSeenStore(dir)
  const key = openWitnessKey(dir, 'w.example/one')
  const logs = keys.map(({ verifierKey }) => parseVerifierKey(verifierKey))
  const witness = createWitness({ key, store, logs, clock: at })
  return { witness, dir, close: () => store.close() }
}

/** The note with the witness's lines, and what of it the witness signed. */
function cosigned(witness: Witness, note: string, lines: string) {
  return verifyCosignatures(note + lines, [parseWitnessKey(witness.key.verifierKey)])
}

test('a witness takes a first tree without proof, then only what grows from it', async (t) => {
  const key = makeLogKey()
  const { witness, close } = openWitness(t, [key])
  t.after(close)
  const history = new MemoryLog(key, entriesOf(600))
  const first = witness.addCheckpoint(await history.request(0, 5))
  assert.deepEqual([first.status, first.type], [200, 'text/plain; charset=utf-8'])
  assert.match(first.body, /^— w\.example\/one [A-Za-z0-9+/=]+\n$/)
  const [signature] = cosigned(witness, await history.note(5), first.body)
  assert.equal(signature?.at, NOW)
  for (const [from, to] of [
    [5, 5],
    [5, 256],
    [256, 257],
    [257, 600],
  ] as const)
    assert.equal(witness.addCheckpoint(await history.request(from, to)).status, 200, `${from} to ${to}`)
  const stale = witness.addCheckpoint(await history.request(5, 600))
  assert.deepEqual([stale.status, stale.type, stale.body], [409, 'text/x.tlog.size', '600\n'])
  const back = witness.addCheckpoint(await history.request(0, 5))
  assert.deepEqual([back.status, back.body], [409, '600\n'])
})

test('each wrong request has the status that the protocol says', async (t) => {
  const key = makeLogKey()
  const { witness, close } = openWitness(t, [key])
  t.after(close)
  const history = new MemoryLog(key, entriesOf(20))
  const other = new MemoryLog(key, entriesOf(20, 'b', 3))
  assert.equal(witness.addCheckpoint(await history.request(0, 10)).status, 200)
  const note = await history.note(10)
  const hash = encodeBase64(new Uint8Array(32))
  const ask = (oldSize: number, proof: readonly string[], of = note) =>
    witness.addCheckpoint(encodeAddCheckpoint({ oldSize, proof, note: of })).status
  const good = await history.request(10, 20)
  const stranger = new MemoryLog(makeLogKey('other.example/log'), entriesOf(3))
  const thief = new MemoryLog(makeLogKey(), entriesOf(20))
  const [line] = (await other.note(11)).split('\n').slice(-2)
  const asks: [number, string, number][] = [
    [400, 'old size above that of the checkpoint', ask(11, [])],
    [400, 'old 00', witness.addCheckpoint(good.replace('old 10', 'old 00')).status],
    [400, 'old +10', witness.addCheckpoint(good.replace('old 10', 'old +10')).status],
    [400, 'old with a trailing space', witness.addCheckpoint(good.replace('old 10', 'old 10 ')).status],
    [400, '64 lines of proof', ask(10, Array(64).fill(hash))],
    [400, 'a proof line that is no hash', ask(10, ['AAAA'])],
    [400, 'base64 that is not canonical', ask(10, [`${hash.slice(0, -2)}B=`])],
    [400, 'no checkpoint', witness.addCheckpoint('old 10\n\n').status],
    [400, 'nothing', witness.addCheckpoint('').status],
    [400, 'a note without signatures', ask(10, [], note.slice(0, note.indexOf('\n\n') + 1))],
    [404, 'an unknown log', witness.addCheckpoint(await stranger.request(0)).status],
    [403, 'another key under the same name', witness.addCheckpoint(await thief.request(10, 20)).status],
    [403, 'a failing signature beside a good one', ask(10, [], `${note}${line}\n`)],
    [409, 'a stale old size', ask(0, [])],
    [422, 'the same size with another root', ask(10, [], await other.note(10))],
    [422, 'proof lines for the same size', ask(10, [hash])],
    [422, 'a proof of another history', witness.addCheckpoint(await other.request(10, 20)).status],
    [422, 'no proof', ask(10, [], await history.note(20))],
  ]
  for (const [status, what, got] of asks) assert.equal(got, status, what)
  assert.equal(witness.addCheckpoint(good).status, 200, 'nothing of all that was stored')
})

test('at first contact there is no proof, and the empty tree has one root', async (t) => {
  const key = makeLogKey()
  const { witness, close } = openWitness(t, [key])
  t.after(close)
  const history = new MemoryLog(key, entriesOf(4))
  const hash = encodeBase64(new Uint8Array(32))
  const withProof = encodeAddCheckpoint({ oldSize: 0, proof: [hash], note: await history.note() })
  assert.equal(witness.addCheckpoint(withProof).status, 422)
  const { signCheckpoint } = await import('../../../src/ledger/checkpoint.ts')
  const empty = (root: Uint8Array) =>
    encodeAddCheckpoint({
      oldSize: 0,
      proof: [],
      note: signCheckpoint({ origin: key.name, size: 0, root }, key),
    })
  assert.equal(witness.addCheckpoint(empty(new Uint8Array(32))).status, 422)
  assert.equal(witness.addCheckpoint(empty(emptyRoot())).status, 200)
  assert.equal(witness.addCheckpoint(await history.request(0)).status, 200)
})

test('unknown signatures are ignored, extension lines are signed with the rest', async (t) => {
  const key = makeLogKey()
  const { witness, close } = openWitness(t, [key])
  t.after(close)
  const history = new MemoryLog(key, entriesOf(9))
  const extended = await history.note(9, 'an extension')
  const [line] = (await new MemoryLog(makeLogKey('x.example'), entriesOf(1)).note()).split('\n').slice(-2)
  const said = witness.addCheckpoint(
    encodeAddCheckpoint({ oldSize: 0, proof: [], note: `${extended}${line}\n` }),
  )
  assert.equal(said.status, 200)
  assert.equal(cosigned(witness, extended, said.body).length, 1)
  assert.throws(() => cosigned(witness, extended.replace('an extension', 'another'), said.body), {
    code: 'signature-wrong',
  })
})

test('a clock that was set back never makes a larger tree look older', async (t) => {
  const key = makeLogKey()
  const time = { at: NOW }
  const { witness, close } = openWitness(t, [key], directory(t), { now: () => time.at })
  t.after(close)
  const history = new MemoryLog(key, entriesOf(9))
  witness.addCheckpoint(await history.request(0, 3))
  time.at = 0
  const said = witness.addCheckpoint(await history.request(3, 9))
  assert.equal(cosigned(witness, await history.note(9), said.body)[0]?.at, NOW)
})

test('a witness keeps name, key and what it saw over a restart', async (t) => {
  const key = makeLogKey()
  const history = new MemoryLog(key, entriesOf(50))
  const first = openWitness(t, [key])
  assert.equal(first.witness.addCheckpoint(await history.request(0, 20)).status, 200)
  first.close()
  const again = openWitness(t, [key], first.dir)
  t.after(again.close)
  assert.equal(again.witness.key.verifierKey, first.witness.key.verifierKey)
  assert.equal(again.witness.addCheckpoint(await history.request(0, 50)).body, '20\n')
  assert.equal(again.witness.addCheckpoint(await history.request(20, 50)).status, 200)
  assert.throws(() => openWitnessKey(first.dir, 'w.example/two'), { code: 'witness-named-otherwise' })
  assert.notEqual(encodeWitnessKey('a', key.publicKey), key.verifierKey)
})

test('over HTTP: its types, its limits, and other addresses', async (t) => {
  const key = makeLogKey()
  const { witness, close } = openWitness(t, [key])
  t.after(close)
  const server = await serveWitness(witness, { host: '127.0.0.1', port: 0, log })
  t.after(() => server.close())
  const url = `http://127.0.0.1:${server.port}`
  const post = (body: string | Uint8Array) =>
    fetch(`${url}/add-checkpoint`, { method: 'POST', body: body as never })
  const history = new MemoryLog(key, entriesOf(30))
  assert.equal((await post(await history.request(0, 7))).status, 200)
  const conflict = await post(await history.request(0, 30))
  assert.equal(conflict.headers.get('content-type'), 'text/x.tlog.size')
  assert.equal(await conflict.text(), '7\n')
  assert.equal((await post('x'.repeat(20_000))).status, 413)
  assert.equal((await post(Uint8Array.of(0xff, 0xfe))).status, 400)
  assert.equal((await fetch(`${url}/add-checkpoint`)).status, 405)
  assert.equal((await fetch(`${url}/elsewhere`)).status, 404)
  assert.match(await (await fetch(url)).text(), /log\.example\/calls\n {2}size 7\n/)
})

/** Every tree that was cosigned must be the beginning of one and the same history. */
async function assertOneHistory(signed: readonly string[], histories: readonly MemoryLog[]): Promise<void> {
  const bodies = [...new Set(signed)]
  const among = await Promise.all(
    histories.map(async (history) => {
      const notes = await Promise.all(bodies.map((body) => history.note(Number(body.split('\n')[1]))))
      return notes.every((note, i) => note.startsWith(bodies[i]!))
    }),
  )
  assert.ok(among.includes(true), 'two histories were signed')
}

test('promise 3: hammered with forks by many at once, a witness never signs two histories', async (t) => {
  const key = makeLogKey()
  const dir = directory(t)
  const SIZE = 300
  const histories = ['a', 'b', 'c', 'd'].map(
    (name) => new MemoryLog(key, entriesOf(SIZE, name, name === 'd' ? 40 : 0)),
  )
  // Two servers on one directory: what an operator who restarts a hung one may end with.
  const servers = await Promise.all(
    [0, 1].map(async () => {
      const { witness, close } = openWitness(t, [key], dir)
      const server = await serveWitness(witness, { host: '127.0.0.1', port: 0, log })
      t.after(async () => {
        await server.close()
        close()
      })
      return server
    }),
  )
  const signed: string[] = []
  const rounds = Array.from({ length: 12 }, async (_, n) => {
    const history = histories[n % histories.length]!
    let old = 0
    for (let size = 1 + (n % 7); size <= SIZE; size += 17 + (n % 5)) {
      const url = `http://127.0.0.1:${servers[(n + size) % 2]!.port}/add-checkpoint`
      const answer = await fetch(url, {
        method: 'POST',
        body: await history.request(Math.min(old, size), size),
      })
      const text = await answer.text()
      if (answer.status === 409) old = Number(text)
      if (answer.status !== 200) continue
      signed.push((await history.note(size)).split('\n\n')[0]!)
      old = size
    }
  })
  await Promise.all(rounds)
  assert.ok(new Set(signed).size > 10, 'it signed what one history grew to')
  await assertOneHistory(signed, histories)
})

interface Started {
  readonly child: ChildProcess
  readonly url: string
}

async function start(dir: string, key: LogKey): Promise<Started> {
  const child = spawn(
    process.execPath,
    [
      MAIN,
      'witness',
      '--dir',
      dir,
      '--name',
      'w.example/one',
      '--log',
      key.verifierKey,
      '--port',
      '0',
      '--json',
      '--attached',
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  for await (const line of createInterface({ input: child.stdout! }))
    return { child, url: (JSON.parse(line) as { url: string }).url }
  throw new Error('the witness did not start')
}

async function kill({ child }: Started): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

test('promise 3: killed between verifying and storing, a witness has signed nothing and forgotten nothing', async (t) => {
  const key = makeLogKey()
  const dir = directory(t)
  const [honest, fork] = [new MemoryLog(key, entriesOf(80)), new MemoryLog(key, entriesOf(80, 'b', 30))]
  const first = await start(dir, key)
  const post = ({ url }: Started, body: string) => fetch(`${url}/add-checkpoint`, { method: 'POST', body })
  assert.equal((await post(first, await honest.request(0, 20))).status, 200)
  // We hold the write lock, so the request has been verified and waits to be stored when the witness dies.
  const lock = new DatabaseSync(join(dir, 'seen.sqlite'))
  lock.exec('BEGIN IMMEDIATE')
  const lost = post(first, await honest.request(20, 60)).then(
    ({ status }) => status,
    () => 'no answer',
  )
  await kill(first)
  assert.equal(await lost, 'no answer')
  lock.exec('ROLLBACK')
  lock.close()
  const second = await start(dir, key)
  t.after(() => kill(second))
  assert.equal(await (await post(second, await honest.request(0, 60))).text(), '20\n')
  assert.equal(
    (await post(second, await fork.request(20, 60))).status,
    200,
    'it never signed 60 of the other',
  )
  assert.equal((await post(second, await honest.request(60, 70))).status, 422)
  second.child.stdin!.end()
  await once(second.child, 'exit')
})

test('promise 3: killed at any moment under load, what a witness signed is one history', async (t) => {
  const key = makeLogKey()
  const dir = directory(t)
  const histories = [new MemoryLog(key, entriesOf(400)), new MemoryLog(key, entriesOf(400, 'b', 9))]
  const signed: string[] = []
  for (let round = 0; round < 3; round += 1) {
    const running = await start(dir, key)
    t.after(() => kill(running))
    const before = signed.length
    const clients = [0, 1, 2, 3].map(async (n) => {
      const history = histories[n % 2]!
      let old = 0
      try {
        for (;;) {
          const size = Math.min(old + 1 + n, 400)
          const body = await history.request(old, size)
          const answer = await fetch(`${running.url}/add-checkpoint`, { method: 'POST', body })
          const text = await answer.text()
          if (answer.status === 200) signed.push((await history.note(size)).split('\n\n')[0]!)
          if (answer.status === 422) return
          old = answer.status === 409 ? Number(text) : answer.status === 200 ? size : old
          if (signed.length - before >= 12 + round) running.child.kill('SIGKILL')
        }
      } catch {
        // It was killed; whoever asked knows nothing of its last request.
      }
    })
    await Promise.all(clients)
    await kill(running)
  }
  assert.ok(signed.length >= 36)
  await assertOneHistory(signed, histories)
})
