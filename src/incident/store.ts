import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

export interface IncidentRow {
  id: string
  serial: string
  state: string
  origin: string | null
  opened_at: number
  sealed: Buffer
}
export interface StepRow {
  entry: string
  incident: string
  act: string
  at: number
  sealed: Buffer
}
type IncidentTables = {
  'incident.incident': IncidentRow
  'incident.serial': { month: string; last: number }
  'incident.step': StepRow
}

const on = (db: Db | Trx) => db.withTables<IncidentTables>()

/** The next number in a local month; one at a time. */
export async function nextSerial(trx: Trx, month: string): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    INSERT INTO incident.serial AS s (month, last) VALUES (${month}, 1)
    ON CONFLICT (month) DO UPDATE SET last = s.last + 1 RETURNING last`.execute(trx)
  return Number(rows[0]?.last)
}

/** Writes a new incident; false when there is one of the same origin. */
export async function insertIncident(trx: Trx, row: IncidentRow): Promise<boolean> {
  const done = await on(trx)
    .insertInto('incident.incident')
    .values(row)
    .onConflict((conflict) => conflict.column('origin').doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** One incident by id or serial; `lock` holds it until the transaction ends. */
export async function readIncident(db: Db | Trx, name: string, lock = false): Promise<IncidentRow | null> {
  const query = on(db)
    .selectFrom('incident.incident')
    .selectAll()
    .where((eb) => eb.or([eb('id', '=', name), eb('serial', '=', name)]))
  return (await (lock ? query.forUpdate() : query).executeTakeFirst()) ?? null
}

/** Incidents, newest first, at most 200. */
export async function listIncidents(db: Db): Promise<IncidentRow[]> {
  return on(db).selectFrom('incident.incident').selectAll().orderBy('opened_at', 'desc').limit(200).execute()
}

/** Saves a case as it now stands. */
export async function saveIncident(
  trx: Trx,
  id: string,
  set: Pick<IncidentRow, 'state' | 'sealed'>,
): Promise<void> {
  await on(trx).updateTable('incident.incident').set(set).where('id', '=', id).execute()
}

/** Notes a step under its entry. */
export async function insertStep(trx: Trx, row: StepRow): Promise<void> {
  await on(trx).insertInto('incident.step').values(row).execute()
}

/** The steps of an incident, oldest first. */
export async function readSteps(db: Db | Trx, incident: string): Promise<StepRow[]> {
  return on(db)
    .selectFrom('incident.step')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('at')
    .orderBy('entry')
    .execute()
}

/** How many cases were opened in a time (ms, half open). */
export async function countOpened(db: Db | Trx, since: number, until: number): Promise<number> {
  const { count } = await on(db)
    .selectFrom('incident.incident')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('opened_at', '>=', since)
    .where('opened_at', '<', until)
    .executeTakeFirstOrThrow()
  return Number(count)
}
