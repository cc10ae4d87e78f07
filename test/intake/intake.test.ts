import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { parseColumnMap } from '../../src/calls/formats/column-map.ts'
import { readIntakeLines } from '../../src/calls/formats/intake-line.ts'
import { readSource } from '../../src/calls/formats/source.ts'
import { sweepDirectory } from '../../src/intake/directory.ts'
import { createIntake, type Intake } from '../../src/intake/intake.ts'
import { addIntakeRoutes } from '../../src/intake/routes.ts'
import { CodedError } from '../../src/platform/coded-error.ts'
import { createApp } from '../../src/platform/http/app.ts'
import { createLog } from '../../src/platform/log.ts'
import { ingestStream, streamThrough } from '../../src/vault/ingest-stream.ts'
import { countQuarantine } from '../../src/vault/quarantine.ts'
import { KHIN, optionsWith, THIRI, vector } from '../calls/open-formats.ts'
import { NOW, openTestVault, type TestVault } from '../vault/support/open-vault.ts'

const MAP = parseColumnMap(
  JSON.stringify({
    name: 'intake',
    header: true,
    columns: {
      caller: { column: 'from' },
      called: { column: 'to' },
      start: { column: 'at', format: 'epoch-seconds' },
      kind: { fixed: 'voice' },
    },
  }),
)
const CSV = `from,to,at\n${THIRI},${KHIN},1788265920\n${THIRI},${KHIN},1788265980\n`
const clock = { now: () => NOW }
const log = createLog({ level: 'silent', clock })

interface TestIntake {
  readonly v: TestVault
  readonly dir: string
  readonly intake: Intake
  put(name: string, bytes: string | Buffer): void
  names(folder?: string): string[]
  /** Set to make the world fail. */
  readonly fault: { error: Error | null }
}

