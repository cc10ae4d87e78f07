import type pg from 'pg'
import type { KeyService } from '../keys/key-service.ts'
import { commitWith } from '../ledger/commit.ts'
import type { JsonObject } from '../ledger/entry.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Refusal } from '../platform/refusal.ts'
import { type SealedBlock, tweakName } from './block.ts'
import { type Calendar, monthName } from './calendar.ts'
import { type HeldSpan, heldKeyName, sealHeld } from './held-block.ts'
import {
  deleteHeld,
  deleteMonth,
  deleteTenure,
  erasedTweaks,
  heldPlaces,
  isTweakErased,
  monthsUpTo,
  putEndedMonth,
  putErasure,
  putHeld,
  standingHolds,
} from './retention-store.ts'
import {
  blocksOfMonth,
  blocksOfSubject,
  createSequence,
  lockWriters,
  type Run,
  runIn,
  runOn,
  tenuresOf,
} from './store.ts'
import type { Subject } from './subject.ts'
import { createVaultCalendar } from './vault-calendar.ts'

export interface RetentionParties {
  readonly db: Db
  readonly pool: pg.Pool
  readonly keys: KeyService
  readonly ledger: Ledger
  readonly clock: Clock
  readonly offsetMinutes: number
  /** How many whole months before the current one are kept, by the rules in force or the jurisdiction. */
  readonly storeMonths: number
  /** Backups of the key directory are kept for so many days: until then what ended could be brought back. */
  readonly keyBackupDays: number
}

export interface RetentionResult {
  /** Months that ended now, as 202608. */
  readonly ended: readonly number[]
  readonly blocks: number
  /** Blocks that holds kept of them. */
  readonly held: number
  /** Held months of subjects that no hold keeps any more, destroyed now. */
  readonly released: number
}

const DAY_MS = 86_400_000

/**
 * Ends what is over: months past retention, held records that no hold keeps any more. Run as often as one likes.
 *
 * A month ends in one transaction: what standing holds keep of it is sealed anew under keys of its own (durable in the
 * key directory before the commit), its blocks go, and the entry says so. Then its key is destroyed: a mark first,
 * the key's bytes overwritten after. A crash in between leaves a month that is on record as ended and a key that is
 * not needed any more; the next run destroys it. Nothing that is destroyed is needed by anything on record.
 */
export async function runRetention(parties: RetentionParties): Promise<RetentionResult> {
  const { pool, keys, clock } = parties
  const calendar = await createVaultCalendar(parties)()
  const last = monthsBefore(clock.now(), parties.storeMonths + 1, calendar)
  const result = { ended: [] as number[], blocks: 0, held: 0, released: 0 }
  for (const month of await monthsUpTo(runOn(pool), last)) {
    const ended = await endMonth(parties, calendar, month)
    if (ended !== null) {
      result.ended.push(month)
      result.blocks += ended.blocks
      result.held += ended.held
    }
    await keys.destroyMonthKey(monthName(month))
  }
  for (const tweak of await erasedTweaks(runOn(pool))) await keys.destroyTweak(tweak)
  result.released = await destroyReleased(parties, calendar)
  return result
}

/** The months that `runRetention` would end now, oldest first, as `2024-08`. Reads, and changes nothing. */
export async function monthsEnding(
  parties: Pick<RetentionParties, 'pool' | 'clock' | 'offsetMinutes' | 'storeMonths'>,
): Promise<string[]> {
  const calendar = await createVaultCalendar(parties)()
  const last = monthsBefore(parties.clock.now(), parties.storeMonths + 1, calendar)
  return (await monthsUpTo(runOn(parties.pool), last)).sort((a, b) => a - b).map(monthName)
}

async function endMonth(
  parties: RetentionParties,
  calendar: Calendar,
  month: number,
): Promise<{ blocks: number; held: number } | null> {
  const { db, ledger, keys, clock } = parties
  const span = spanOf(month, calendar)
  return commitWith(db, ledger, async (trx, append) => {
    const run = runIn(trx)
    await lockWriters(run)
    if (!(await putEndedMonth(run, month, clock.now()))) return null
    const holds = await standingHolds(run, span)
    const bySubject = Map.groupBy(holds, ({ subject }) => subject.toString('hex'))
    let held = 0
    for (const [hex, own] of bySubject) {
      const blocks = await blocksOfMonth(run, [Buffer.from(hex, 'hex')], month)
      held += await keep(run, { keys, calendar }, blocks, own)
    }
    const blocks = await deleteMonth(run, month)
    await append({
      kind: 'month-ended',
      header: { counts: { blocks } },
      body: { month: monthName(month), held, finalOn: finalDay(parties) },
    })
    return { blocks, held }
  })
}

