import { statSync } from 'node:fs'
import type { ColumnMap } from './calls/formats/column-map.ts'
import { readDelimitedBatches } from './calls/formats/delimited.ts'
import { commitWith } from './ledger/commit.ts'
import type { Clock } from './platform/clock.ts'
import type { CoreRooms } from './rooms.ts'
import { type IngestSummary, ingestFiles } from './vault/ingest.ts'

/**
 * Files delimited call records in the vault and writes the entry that says how many. `clock` tells which
 * starts lie in the future; `progress` goes from 0 to 1 by bytes read. @throws CodedError as `ingestFiles`; what was filed before the fault stays filed.
 */
export async function fileRecords(
  rooms: CoreRooms,
  map: ColumnMap,
  files: readonly string[],
  options: { clock: Clock; progress: (done: number, phrase: string) => void },
): Promise<IngestSummary> {
  const { world, operator, ledger } = rooms
  const { clock, progress } = options
  const sizes = files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0)
  const all = Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  )
  const startsAt = new Map(
    files.map((file, index) => [file, sizes.slice(0, index).reduce((sum, size) => sum + size, 0)]),
  )
  const own = operator.plan.ownPrefixes.map((prefix) => `+${operator.plan.callingCode}${prefix}`)
  const summary = await ingestFiles(
    {
      pool: world.database.pool,
      keys: world.keys,
      clock,
      offsetMinutes: operator.jurisdiction.offsetMinutes,
    },
    {
      files,
      read: readDelimitedBatches(map, { plan: operator.plan, now: clock.now() }),
      servedByUs: (number) => own.some((prefix) => number.startsWith(prefix)),
      onProgress: ({ path, bytes }) =>
        progress(Math.min(1, ((startsAt.get(path) ?? 0) + bytes) / all), 'filing records'),
    },
  )
  const { read, filed, duplicate, quarantined } = summary
  await commitWith(world.database.db, ledger, (_trx, append) =>
    append({
      kind: 'records-filed',
      header: { counts: { read, filed, duplicate, quarantined } },
      body: { files: files.length },
    }),
  )
  return summary
}
