import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Ledger } from '../src/ledger/ledger.ts'
import { createFolderSource, type LogSource } from '../src/ledger/log-source.ts'
import { mirrorLog } from '../src/ledger/mirror.ts'
import { encodeBundle, parseTilePath, TILE_WIDTH } from '../src/ledger/tiles.ts'
import { encodePolicy, parsePolicy, type TrustPolicy } from '../src/ledger/trust-policy.ts'
import { verifyLedger } from '../src/ledger/verify.ts'
import { verifyPublicLog } from '../src/ledger/verify-public.ts'
import { openDatabase } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import { cpuOf, draft, openLedger } from './ledger-work.ts'
import { onOwnDatabase } from './own-database.ts'

/**
 * Verifying a log of so many entries: every entry and tile as an outsider does, from a mirror of the public log; every
 * row, tile and checkpoint of the database; and those again with every body opened by the owner's keys. Seconds for a million are given, by the clock and by the processor: this process's, which is one thread, and
 * the database's beside it.
 */
const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
})
/** Appended at once, so that a batch is as large as it gets. */
const CLIENTS = 2_000

await onOwnDatabase(main)

async function main(url: string): Promise<void> {
  const entries = Number(values.entries)
  const database = openDatabase({ url })
  const { pool } = database
  await migrate(pool)
  const { ledger, sealer } = await openLedger(pool)
  let n = 0
  const client = async () => {
    while (n < entries) {
      n += 1
      await ledger.record(draft(n))
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const { verifierKey } = ledger
  const timed = async (verify: () => Promise<{ ok: boolean; size: number; why: string }>) => {
    let seconds = 0
    const cpu = await cpuOf(pool, async () => {
      const begin = performance.now()
      const verified = await verify()
      seconds = (performance.now() - begin) / 1000
      if (!verified.ok || verified.size !== entries)
        throw new Error(`the log does not verify: ${verified.why}`)
    })
    const forAMillion = (s: number) => Number(((s * 1e6) / entries).toFixed(2))
    return {
      seconds: forAMillion(seconds),
      cpuSeconds: forAMillion(cpu.ours / 1e6),
      databaseCpuSeconds: forAMillion(cpu.database / 1e6),
    }
  }
  const outsider = await withMirror(ledger, (source, policy) =>
    timed(() => verifyPublicLog({ source, policy })),
  )
  const headers = await timed(() => verifyLedger({ pool, verifierKey }))
  const bodies = await timed(() => verifyLedger({ pool, verifierKey, sealer }))
  await ledger.close()
  await database.close()
  const result = {
    bench: 'verify',
    entries,
    unit: 'seconds for a million entries',
    outsider,
    headers,
    bodies,
  }
  console.log(JSON.stringify(result, null, values.json ? 0 : 2))
}

/** Copies the public log into a folder, as `countersign mirror` does, and lets `act` read it there. */
async function withMirror<T>(
  ledger: Ledger,
  act: (source: LogSource, policy: TrustPolicy) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  try {
    const policy = parsePolicy(
      encodePolicy({ key: ledger.verifierKey, url: 'https://bench.example/log' }, []),
    )
    const mirrored = await mirrorLog({ from: publicSourceOf(ledger), folder, policy })
    if (!mirrored.ok) throw new Error(`the log cannot be mirrored: ${mirrored.why}`)
    return await act(createFolderSource(folder), policy)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the server's `/log/` gives. */
function publicSourceOf(ledger: Ledger): LogSource {
  return {
    async read(path) {
      if (path === 'checkpoint') return Buffer.from((await ledger.published()).note)
      const { level, index, width } = parseTilePath(path)
      if (level !== 'entries') return ledger.tile(level, index, width)
      return encodeBundle(await ledger.publicEntries(index * TILE_WIDTH, width))
    },
  }
}
