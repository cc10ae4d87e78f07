import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'
import type { IntakeStreamRow } from './overview.ts'

/** A file of the intake directory, as it is on record. */
export interface IntakeFileRow {
  readonly name: Buffer
  readonly size: number
  readonly outcome: 'done' | 'failed'
  readonly reason: string | null
  readonly read: number
  readonly filed: number
  readonly duplicate: number
  readonly quarantined: number
  readonly writtenAt: number
  readonly takenAt: number
  readonly finishedAt: number
}

/** Notes what became of files. */
export async function saveFiles(on: Db | Trx, files: readonly IntakeFileRow[]): Promise<void> {
  if (files.length === 0) return
  const all = <Value>(of: (file: IntakeFileRow) => Value): Value[] => files.map(of)
  await sql`INSERT INTO intake.file
      (name, size, outcome, reason, read, filed, duplicate, quarantined, written_at, taken_at, finished_at)
    SELECT * FROM unnest(${all((f) => f.name)}::bytea[], ${all((f) => f.size)}::bigint[],
      ${all((f) => f.outcome)}::text[], ${all((f) => f.reason)}::text[], ${all((f) => f.read)}::bigint[],
      ${all((f) => f.filed)}::bigint[], ${all((f) => f.duplicate)}::bigint[],
      ${all((f) => f.quarantined)}::bigint[], ${all((f) => f.writtenAt)}::bigint[],
      ${all((f) => f.takenAt)}::bigint[], ${all((f) => f.finishedAt)}::bigint[])`.execute(on)
}

/** The files that were finished last, newest first. */
export async function latestFiles(on: Db, limit: number): Promise<IntakeFileRow[]> {
  const { rows } =
    await sql<IntakeFileRow>`SELECT name, size::float8 AS size, outcome, reason, read::float8 AS read,
      filed::float8 AS filed, duplicate::float8 AS duplicate, quarantined::float8 AS quarantined,
      written_at::float8 AS "writtenAt", taken_at::float8 AS "takenAt", finished_at::float8 AS "finishedAt"
    FROM intake.file ORDER BY finished_at DESC, id DESC LIMIT ${limit}`.execute(on)
  return rows
}

/** Files and records since `since` (ms): how many, how long they took, and how late the latest was. */
export async function sumFiles(
  on: Db,
  since: number,
): Promise<{
  files: number
  failed: number
  read: number
  filed: number
  milliseconds: number
  longestLag: number
}> {
  const { rows } = await sql<{
    files: number
    failed: number
    read: number
    filed: number
    milliseconds: number
    longestLag: number
  }>`SELECT count(*)::int AS files, count(*) FILTER (WHERE outcome = 'failed')::int AS failed,
      coalesce(sum(read), 0)::float8 AS read, coalesce(sum(filed), 0)::float8 AS filed,
      coalesce(max(finished_at) - min(taken_at), 0)::float8 AS milliseconds,
      coalesce(max(finished_at - written_at), 0)::float8 AS "longestLag"
    FROM intake.file WHERE finished_at >= ${since}`.execute(on)
  return rows[0]!
}

/** Adds to what came by a stream. */
export async function addToStream(on: Db | Trx, stream: IntakeStreamRow): Promise<void> {
  const { name, read, filed, duplicate, quarantined, latestAt } = stream
  await sql`INSERT INTO intake.stream (name, read, filed, duplicate, quarantined, latest_at)
    VALUES (${name}, ${read}, ${filed}, ${duplicate}, ${quarantined}, ${latestAt})
    ON CONFLICT (name) DO UPDATE SET read = stream.read + EXCLUDED.read, filed = stream.filed + EXCLUDED.filed,
      duplicate = stream.duplicate + EXCLUDED.duplicate, quarantined = stream.quarantined + EXCLUDED.quarantined,
      latest_at = EXCLUDED.latest_at`.execute(on)
}

/** Every stream, by name. */
export async function listStreams(on: Db): Promise<IntakeStreamRow[]> {
  const { rows } = await sql<IntakeStreamRow>`SELECT name, read::float8 AS read, filed::float8 AS filed,
      duplicate::float8 AS duplicate, quarantined::float8 AS quarantined, latest_at::float8 AS "latestAt"
    FROM intake.stream ORDER BY name`.execute(on)
  return rows
}
