import type pg from 'pg'
import type { KeyErrorCode, KeyService, Month } from '../keys/key-service.ts'
import { CodedError } from '../platform/coded-error.ts'
import { findBlockKey, openBlock } from './block.ts'
import { monthName } from './calendar.ts'
import { findHeldKey } from './held-block.ts'
import { countSealed, heldBlocks, type LogMonth, logMonthsBehind, monthsOnFile } from './lost-store.ts'
import { type Run, runOn } from './store.ts'

/** Why records do not open: their month's key, all holders' keys, some holders' keys, or keys that are not the right ones. */
export type LostCause = 'root' | 'month' | 'tweaks' | 'holder' | 'other-key'

/** Records of one month that cannot be opened any more, for one reason. */
export interface LostMonth {
  readonly month: Month
  readonly cause: LostCause
  /** Logs (one holder of one number) that are hit, of so many with records in that month. */
  readonly logs: number
  readonly of: number
  /** The day of the earliest record that may be lost, as `2026-08-01`. */
  readonly since: string
}

export interface KeyCheck {
  /** Months with records on file, ended ones left out. */
  readonly months: number
  /** Logs with records on file. */
  readonly logs: number
  readonly lost: readonly LostMonth[]
  /** Held blocks that do not open, of so many. */
  readonly held: { readonly lost: number; readonly of: number }
}

const PAGE = 1_000
const DAY_MS = 86_400_000

/**
 * Says what of the call records opens under these keys, and what does not any more. `keys` null: the root cannot be had, and
 * nothing opens. `thorough`: one block of each log and month is opened with its own key, which also finds a key that is
 * there and is not the one it was sealed under; else only that the keys of months and the holders' are there at all.
 */
export async function checkKeys(
  { pool, keys }: { pool: pg.Pool; keys: KeyService | null },
  { thorough, onLogs }: { thorough: boolean; onLogs?: (done: number, of: number) => void },
): Promise<KeyCheck> {
  const run = runOn(pool)
  const months = await monthsOnFile(run)
  const { logs, held } = await countSealed(run)
  const whole = { months: months.length, logs }
  const allOf = (cause: LostCause, wanted: typeof months): LostMonth[] =>
    wanted.map(({ month, logs, firstDay }) => ({
      month: monthName(month),
      cause,
      logs,
      of: logs,
      since: dayText(firstDay),
    }))
  if (keys === null) return { ...whole, lost: allOf('root', months), held: { lost: held, of: held } }
  const lostKeys = keys.lost()
  if (lostKeys.tweaks !== null)
    return { ...whole, lost: allOf('tweaks', months), held: { lost: held, of: held } }
  const gone = new Set<number>()
  for (const { month } of months) if (!(await isMonthThere(keys, month))) gone.add(month)
  const total = months.reduce((sum, { logs }) => sum + logs, 0)
  const found = await checkLogs(run, keys, gone, { thorough, onLogs: (done) => onLogs?.(done, total) })
  const byMonth = months.flatMap(({ month, logs: of }) =>
    (['holder', 'other-key'] as const).flatMap((cause) => {
      const hit = found.get(`${month} ${cause}`)
      return hit === undefined
        ? []
        : [{ month: monthName(month), cause, logs: hit.logs, of, since: dayText(hit.firstDay) }]
    }),
  )
  const lost = [
    ...allOf(
      'month',
      months.filter(({ month }) => gone.has(month)),
    ),
    ...byMonth,
  ]
  lost.sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0))
  return { ...whole, lost, held: { lost: await lostHeld(run, keys), of: held } }
}

async function isMonthThere(keys: KeyService, month: number): Promise<boolean> {
  try {
    // Destroyed on purpose is not lost, though blocks of it came back with an old backup of the database.
    await keys.existingMonthKey(monthName(month))
    return true
  } catch (error) {
    if (isLost(error)) return false
    throw error
  }
}

type Hits = Map<string, { logs: number; firstDay: number }>

async function checkLogs(
  run: Run,
  keys: KeyService,
  gone: ReadonlySet<number>,
  options: { thorough: boolean; onLogs: (done: number) => void },
): Promise<Hits> {
  const hits: Hits = new Map()
  let behind: Parameters<typeof logMonthsBehind>[1] = { subject: Buffer.alloc(0), month: 0, tenure: '' }
  for (let done = 0; ; ) {
    const page = await logMonthsBehind(run, behind, PAGE)
    for (const log of page) {
      const cause = gone.has(log.block.month) ? null : await whyShut(keys, log, options.thorough)
      if (cause === null) continue
      const name = `${log.block.month} ${cause}`
      const before = hits.get(name)
      hits.set(name, {
        logs: (before?.logs ?? 0) + 1,
        firstDay: Math.min(before?.firstDay ?? log.firstDay, log.firstDay),
      })
    }
    done += page.length
    options.onLogs(done)
    if (page.length < PAGE) return hits
    behind = page.at(-1)!.block
  }
}

/** Null for a log that opens, and for one that was erased or has ended. */
async function whyShut(
  keys: KeyService,
  { block }: LogMonth,
  thorough: boolean,
): Promise<'holder' | 'other-key' | null> {
  try {
    const key = await findBlockKey(keys, block)
    if (key !== null && thorough) openBlock(key, block)
    return null
  } catch (error) {
    if (isLost(error)) return 'holder'
    if (error instanceof CodedError && error.code === 'block-broken') return 'other-key'
    throw error
  }
}

async function lostHeld(run: Run, keys: KeyService): Promise<number> {
  let lost = 0
  for (const block of await heldBlocks(run)) {
    try {
      const key = await findHeldKey(keys, block)
      if (key !== null) openBlock(key, block)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      lost++
    }
  }
  return lost
}

function isLost(error: unknown): boolean {
  const lost: readonly KeyErrorCode[] = ['key-missing', 'keys-broken']
  return error instanceof CodedError && lost.some((code) => code === error.code)
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}
