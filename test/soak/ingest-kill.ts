import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeDailyFiles } from '../../bench/daily-files.ts'
import { initKeys, openKeys } from '../../src/keys/key-directory.ts'
import { openTestDatabase } from '../support/database.ts'
import { readSourceRows, recount } from './parts/recount.ts'
import { runRounds } from './parts/rounds.ts'

const PASSPHRASE = 'a passphrase for the soak'
const WORKER = join(import.meta.dirname, 'parts', 'ingest-worker.ts')

/**
 * Two processes file the same month at once and are killed (SIGKILL) at random steps, `kills` times, while reading,
 * sealing, committing and merging; then two more finish it. By recount against the source, each record is on file
 * once under each of its parties, saying what the source says.
 */
export async function killIngest(
  rounds: number,
  say: (line: string) => void,
  { records, kills }: { records: number; kills: number },
): Promise<void> {
  const closing: (() => Promise<void>)[] = []
  const database = await openTestDatabase({ after: (fn) => closing.push(fn as () => Promise<void>) })
  const dir = mkdtempSync(join(tmpdir(), 'countersign-soak-'))
  const keysDir = join(dir, 'd.keys')
  await initKeys(keysDir, PASSPHRASE, { scryptLogN: 10 })
  const keys = await openKeys(keysDir, PASSPHRASE)
  try {
    const { paths } = writeDailyFiles(dir, records, 7)
    const source = readSourceRows(paths, keys)
    const gather = String(Math.max(100, Math.round(records / 12)))
    const start = (): Worker => startWorker([database.url, keysDir, gather, ...paths])
    for (let round = 1; round <= rounds; round++) {
      await database.pool.query(
        'TRUNCATE vault.block, vault.file, vault.reference, vault.quarantine RESTART IDENTITY',
      )
      let killed = 0
      for (let kill = 0; kill < kills; kill++) {
        const ends = await Promise.all(
          [start(), start()].map((worker) => worker.killAfter(randomInt(0, paths.length))),
        )
        killed += ends.filter((end) => end === 'killed').length
      }
      for (const end of await Promise.all([start(), start()].map((worker) => worker.ended()))) {
        if (end !== 0) throw new Error(`a worker that nobody killed ended with ${end}`)
      }
      const { blocks, rows } = await recount(
        database.pool,
        keys,
        source,
        await fileIdsOf(database.pool, paths),
      )
      say(`round ${round}: ${killed} workers killed, ${rows} rows in ${blocks} blocks, each once`)
    }
  } finally {
    keys.close()
    for (const close of closing) await close()
    rmSync(dir, { recursive: true })
  }
}

interface Worker {
  /** Kills the process after so many steps, unless it is done before. */
  killAfter(steps: number): Promise<'killed' | 'done'>
  ended(): Promise<number | null>
}

function startWorker(args: readonly string[]): Worker {
  const child: ChildProcess = spawn(process.execPath, [WORKER, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return {
    ended: () => ended,
    async killAfter(steps) {
      let seen = 0
      child.stdout!.on('data', (chunk: Buffer) => {
        seen += chunk.toString().split('step').length - 1
        if (seen >= steps) child.kill('SIGKILL')
      })
      if (steps === 0) child.kill('SIGKILL')
      return (await ended) === 0 ? 'done' : 'killed'
    },
  }
}

/** The numbers that the files have on record, by digest, as their places among `paths`. */
async function fileIdsOf(
  pool: { query(text: string): Promise<{ rows: { id: number; digest: Buffer }[] }> },
  paths: readonly string[],
): Promise<Map<number, number>> {
  const places = new Map(
    paths.map((path, at) => [createHash('sha256').update(readFileSync(path)).digest('hex'), at]),
  )
  const { rows } = await pool.query('SELECT id, digest FROM vault.file')
  return new Map(rows.map(({ id, digest }) => [id, places.get(digest.toString('hex')) ?? -1]))
}

if (import.meta.main) {
  const records = Number(process.env.COUNTERSIGN_SOAK_RECORDS ?? 2_000_000)
  await runRounds('ingest-kill', 50, (rounds, say) => killIngest(rounds, say, { records, kills: 3 }))
}
