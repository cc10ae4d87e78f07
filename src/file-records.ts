import { statSync } from 'node:fs'
import type { E164 } from './calls/call-record.ts'
import type { ColumnMap } from './calls/formats/column-map.ts'
import type { FormatName } from './calls/formats/record-format.ts'
import { fillSource, readSource, type SourceOptions } from './calls/formats/source.ts'
import { type KeptThreads, keepThreads } from './kept-threads.ts'
import { commitWith } from './ledger/commit.ts'
import type { Clock } from './platform/clock.ts'
import type { CoreRooms } from './rooms.ts'
import { type IngestOptions, type IngestParties, type IngestSummary, ingestFiles } from './vault/ingest.ts'
import { REFERENCE_KEY } from './vault/reference-mark.ts'
import { needsThreads, type VaultThreads } from './vault/threads/threads.ts'

/** How an operator's files are to be read; what is left out is found by content. */
export interface SourceChoice {
  readonly map?: ColumnMap | null
  readonly format?: FormatName | null
  /** Numbers by IMSI, extension or user. */
  readonly numbers?: ReadonlyMap<string, E164>
  readonly servingNodes?: 'file' | 'pass-over'
}

/**
 * Files call records in the vault and writes the entry that says how many. `clock` tells which
 * starts lie in the future; `progress` goes from 0 to 1 by bytes read. @throws CodedError as `ingestFiles`; what was filed before the fault stays filed.
 */
export async function fileRecords(
  rooms: CoreRooms,
  choice: SourceChoice,
  files: readonly string[],
  options: {
    clock: Clock
    progress: (done: number, phrase: string) => void
    onUnreadable?: IngestOptions['onUnreadable']
    /** Threads to be used again for the next files, all read by the same choice; without them, own ones end with these. */
    kept?: KeptThreads
  },
): Promise<IngestSummary> {
  const { clock, progress } = options
  const sizes = files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0)
  const all = Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  )
  let before = 0
  const startsAt = new Map(
    files.map((file, index): [string, number] => {
      before += sizes[index]!
      return [file, before - sizes[index]!]
    }),
  )
  const source = sourceOptions(rooms, choice, clock)
  const kept = options.kept ?? keepThreads()
  const threads = needsThreads(files.length, all) ? openThreads(rooms, source, kept) : null
  try {
    const summary = await ingestFiles(ingestParties(rooms, clock), {
      files,
      read: readSource(source),
      fill: fillSource(source),
      threads,
      servedByUs: servedBy(rooms),
      ...(options.onUnreadable === undefined ? {} : { onUnreadable: options.onUnreadable }),
      onProgress: ({ path, bytes }) =>
        progress(Math.min(1, ((startsAt.get(path) ?? 0) + bytes) / all), 'filing records'),
    })
    await enterFiled(rooms, summary, files.length)
    return summary
  } finally {
    if (options.kept === undefined) await kept.close()
  }
}

function openThreads(rooms: CoreRooms, source: SourceOptions, kept: KeptThreads): VaultThreads {
  const referenceKey = rooms.world.keys.prfKey(REFERENCE_KEY)
  return kept.open({ source, ownPrefixes: ownPrefixes(rooms), referenceKey })
}

/** What ingest works with, of the rooms. */
export function ingestParties({ world, operator }: CoreRooms, clock: Clock): IngestParties {
  const { database, keys } = world
  return { pool: database.pool, keys, clock, offsetMinutes: operator.jurisdiction.offsetMinutes }
}

/** The choice with what the operator's country and plan add. */
export function sourceOptions({ operator }: CoreRooms, choice: SourceChoice, clock: Clock): SourceOptions {
  return {
    plan: operator.plan,
    now: clock.now(),
    offsetMinutes: operator.jurisdiction.offsetMinutes,
    currency: operator.jurisdiction.currency.code,
    numbers: choice.numbers ?? new Map(),
    servingNodes: choice.servingNodes ?? 'file',
    format: choice.format ?? null,
    map: choice.map ?? null,
  }
}

/** Whether a number is one of the operator's own. */
export function servedBy(rooms: CoreRooms): (number: string) => boolean {
  const own = ownPrefixes(rooms)
  return (number) => own.some((prefix) => number.startsWith(prefix))
}

function ownPrefixes({ operator }: CoreRooms): string[] {
  return operator.plan.ownPrefixes.map((prefix) => `+${operator.plan.callingCode}${prefix}`)
}

/** Writes the entry that says how many records were filed. */
export async function enterFiled(
  { world, ledger }: CoreRooms,
  counts: Pick<IngestSummary, 'read' | 'filed' | 'duplicate' | 'quarantined'>,
  files: number,
): Promise<void> {
  const { read, filed, duplicate, quarantined } = counts
  await commitWith(world.database.db, ledger, (_trx, append) =>
    append({
      kind: 'records-filed',
      header: { counts: { read, filed, duplicate, quarantined } },
      body: { files },
    }),
  )
}
