import type pg from 'pg'
import type { Ledger, SigningKey } from '../src/ledger/ledger.ts'
import { preload } from './ledger-preload.ts'
import { cpuOf, draft, measure, openLedger } from './ledger-work.ts'

const WARM_UP_SECONDS = 1

/** Adding to a log of `size` entries: rate, processor time an entry (ours and the database's), median time of a proof. */
export interface CurvePoint {
  readonly size: number
  readonly perSecond: number
  readonly cpuUs: number
  readonly databaseCpuUs: number
  readonly proofMs: number
}

/** Rates on ever longer logs: a new log, grown to each size in turn. */
export async function curveOf(
  pool: pg.Pool,
  log: { origin: string; key: SigningKey },
  clients: number,
  seconds: number,
  most: number,
  say: (line: string) => void,
): Promise<CurvePoint[]> {
  const sizes = [0, 10_000, 100_000, 1_000_000, 10_000_000].filter((size) => size <= most)
  const curve: CurvePoint[] = []
  for (const wanted of most === 0 ? [] : sizes) {
    await pool.query('TRUNCATE ledger.entry, ledger.link, ledger.tile, ledger.checkpoint, ledger.head')
    const { ledger: begun } = await openLedger(pool, log.key)
    await begun.close()
    const size = Math.ceil(wanted / 256) * 256
    await preload(pool, log, size)
    const { ledger } = await openLedger(pool, log.key)
    const work = (n: number) => ledger.record(draft(n))
    await measure(clients, WARM_UP_SECONDS, work)
    const before = (await ledger.head()).size
    let perSecond = 0
    const cpu = await cpuOf(pool, async () => {
      perSecond = (await measure(clients, seconds, work)).perSecond
    })
    const added = (await ledger.head()).size - before
    const proofMs = await proofTime(ledger)
    await ledger.close()
    const point = {
      size,
      perSecond: Math.round(perSecond),
      cpuUs: Number((cpu.ours / added).toFixed(1)),
      databaseCpuUs: Number((cpu.database / added).toFixed(1)),
      proofMs: Number(proofMs.toFixed(2)),
    }
    curve.push(point)
    say(`on a log of ${size}: ${JSON.stringify(point)}`)
  }
  return curve
}

/** Median time of a proof of one entry with its body, one after the other, each from another part of the log. */
export async function proofTime(ledger: Ledger): Promise<number> {
  const { size } = await ledger.head()
  const prove = (n: number) => ledger.proofOf((n * 7_919) % size)
  await measure(1, WARM_UP_SECONDS, prove)
  const { p50Ms } = await measure(1, 2, (n) => prove(n + size))
  return p50Ms
}
