import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { cosign, encodeWitnessKey } from '../../src/ledger/cosignature.ts'
import { createFolderSource, createHttpSource, type LogSource } from '../../src/ledger/log-source.ts'
import { mirrorLog } from '../../src/ledger/mirror.ts'
import { encodePolicy, parsePolicy } from '../../src/ledger/trust-policy.ts'
import { type PublicCode, verifyPublicLog } from '../../src/ledger/verify-public.ts'
import { entriesOf, MemoryLog, makeLogKey } from './memory-log.ts'

const SIZE = 600
const KEY = makeLogKey()
const WITNESS = makeWitness()
const POLICY = parsePolicy(
  encodePolicy({ key: KEY.verifierKey, url: 'http://localhost/log' }, [
    { name: 'regulator', key: WITNESS.verifierKey, url: 'http://localhost/w' },
  ]),
)
const HONEST = new MemoryLog(KEY, entriesOf(SIZE))

function makeWitness() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const name = 'w.example'
  const key = { name, publicKey: raw, sign: (bytes: Uint8Array) => sign(null, bytes, privateKey) }
  return {
    verifierKey: encodeWitnessKey(name, raw),
    cosign: (note: string) => note + cosign(`${note.split('\n\n')[0]}\n`, 1_795_000_000, key),
  }
}

type Files = Map<string, Uint8Array>

async function served(log: MemoryLog, size = log.entries.length, witnessed = true): Promise<Files> {
  const files = await log.files(size)
  const note = await log.note(size)
  files.set('checkpoint', Buffer.from(witnessed ? WITNESS.cosign(note) : note))
  return files
}

function sourceOf(files: Files): LogSource {
  return { read: async (path) => files.get(path) ?? null }
}

function change(files: Files, path: string, edit: (bytes: Buffer) => Uint8Array): void {
  const bytes = files.get(path)
  assert.ok(bytes !== undefined, path)
  files.set(path, edit(Buffer.from(bytes)))
}

const ENTRY = 34

function flip(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes[at]! ^ 1, at)
  return bytes
}

/** Each thing an operator (or whoever sits between) may do, and what an outsider calls it. */
const ATTACKS: { name: string; code: PublicCode; at?: number; files: () => Promise<Files>; kept?: number }[] =
  [
    {
      name: 'a changed entry',
      code: 'entry-changed',
      at: 300,
      files: () => edited('tile/entries/001', (bytes) => flip(bytes, 44 * ENTRY + 2)),
    },
    {
      name: 'a changed tile',
      code: 'tile-changed',
      at: 300,
      files: () => edited('tile/0/001', (bytes) => flip(bytes, 44 * 32)),
    },
    {
      name: 'a changed upper tile',
      code: 'tile-changed',
      files: () => edited('tile/1/000.p/2', (bytes) => flip(bytes, 3)),
    },
    {
      name: 'a removed entry',
      code: 'entry-removed',
      at: 300,
      files: () =>
        edited('tile/entries/001', (bytes) =>
          Buffer.concat([bytes.subarray(0, 44 * ENTRY), bytes.subarray(45 * ENTRY)]),
        ),
    },
    {
      name: 'a removed entry with all that follow moved up',
      code: 'entry-removed',
      at: 300,
      files: async () => {
        const entries = HONEST.entries.toSpliced(300, 1)
        const files = await served(HONEST)
        const moved = await new MemoryLog(KEY, [...entries, entries[0]!]).files()
        for (const [path, bytes] of moved) if (path.startsWith('tile/entries/')) files.set(path, bytes)
        return files
      },
    },
    {
      name: 'reordered entries',
      code: 'entries-reordered',
      at: 300,
      files: () =>
        edited('tile/entries/001', (bytes) => {
          const [a, b] = [44, 50].map((n) => Buffer.from(bytes.subarray(n * ENTRY, (n + 1) * ENTRY)))
          b!.copy(bytes, 44 * ENTRY)
          a!.copy(bytes, 50 * ENTRY)
          return bytes
        }),
    },
    {
      name: 'entries and tiles rewritten together',
      code: 'log-rewritten',
      files: async () => {
        const files = await served(new MemoryLog(KEY, entriesOf(SIZE, 'b', 300)))
        return files.set('checkpoint', (await served(HONEST)).get('checkpoint')!)
      },
    },
    { name: 'a rolled-back log', code: 'rolled-back', kept: SIZE, files: () => served(HONEST, 400) },
    {
      name: 'an old backup restored, and grown anew',
      code: 'forked',
      kept: 500,
      files: () => served(new MemoryLog(KEY, entriesOf(SIZE, 'b', 400))),
    },
    {
      name: 'a fork of the same size served to one reader',
      code: 'forked',
      kept: SIZE,
      files: () => served(new MemoryLog(KEY, entriesOf(SIZE, 'b', 400))),
    },
    {
      name: 'a fork that no witness saw, served to a reader who comes for the first time',
      code: 'quorum-missing',
      files: () => served(new MemoryLog(KEY, entriesOf(SIZE, 'b', 400)), SIZE, false),
    },
    {
      name: 'a wrong origin',
      code: 'other-origin',
      files: () => served(new MemoryLog(makeLogKey('other.example/log'), entriesOf(SIZE))),
    },
    {
      name: 'a signature by another key',
      code: 'other-key',
      files: () => served(new MemoryLog(makeLogKey(), entriesOf(SIZE))),
    },
    {
      name: 'a checkpoint with extra lines, signed',
      code: 'extra-lines',
      files: async () =>
        (await served(HONEST)).set('checkpoint', Buffer.from(await HONEST.note(SIZE, 'more'))),
    },
    {
      name: 'a checkpoint with extra lines put in',
      code: 'signature-wrong',
      files: () =>
        edited('checkpoint', (bytes) => Buffer.from(bytes.toString().replace('\n\n', '\nmore\n\n'))),
    },
    {
      name: 'a checkpoint cut off',
      code: 'checkpoint-malformed',
      files: () => edited('checkpoint', (bytes) => bytes.subarray(0, 60)),
    },
    {
      name: 'a missing tile',
      code: 'log-incomplete',
      files: async () => {
        const files = await served(HONEST)
        files.delete('tile/0/001')
        return files
      },
    },
  ]

