import type pg from 'pg'
import type { KeyService } from '../keys/key-service.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Calendar } from './calendar.ts'
import { monthName } from './calendar.ts'
import type { Gather } from './gather.ts'
import { copyRows, lockProgress, moveProgress, putQuarantine, takeFromQuarantine } from './ingest-store.ts'
import { type Quarantined, sealQuarantined } from './quarantined.ts'
import { findRepeated } from './references.ts'
import { prepareBlocks } from './seal-gather.ts'
import { createSealer } from './seal-strips.ts'
import { inTransaction, lockWriters, type Run } from './store.ts'
import type { VaultThreads } from './threads/threads.ts'

/** How far one file is: `committed` in the database, `through` with what is gathered. */
export interface FileProgress {
  readonly id: number
  readonly committed: number
  readonly through: number
  /** Given when its end was reached. */
  readonly end: { readonly read: number; readonly grew: boolean } | null
}

/** A line for the quarantine. */
export type Fault = Quarantined

/** A line that was in quarantine (under `file`) and can be read now: it is the gather's `call`. */
export interface Retry {
  readonly file: number
  readonly position: number
  readonly call: number
}

/** What one transaction files. */
export interface Batch {
  readonly gather: Gather
  readonly faults: readonly Fault[]
  readonly retries: readonly Retry[]
  readonly files: readonly FileProgress[]
}

/** Calls that were not filed after all. */
export interface FlushResult {
  readonly duplicates: ReadonlySet<number>
  readonly expired: ReadonlySet<number>
}

export interface FlushParties {
  readonly pool: pg.Pool
  readonly keys: KeyService
  readonly calendar: Calendar
  readonly now: number
  /** Seal the blocks; null: this thread does. */
  readonly threads: VaultThreads | null
}

/** Why a call of a month whose key was destroyed goes to quarantine. */
export const EXPIRED = 'retention of its month has ended'

/**
 * Files a batch in one transaction: blocks, references, quarantine, and how far each file is read. So after a
 * crash a file's mark and its records agree, and reading goes on where the mark stands. Should another process
 * have read the same file meanwhile, what it filed is left out here.
 */
export async function flushBatch(parties: FlushParties, batch: Batch): Promise<FlushResult> {
  const { gather, files } = batch
  const expiredMonths = await findExpiredMonths(parties, gather)
  return inTransaction(parties.pool, async (run, client) => {
    await lockWriters(run)
    const duplicates = await dropKnown(run, batch)
    const expired =
      expiredMonths.size === 0
        ? new Set<number>()
        : dropCalls(gather, (call) => expiredMonths.has(monthOf(parties.calendar, gather, call)))
    const repeated = await findRepeated({ run, client }, parties, gather)
    for (const call of repeated) {
      gather.drop(call)
      duplicates.add(call)
    }
    await copyRows(client, sealedRows(parties, await prepareBlocks(run, parties, gather)))
    await putQuarantine(run, sealedFaults(parties.keys, [...batch.faults, ...faultsOf(gather, expired)]))
    await moveProgress(run, files)
    return { duplicates, expired }
  })
}

async function* sealedRows(
  { threads }: FlushParties,
  { source, batches }: Awaited<ReturnType<typeof prepareBlocks>>,
): AsyncGenerator<Uint8Array> {
  if (threads !== null) {
    yield* threads.seal(source, batches)
    return
  }
  const seal = createSealer(source)
  for await (const batch of batches) yield seal(batch)
}

async function dropKnown(run: Run, { gather, files, retries }: Batch): Promise<Set<number>> {
  const marks = await lockProgress(
    run,
    files.map(({ id }) => id),
  )
  const overtaken = new Map(
    files.map(({ id, committed }) => [
      id,
      marks.get(id)! > committed ? marks.get(id)! : Number.NEGATIVE_INFINITY,
    ]),
  )
  const retried = new Set(retries.map(({ call }) => call))
  const duplicates = [...overtaken.values()].every((mark) => mark === Number.NEGATIVE_INFINITY)
    ? new Set<number>()
    : dropCalls(
        gather,
        (call) => !retried.has(call) && gather.positionOf(call) <= overtaken.get(gather.fileOf(call))!,
      )
  for (const [file, own] of Map.groupBy(retries, (retry) => retry.file)) {
    const taken = await takeFromQuarantine(
      run,
      file,
      own.map(({ position }) => position),
    )
    for (const { call, position } of own) {
      if (taken.has(position)) continue
      gather.drop(call)
      duplicates.add(call)
    }
  }
  return duplicates
}

function dropCalls(gather: Gather, isDropped: (call: number) => boolean): Set<number> {
  const dropped = new Set<number>()
  for (let call = 0; call < gather.size; call++) {
    if (!isDropped(call)) continue
    gather.drop(call)
    dropped.add(call)
  }
  return dropped
}

function monthOf(calendar: Calendar, gather: Gather, call: number): number {
  return calendar.monthOfDay(calendar.dayOf(gather.startOf(call)))
}

/** The months of a gather whose keys are destroyed; the others' keys are made here, before any block needs them. */
async function findExpiredMonths(parties: FlushParties, gather: Gather): Promise<Set<number>> {
  const { calendar } = parties
  const days = new Set<number>()
  let last = Number.NaN
  for (let call = 0; call < gather.size; call++) {
    const day = calendar.dayOf(gather.startOf(call))
    // Calls come nearly in order of time: a set of millions of the same would be slow.
    if (day !== last) days.add(day)
    last = day
  }
  const months = new Set([...days].map(calendar.monthOfDay))
  const expired = new Set<number>()
  for (const month of months) {
    try {
      await parties.keys.monthKey(monthName(month))
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'key-destroyed') throw error
      expired.add(month)
    }
  }
  return expired
}

function faultsOf(gather: Gather, expired: ReadonlySet<number>): Fault[] {
  return [...expired].map((call) => ({
    file: gather.fileOf(call),
    position: gather.positionOf(call),
    reason: EXPIRED,
    raw: new Uint8Array(0),
    form: null,
    name: null,
  }))
}

function sealedFaults(
  { sealer }: KeyService,
  faults: readonly Fault[],
): { file: number; position: number; sealed: Buffer }[] {
  return faults.map((fault) => ({
    file: fault.file,
    position: fault.position,
    sealed: sealQuarantined(sealer, fault),
  }))
}
