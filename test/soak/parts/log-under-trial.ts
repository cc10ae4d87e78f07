import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLedger, type Ledger } from '../../../src/ledger/ledger.ts'
import { verifyLedger } from '../../../src/ledger/verify.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { type OpenDatabase, openDatabase } from '../../../src/platform/database.ts'
import { ORIGIN, testSealer } from '../../ledger/parties.ts'

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url))

/** A log whose servers are processes that may die, with everything that any of them acknowledged. */
export interface LogUnderTrial {
  /** Index by entry id, as servers told them. */
  readonly told: Map<string, number>
  start(): Writer
  /** Another server opens the log, takes up what was left waiting, and the whole log is verified. */
  check(): Promise<number>
  /** The same log, its database now at another address. */
  movedTo(url: string): LogUnderTrial
  close(): Promise<void>
}

export interface Writer {
  readonly child: ChildProcess
  /** Resolves when it has told so many more entries. */
  tells(count: number): Promise<void>
  /** What it said when it gave up; empty when it was killed. */
  ended(): Promise<string>
}

/** A log in the database at `url`, with keys of its own in a file that its servers read. */
export function openLogUnderTrial(url: string): LogUnderTrial {
  const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-soak-'))
  const keyFile = join(dir, 'keys.json')
  const { privateKey } = generateKeyPairSync('ed25519')
  const sealing = randomBytes(32)
  const signing = privateKey.export({ format: 'pem', type: 'pkcs8' })
  writeFileSync(keyFile, JSON.stringify({ sealing: sealing.toString('base64'), signing }), { mode: 0o600 })
  return logAt(url, { dir, keyFile, privateKey, sealing, told: new Map() })
}

interface Kept {
  readonly dir: string
  readonly keyFile: string
  readonly privateKey: KeyObject
  readonly sealing: Buffer
  readonly told: Map<string, number>
}

function logAt(url: string, kept: Kept): LogUnderTrial {
  const { dir, keyFile, privateKey, sealing, told } = kept
  const sealer = testSealer(sealing)
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32)
  const signingKey = { publicKey, sign: (bytes: Uint8Array) => sign(null, bytes, privateKey) }
  const withLedger = async <T>(work: (ledger: Ledger, database: OpenDatabase) => Promise<T>): Promise<T> => {
    const database = openDatabase({ url })
    const keys = { sealer, signingKey: () => signingKey }
    const parties = { pool: database.pool, keys, clock: systemClock, random: randomBytes, origin: ORIGIN }
    const ledger = await createLedger({ ...parties, sweepSeconds: 0 })
    try {
      return await work(ledger, database)
    } finally {
      await ledger.close()
      await database.close()
    }
  }
  return {
    told,
    start: () => startWriter(url, keyFile, told),
    check: () =>
      withLedger(async (ledger, { pool }) => {
        await ledger.sequence()
        const { verifierKey } = ledger
        const result = await verifyLedger({ pool, verifierKey, sealer })
        assert.equal(result.ok, true, result.why)
        const { rows } = await pool.query<{ id: string; index: number }>(
          "SELECT replace(id::text, '-', '') AS id, index FROM ledger.entry",
        )
        const stored = new Map(rows.map(({ id, index }) => [id, index]))
        for (const [id, index] of told)
          assert.equal(stored.get(id), index, `entry ${index} was acknowledged and is not where it was`)
        assert.equal(stored.size, result.size, 'no gap, no doubled index')
        return result.size
      }),
    movedTo: (next) => logAt(next, kept),
    close: async () => rmSync(dir, { recursive: true, force: true }),
  }
}

function startWriter(url: string, keyFile: string, told: Map<string, number>): Writer {
  const child = spawn(process.execPath, [WRITER, url, keyFile], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let words = ''
  let mine = 0
  const waiting: { at: number; done: () => void }[] = []
  child.stderr?.on('data', (chunk: Buffer) => {
    words += chunk.toString('utf8')
  })
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (said + chunk.toString('utf8')).split('\n')
    said = lines.pop() ?? ''
    for (const line of lines) {
      const [id, index] = line.split(' ') as [string, string]
      told.set(id, Number(index))
      mine += 1
    }
    for (const { at, done } of waiting.splice(0)) mine >= at ? done() : waiting.push({ at, done })
  })
  const closed = once(child, 'close')
  return {
    child,
    tells: (count) =>
      Promise.race([
        new Promise<void>((done) => waiting.push({ at: mine + count, done })),
        closed.then(() => {
          throw new Error(`the writer ended: ${words}`)
        }),
      ]),
    ended: async () => {
      await closed
      return words
    },
  }
}
