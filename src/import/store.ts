import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'
import type { ImportKind } from './kinds.ts'

/** What became of the lines of a source; `read = added + changed + same + quarantined`. */
export interface Counts {
  readonly read: number
  readonly added: number
  readonly changed: number
  readonly same: number
  readonly quarantined: number
}

export interface SourceRow extends Counts {
  readonly id: number
  readonly kind: ImportKind
  readonly key: string
  readonly through: number
  readonly latestAt: number
}

/** A line in quarantine: where, why, and the line itself, sealed. */
export interface FaultRow {
  readonly line: number
  readonly reason: string
  readonly sealed: Buffer
}

const COLUMNS = sql.raw(
  'id, kind, key, through, read, added, changed, same, quarantined, latest_at AS "latestAt"',
)

/** Finds a source or makes it. A file that is read again begins anew: its counts and its quarantine are those of now. */
export async function openSource(
  trx: Trx,
  source: { kind: ImportKind; key: string; now: number; anew: boolean },
): Promise<SourceRow> {
  const { kind, key, now, anew } = source
  const { rows } = await sql<SourceRow>`INSERT INTO import.source (kind, key, latest_at)
    VALUES (${kind}, ${key}, ${now})
    ON CONFLICT (kind, key) DO UPDATE SET latest_at = excluded.latest_at
    RETURNING ${COLUMNS}`.execute(trx)
  const row = rows[0]!
  if (!anew) return row
  await sql`DELETE FROM import.quarantine WHERE source = ${row.id}`.execute(trx)
  await sql`UPDATE import.source SET through = 0, read = 0, added = 0, changed = 0, same = 0, quarantined = 0
    WHERE id = ${row.id}`.execute(trx)
  return { ...row, through: 0, read: 0, added: 0, changed: 0, same: 0, quarantined: 0 }
}

/** Up to which line a source is on record; 0 for one that nobody has seen. */
export async function readThrough(on: Db | Trx, kind: ImportKind, key: string): Promise<number> {
  const { rows } = await sql<{
    through: number
  }>`SELECT through FROM import.source WHERE kind = ${kind} AND key = ${key}`.execute(on)
  return rows[0]?.through ?? 0
}

/** Adds a batch to a source: how far it is, how many lines became what, and which went to quarantine. */
export async function addBatch(
  trx: Trx,
  id: number,
  batch: { through: number; counts: Counts; faults: readonly FaultRow[]; now: number },
): Promise<void> {
  const { through, counts, faults, now } = batch
  await sql`UPDATE import.source SET through = greatest(through, ${through}), read = read + ${counts.read},
      added = added + ${counts.added}, changed = changed + ${counts.changed}, same = same + ${counts.same},
      quarantined = quarantined + ${counts.quarantined}, latest_at = ${now}
    WHERE id = ${id}`.execute(trx)
  if (faults.length === 0) return
  await sql`INSERT INTO import.quarantine (source, line, reason, sealed)
    SELECT ${id}::integer, * FROM unnest(${faults.map(({ line }) => line)}::bigint[],
      ${faults.map(({ reason }) => reason)}::text[], ${faults.map(({ sealed }) => sealed)}::bytea[])
    ON CONFLICT (source, line) DO UPDATE SET reason = excluded.reason, sealed = excluded.sealed`.execute(trx)
}

/** The sources that were read last, newest first. */
export async function listSources(on: Db, limit: number): Promise<SourceRow[]> {
  const { rows } = await sql<SourceRow>`SELECT ${COLUMNS} FROM import.source
    ORDER BY latest_at DESC, id DESC LIMIT ${limit}`.execute(on)
  return rows
}

/** Lines of a source in quarantine, in order: where and why. */
export async function listFaults(
  on: Db,
  id: number,
  limit: number,
): Promise<Pick<FaultRow, 'line' | 'reason'>[]> {
  const { rows } = await sql<Pick<FaultRow, 'line' | 'reason'>>`SELECT line, reason FROM import.quarantine
    WHERE source = ${id} ORDER BY line LIMIT ${limit}`.execute(on)
  return rows
}