/**
 * Erases one holder's log: its key is destroyed, its blocks go, the entry says so and from when on no backup of the
 * keys brings it back. What a legal hold keeps stays under a key of its own, and the answer is the same. Her number
 * stays in other people's logs until their months end. `within` runs first in the same transaction, and its refusal ends
 * it with nothing changed. A crash between the commit and the key is made good by the next `runRetention`.
 * @returns how many blocks went, or null when it was erased before.
 */
export async function eraseLog(
  parties: RetentionParties,
  log: { subject: Subject; tenure: string; reason: string; actor?: string; says?: JsonObject },
  within: (trx: Trx) => Promise<Refusal | null> = async () => null,
): Promise<number | null | Refusal> {
  const { db, pool, ledger, keys, clock } = parties
  const calendar = await createVaultCalendar(parties)()
  const subject = Buffer.from(log.subject, 'hex')
  const blocks = await commitWith<number | null | Refusal>(db, ledger, async (trx, append) => {
    const refusal = await within(trx)
    if (refusal !== null) return refusal
    const run = runIn(trx)
    await lockWriters(run)
    if (!(await putErasure(run, tweakName(subject, log.tenure), clock.now()))) return null
    const holds = await standingHolds(run, { from: 0, until: 2 ** 40, subject })
    const own = (await blocksOfSubject(run, subject)).filter(({ tenure }) => tenure === log.tenure)
    const held = await keep(run, { keys, calendar }, own, holds)
    const gone = await deleteTenure(run, subject, log.tenure)
    const { tenure, reason, says = {} } = log
    await append({
      kind: 'log-erased',
      header: null,
      subject: log.subject,
      actor: log.actor ?? null,
      body: { tenure, reason, blocks: gone, held, finalOn: finalDay(parties), ...says },
    })
    return gone
  })
  for (const name of await erasedTweaks(runOn(pool))) await keys.destroyTweak(name)
  return blocks
}

/** Who held a number and when, earliest first; epoch seconds, `until` null for still. */
export async function tenuresOfSubject(
  on: Db | Trx,
  subject: Subject,
): Promise<{ tenure: string; from: number; until: number | null }[]> {
  const rows = await tenuresOf(runIn(on), Buffer.from(subject, 'hex'))
  return rows.map(({ tenure, from_s, until_s }) => ({
    tenure,
    from: Number(from_s),
    until: until_s === null ? null : Number(until_s),
  }))
}

/** Whether a log was erased before. */
export async function isErased(trx: Trx, log: { subject: string; tenure: string }): Promise<boolean> {
  return isTweakErased(runIn(trx), tweakName(Buffer.from(log.subject, 'hex'), log.tenure))
}

async function keep(
  run: Run,
  parties: { keys: KeyService; calendar: Calendar },
  blocks: readonly SealedBlock[],
  holds: readonly HeldSpan[],
): Promise<number> {
  if (holds.length === 0 || blocks.length === 0) return 0
  const held = await sealHeld({ ...parties, nextSequence: createSequence(run) }, blocks, holds)
  await putHeld(run, held)
  return held.length
}

async function destroyReleased(parties: RetentionParties, calendar: Calendar): Promise<number> {
  const { db, pool, keys, ledger } = parties
  let released = 0
  for (const place of await heldPlaces(runOn(pool))) {
    const span = { ...spanOf(place.month, calendar), subject: place.subject }
    if ((await standingHolds(runOn(pool), span)).length > 0) continue
    // The key first: should the rest fail, the next run finds the rows and does the rest.
    await keys.destroyTweak(heldKeyName(place.subject, place.month))
    await commitWith(db, ledger, async (trx, append) => {
      await deleteHeld(runIn(trx), place)
      await append({
        kind: 'held-records-destroyed',
        header: null,
        subject: place.subject.toString('hex'),
        body: { month: monthName(place.month), finalOn: finalDay(parties) },
      })
    })
    released++
  }
  return released
}

/** The day from which on no backup of the keys brings back what is destroyed now: `2026-12-30`. */
export function finalDay({ clock, keyBackupDays }: RetentionParties): string {
  return new Date(clock.now() + keyBackupDays * DAY_MS).toISOString().slice(0, 10)
}

/** A local month as epoch seconds. */
function spanOf(month: number, { offsetMinutes }: Calendar): HeldSpan {
  const [year, index] = [Math.floor(month / 100), (month % 100) - 1]
  const edge = (months: number): number => Date.UTC(year, index + months, 1) / 1000 - offsetMinutes * 60
  return { from: edge(0), until: edge(1) }
}

function monthsBefore(now: number, months: number, { offsetMinutes }: Calendar): number {
  const local = new Date(now + offsetMinutes * 60_000)
  const date = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - months, 1))
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
}