async function openIntake(t: TestContext): Promise<TestIntake> {
  const v = await openTestVault(t)
  const dir = mkdtempSync(join(tmpdir(), 'countersign-intake-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const parties = { pool: v.database.pool, keys: v.keys, clock, offsetMinutes: 390 }
  const options = optionsWith({ now: NOW, map: MAP })
  const servedByUs = (n: string): boolean => n.startsWith('+95979')
  const fault: { error: Error | null } = { error: null }
  const intake = createIntake({
    db: v.database.db,
    sealer: v.keys.sealer,
    clock,
    log,
    directory: dir,
    async ingest(paths, onUnreadable) {
      if (fault.error !== null) throw fault.error
      return v.ingest(paths, { read: readSource(options), servedByUs, onUnreadable })
    },
    ingestLines: (stream, first, lines: Readable) =>
      ingestStream(parties, readIntakeLines(lines, first, options), { stream, servedByUs }),
    streamThrough: (stream) => streamThrough(parties, stream),
    quarantineSize: () => countQuarantine(parties),
  })
  t.after(() => intake.stop())
  return {
    v,
    dir,
    intake,
    put: (name, bytes) => writeFileSync(join(dir, name), bytes),
    names: (folder = '') =>
      readdirSync(join(dir, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .sort(),
    fault,
  }
}

test('files of any format are filed and moved to done, what cannot be read at all to failed', async (t) => {
  const { intake, put, names, v } = await openIntake(t)
  put('day.csv', CSV)
  put('MSC01.dat', vector('pycrate-32297-release16.dat'))
  put('other.csv', 'a,b,c\n1,2,3\n')
  put('half.csv.tmp', 'not yet')
  put('.hidden', 'not yet')
  assert.equal(await intake.sweep(), 3)
  assert.deepEqual(names(), ['.hidden', 'half.csv.tmp'])
  assert.deepEqual(names('done'), ['MSC01.dat', 'day.csv'])
  assert.deepEqual(names('failed'), ['other.csv'])
  assert.ok((await v.log(THIRI)).length > 2)
  const overview = await intake.overview()
  assert.deepEqual(
    overview.files
      .map(({ name, outcome, reason, read, filed }) => [name, outcome, reason, read, filed])
      .sort(),
    [
      ['MSC01.dat', 'done', null, 20, 19],
      ['day.csv', 'done', null, 2, 2],
      ['other.csv', 'failed', 'map-column-missing', 0, 0],
    ],
  )
  assert.deepEqual([overview.day.files, overview.day.failed, overview.quarantined], [3, 1, 1])
  const { rows } = await v.database.pool.query<{ name: Buffer }>('SELECT name FROM intake.file')
  assert.ok(rows.every(({ name }) => !name.includes('MSC01') && !name.includes('day')))
})

test('the same file again is known, keeps both copies, and files nothing', async (t) => {
  const { intake, put, names, v } = await openIntake(t)
  put('day.csv', CSV)
  await intake.sweep()
  put('day.csv', CSV)
  await intake.sweep()
  assert.deepEqual(names('done'), ['day.csv', 'day.csv.1'])
  assert.equal((await v.log(THIRI)).length, 2)
  const [latest] = (await intake.overview()).files
  assert.deepEqual([latest!.filed, latest!.duplicate], [0, 2])
})

test('when the world fails, everything stays where it lies and is filed the next time', async (t) => {
  const { intake, put, names, v, fault } = await openIntake(t)
  put('a.csv', CSV)
  put('b.csv', CSV.replace('1788265920', '1788265921'))
  for (const error of [new Error('disk full'), new CodedError('offset-changed', 'another time zone')]) {
    fault.error = error
    await assert.rejects(intake.sweep(), error)
    assert.deepEqual(names(), ['a.csv', 'b.csv'])
    assert.deepEqual([names('done'), names('failed')], [[], []])
  }
  fault.error = null
  assert.equal(await intake.sweep(), 2)
  assert.equal((await v.log(THIRI)).length, 4)
})

test('two servers on one directory file every record once', async (t) => {
  const { intake, put, names, v, dir } = await openIntake(t)
  for (let file = 0; file < 12; file++)
    put(`f${file}.csv`, CSV.replace('1788265920', String(1_788_200_000 + file)))
  const options = { read: readSource(optionsWith({ now: NOW, map: MAP })) }
  const second = sweepDirectory(
    dir,
    (paths) => v.ingest(paths, options),
    async () => {},
  )
  await Promise.all([intake.sweep(), second])
  assert.deepEqual(names(), [])
  const starts = (await v.log(THIRI)).map((row) => row.start)
  assert.equal(new Set(starts).size, 13)
  assert.equal(starts.length, 24)
})

const SECRET = Buffer.alloc(32, 7)

async function openStream(t: TestContext) {
  const opened = await openIntake(t)
  const app = await createApp({
    log,
    clock,
    publicUrl: 'http://localhost:8080',
    operatorName: 'Test Mobile',
    demo: true,
    secureCookies: false,
  })
  app.setGuards({ staff: async () => null })
  addIntakeRoutes(app, { intake: opened.intake, secret: SECRET })
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const headers = {
    authorization: `Bearer ${SECRET.toString('base64url')}`,
    'content-type': 'application/x-ndjson',
  }
  const url = `http://127.0.0.1:${port}/api/intake/mediation`
  return {
    ...opened,
    port,
    headers,
    url,
    async send(from: number, body: string, more: Record<string, string> = headers) {
      const answer = await fetch(`${url}?from=${from}`, { method: 'POST', headers: more, body })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    },
    through: async () =>
      (
        (await (await fetch(url, { headers: { authorization: headers.authorization } })).json()) as {
          through: number
        }
      ).through,
  }
}

const line = (start: number): string =>
  `${JSON.stringify({ kind: 'voice', caller: THIRI, called: KHIN, start, durationSeconds: 5 })}\n`

test('a stream goes on where it is on record; sent twice it files nothing, and a gap is refused', async (t) => {
  const { send, through, v, intake } = await openStream(t)
  assert.equal(await through(), 0)
  const first = await send(1, `${line(1_788_265_920) + line(1_788_265_930)}no json\n`)
  assert.deepEqual(first.body, { through: 3, read: 3, filed: 2, duplicate: 0, quarantined: 1 })
  const again = await send(1, `${line(1_788_265_920) + line(1_788_265_930)}no json\n${line(1_788_265_940)}`)
  assert.deepEqual(again.body, { through: 4, read: 4, filed: 1, duplicate: 2, quarantined: 1 })
  const gap = await send(6, line(1_788_265_950))
  assert.equal(gap.status, 409)
  assert.equal(gap.body.code, 'intake-gap')
  assert.equal(await through(), 4)
  assert.equal((await v.log(THIRI)).length, 3)
  const { streams } = await intake.overview()
  assert.deepEqual(
    streams.map(({ name, filed }) => [name, filed]),
    [['mediation', 3]],
  )
})

test('lines before a connection breaks are filed, and half a line is left to come again', async (t) => {
  const { v, intake } = await openIntake(t)
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from(line(1_788_265_920) + line(1_788_265_930).slice(0, 20))
    yield Buffer.from(line(1_788_265_930).slice(20) + line(1_788_265_940).slice(0, 30))
    throw new Error('aborted')
  }
  await assert.rejects(intake.takeLines('switch-1', 1, Readable.from(broken())), /aborted/)
  assert.equal(await intake.through('switch-1'), 2)
  assert.equal((await v.log(THIRI)).length, 2)
})

test('a sender that was cut off asks how far it came and goes on from there', async (t) => {
  const { port, headers, send, through, v } = await openStream(t)
  const starts = [1_788_265_920, 1_788_265_930, 1_788_265_940]
  await new Promise<void>((resolve) => {
    const call = request({
      host: '127.0.0.1',
      port,
      path: '/api/intake/mediation?from=1',
      method: 'POST',
      headers,
    })
    call.on('error', () => {})
    call.on('close', resolve)
    call.write(starts.map(line).join('').slice(0, 250), () => setImmediate(() => call.destroy()))
  })
  const on = await through()
  const rest = await send(on + 1, starts.slice(on).map(line).join(''))
  assert.equal(rest.body.through, 3)
  assert.deepEqual(
    (await v.log(THIRI)).map((row) => row.start),
    starts,
  )
})

test('a stream without the secret is turned away', async (t) => {
  const { send, headers } = await openStream(t)
  const { status } = await send(1, line(1_788_265_920), { ...headers, authorization: 'Bearer guess' })
  assert.equal(status, 401)
})