async function edited(path: string, edit: (bytes: Buffer) => Uint8Array): Promise<Files> {
  const files = await served(HONEST)
  change(files, path, edit)
  return files
}

test('an untouched log is proven in one line, and again from the checkpoint kept', async () => {
  const first = await verifyPublicLog({ source: sourceOf(await served(HONEST, 400)), policy: POLICY })
  assert.deepEqual([first.ok, first.size], [true, 400], first.why)
  assert.match(
    first.why,
    /^Proven: all 400 entries and every tile of log\.example\/calls are under its signed checkpoint, countersigned by 1 of 1 witnesses, last at [^ ]+; it is the first time[^\n]*$/,
  )
  const next = await verifyPublicLog({
    source: sourceOf(await served(HONEST)),
    policy: POLICY,
    kept: first.checkpoint!,
  })
  assert.match(next.why, /it begins with the 400 entries seen last time/)
})

test('logs of every awkward size are proven', async () => {
  for (const size of [0, 1, 255, 256, 257, 511, 512, 513]) {
    const verdict = await verifyPublicLog({
      source: sourceOf(await served(HONEST, size)),
      policy: POLICY,
      kept: WITNESS.cosign(await HONEST.note(Math.min(size, 256))),
    })
    assert.equal(verdict.ok, true, `${size}: ${verdict.why}`)
  }
})

for (const { name, code, at, files, kept } of ATTACKS)
  test(`promise 3: an outsider finds ${name} and calls it ${code}`, async () => {
    const verdict = await verifyPublicLog({
      source: sourceOf(await files()),
      policy: POLICY,
      ...(kept === undefined ? {} : { kept: WITNESS.cosign(await HONEST.note(kept)) }),
    })
    assert.equal(verdict.code, code, verdict.why)
    if (at !== undefined) assert.equal(verdict.firstWrong, at)
    assert.equal(verdict.checkpoint, null)
  })

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'mirror-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

