import { CamelCasePlugin, type Kysely } from 'kysely'
import type { On } from './parties.ts'

/** The trace desk's tables. */

type TraceTables = {
  'trace.trace': {
    id: string
    incident: string
    subject: string
    at: number
    tracedBy: string | null
    listDigest: string
    begun: string
    answered: string
    list: Buffer
    answer: Buffer
  }
  'trace.path': {
    id: string
    incident: string
    at: number
    searchedBy: string | null
    entry: string
    answer: Buffer
  }
  'trace.maskKeyCommitment': { day: string; at: number; digests: unknown; entry: string }
}

const camelCase = new CamelCasePlugin({ maintainNestedObjectKeys: true })

function trace(on: On): Kysely<TraceTables> {
  return on.withTables<TraceTables>().withPlugin(camelCase)
}

export type TraceRow = TraceTables['trace.trace']

/** Puts an answered trace down; list and answer are sealed. */
export async function insertTrace(on: On, row: TraceRow): Promise<void> {
  await trace(on).insertInto('trace.trace').values(row).execute()
}

/** One trace, or null. */
export async function readTrace(on: On, id: string): Promise<TraceRow | null> {
  return (
    (await trace(on).selectFrom('trace.trace').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
  )
}

/** The traces of an incident, newest first. */
export async function readTracesOf(on: On, incident: string): Promise<TraceRow[]> {
  return trace(on)
    .selectFrom('trace.trace')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('at', 'desc')
    .limit(100)
    .execute()
}

/** Puts down a search for a leak path; its answer is sealed. */
export async function insertPath(on: On, row: TraceTables['trace.path']): Promise<void> {
  await trace(on).insertInto('trace.path').values(row).execute()
}

/** The searches of an incident, newest first. */
export async function readPathsOf(on: On, incident: string): Promise<TraceTables['trace.path'][]> {
  return trace(on)
    .selectFrom('trace.path')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('at', 'desc')
    .limit(100)
    .execute()
}

export interface Commitment {
  readonly day: string
  readonly at: number
  /** Hex, by purpose. */
  readonly digests: Readonly<Record<string, string>>
  readonly entry: string
}

/** Notes a day's commitment; false when that day has one. */
export async function insertCommitment(on: On, commitment: Commitment): Promise<boolean> {
  const result = await trace(on)
    .insertInto('trace.maskKeyCommitment')
    .values({ ...commitment, digests: JSON.stringify(commitment.digests) })
    .onConflict((conflict) => conflict.column('day').doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** The newest commitment made before `before` (ms), or null. */
export async function readCommitmentBefore(on: On, before: number): Promise<Commitment | null> {
  const row = await trace(on)
    .selectFrom('trace.maskKeyCommitment')
    .selectAll()
    .where('at', '<', before)
    .orderBy('at', 'desc')
    .executeTakeFirst()
  return row === undefined ? null : { ...row, digests: row.digests as Record<string, string> }
}

/** Whether a day has its commitment. */
export async function hasCommitment(on: On, day: string): Promise<boolean> {
  const row = await trace(on)
    .selectFrom('trace.maskKeyCommitment')
    .select('day')
    .where('day', '=', day)
    .executeTakeFirst()
  return row !== undefined
}
