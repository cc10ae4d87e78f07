import { parseArgs } from 'node:util'
import { verifyLedger } from '../src/ledger/verify.ts'
import { openDatabase } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import { cpuOf, draft, openLedger } from './ledger-work.ts'
import { onOwnDatabase } from './own-database.ts'

/**
 * Verifying a log of so many entries: every row, tile and checkpoint, then again with every body opened by the owner's
 * keys. Seconds for a million are given, by the clock and by the processor: this process's, which is one thread, and
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
  const timed = async (options: object) => {
    let seconds = 0
    const cpu = await cpuOf(pool, async () => {
      const begin = performance.now()
      const verified = await verifyLedger({ pool, verifierKey, ...options })
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
  const headers = await timed({})
  const bodies = await timed({ sealer })
  await ledger.close()
  await database.close()
  const result = { bench: 'verify', entries, unit: 'seconds for a million entries', headers, bodies }
  console.log(JSON.stringify(result, null, values.json ? 0 : 2))
}