test('a mirror is a folder of the same files, catches up, and is itself a log to verify', async (t) => {
  const dir = folder(t)
  for (const size of [100, 300, SIZE]) {
    const result = await mirrorLog({
      from: sourceOf(await served(HONEST, size)),
      folder: dir,
      policy: POLICY,
    })
    assert.equal(result.ok, true, result.why)
    for (const [path, bytes] of await served(HONEST, size))
      assert.deepEqual(readFileSync(join(dir, path)), Buffer.from(bytes), path)
    const verdict = await verifyPublicLog({ source: createFolderSource(dir), policy: POLICY })
    assert.deepEqual([verdict.ok, verdict.size], [true, size], verdict.why)
  }
  assert.equal(existsSync(join(dir, 'tile/0/001.p')), false, 'the partial tile went when the full one came')
  const again = await mirrorLog({ from: sourceOf(await served(HONEST)), folder: dir, policy: POLICY })
  assert.deepEqual([again.ok, again.copied], [true, 0])
})

test('a mirror that was killed on its way goes on where it was, and mends what it had wrong', async (t) => {
  const dir = folder(t)
  const files = await served(HONEST)
  let reads = 0
  const dying: LogSource = {
    read: async (path) => {
      reads += 1
      if (path === 'tile/entries/002.p/88') throw new Error('killed')
      return files.get(path) ?? null
    },
  }
  await assert.rejects(mirrorLog({ from: dying, folder: dir, policy: POLICY }), /killed/)
  assert.equal(existsSync(join(dir, 'checkpoint')), false, 'the checkpoint comes last')
  await mirrorLog({ from: sourceOf(await served(HONEST, 300)), folder: dir, policy: POLICY })
  // A later full tile, left by a run that died before it knew that it was wrong.
  writeFileSync(join(dir, 'tile/0/001'), Buffer.alloc(8192, 7))
  const asked: string[] = []
  const counting: LogSource = {
    read: async (path) => {
      asked.push(path)
      return files.get(path) ?? null
    },
  }
  const result = await mirrorLog({ from: counting, folder: dir, policy: POLICY })
  assert.equal(result.ok, true, result.why)
  assert.equal(asked.includes('tile/entries/000'), false, 'what is proven is not fetched again')
  assert.deepEqual(readFileSync(join(dir, 'tile/0/001')), Buffer.from(files.get('tile/0/001')!))
  assert.ok(reads > 0)
})

test('promise 3: a mirror refuses a log that is not the one it holds, and keeps what it has', async (t) => {
  const dir = folder(t)
  await mirrorLog({ from: sourceOf(await served(HONEST, 500)), folder: dir, policy: POLICY })
  const before = readFileSync(join(dir, 'checkpoint'))
  const fork = await mirrorLog({
    from: sourceOf(await served(new MemoryLog(KEY, entriesOf(SIZE, 'b', 400)))),
    folder: dir,
    policy: POLICY,
  })
  assert.deepEqual([fork.ok, fork.code], [false, 'forked'], fork.why)
  const back = await mirrorLog({ from: sourceOf(await served(HONEST, 400)), folder: dir, policy: POLICY })
  assert.deepEqual([back.ok, back.code], [false, 'rolled-back'])
  assert.deepEqual(readFileSync(join(dir, 'checkpoint')), before)
  assert.equal((await verifyPublicLog({ source: createFolderSource(dir), policy: POLICY })).ok, true)
  writeFileSync(join(dir, 'tile/0/001.p/244'), Buffer.alloc(244 * 32, 1))
  await assert.rejects(mirrorLog({ from: sourceOf(await served(HONEST)), folder: dir, policy: POLICY }), {
    code: 'mirror-broken',
  })
})

test('over HTTP: a missing file is missing, a busy server is waited for, a dead one is said', async (t) => {
  let busy = 2
  const server = createServer((request, response) => {
    if (request.url === '/log/checkpoint' && busy > 0) {
      busy -= 1
      response.writeHead(429, { 'retry-after': '0' }).end()
      return
    }
    response
      .writeHead(request.url === '/log/checkpoint' ? 200 : request.url === '/log/gone' ? 404 : 403)
      .end('note')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const source = createHttpSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}/log/`)
  assert.equal(Buffer.from((await source.read('checkpoint'))!).toString(), 'note')
  assert.equal(await source.read('gone'), null)
  await assert.rejects(source.read('forbidden'), { code: 'log-unreachable' })
})
