import type { GeneratedAlways, Insertable, Selectable } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'
import type { IncidentRow } from './store.ts'

export interface MessageColumns {
  id: string
  incident: string
  at: number
  tenure: string | null
  next_at: number | null
  /** Given by the database; the order among those of one instant. */
  filed: GeneratedAlways<number>
  sealed: Buffer
}
export type MessageRow = Selectable<MessageColumns>
export interface NoticeRow {
  incident: string
  clock: string
  saved_at: number
  sealed: Buffer
}
export interface RepresentationRow {
  id: string
  incident: string
  tenure: string
  opened_at: number
  until_at: number
  ended_at: number | null
  ended_by: 'customer' | 'officer' | 'time' | null
  contact_hash: Buffer
  link_hash: Buffer | null
  link_until: number | null
  enrolled_at: number | null
  sealed: Buffer
}
export interface RepresentativeSignInRow {
  id: string
  contact_hash: Buffer
  representation: string | null
  expires_at: number
  code_hash: Buffer | null
  wrong: number
  done: boolean
}
export interface RepresentativeSessionRow {
  token_hash: Buffer
  id: string
  contact_hash: Buffer
  started_at: number
  seen_at: number
  /** HMAC under a key that the database does not hold; null in a row that no code opened. */
  mark: Buffer | null
}
type PeopleTables = {
  'incident.incident': IncidentRow
  'incident.message': MessageColumns
  'incident.notice': NoticeRow
  'incident.alarm': { incident: string; what: string; at: number }
  'incident.representation': RepresentationRow
  'incident.deed': { representation: string; digest: string; sealed: Buffer }
  'incident.representative_sign_in': RepresentativeSignInRow
  'incident.representative_session': RepresentativeSessionRow
}

const on = (db: Db | Trx) => db.withTables<PeopleTables>()

/** Files what was said. */
export async function insertMessage(trx: Trx, row: Insertable<MessageColumns>): Promise<void> {
  await on(trx).insertInto('incident.message').values(row).execute()
}

/** What was said in a case, oldest first. */
export async function readMessages(db: Db | Trx, incident: string): Promise<MessageRow[]> {
  return on(db)
    .selectFrom('incident.message')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('at')
    .orderBy('filed')
    .execute()
}

/** The cases that a customer may see: those of her own reports (`origins`), and those in which she was written to. */
export async function readCasesOf(
  db: Db,
  tenure: string,
  origins: readonly string[],
): Promise<IncidentRow[]> {
  return on(db)
    .selectFrom('incident.incident')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('id', 'in', eb.selectFrom('incident.message').select('incident').where('tenure', '=', tenure)),
        eb(
          'id',
          'in',
          eb.selectFrom('incident.representation').select('incident').where('tenure', '=', tenure),
        ),
        ...(origins.length === 0 ? [] : [eb('origin', 'in', origins)]),
      ]),
    )
    .orderBy('opened_at', 'desc')
    .limit(20)
    .execute()
}

/** The notice being written for a clock. */
export async function readNotice(db: Db | Trx, incident: string, clock: string): Promise<NoticeRow | null> {
  const row = await on(db)
    .selectFrom('incident.notice')
    .selectAll()
    .where('incident', '=', incident)
    .where('clock', '=', clock)
    .executeTakeFirst()
  return row ?? null
}

/** Every notice being written in a case. */
export async function readNotices(db: Db | Trx, incident: string): Promise<NoticeRow[]> {
  return on(db).selectFrom('incident.notice').selectAll().where('incident', '=', incident).execute()
}

/** Keeps a notice as it now stands. */
export async function putNotice(trx: Trx, row: NoticeRow): Promise<void> {
  await on(trx)
    .insertInto('incident.notice')
    .values(row)
    .onConflict((c) =>
      c.columns(['incident', 'clock']).doUpdateSet({ saved_at: row.saved_at, sealed: row.sealed }),
    )
    .execute()
}

/** Cases whose clocks may run: neither closed nor unfounded. */
export async function listRunningIncidents(db: Db): Promise<IncidentRow[]> {
  return on(db)
    .selectFrom('incident.incident')
    .selectAll()
    .where('state', 'not in', ['closed', 'unfounded'])
    .orderBy('opened_at')
    .limit(500)
    .execute()
}

/** Notes an alarm; false when it was raised before. */
export async function insertAlarm(
  trx: Trx,
  row: { incident: string; what: string; at: number },
): Promise<boolean> {
  const done = await on(trx)
    .insertInto('incident.alarm')
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** Writes a representation with its deed. */
export async function insertRepresentation(
  trx: Trx,
  row: RepresentationRow,
  deed: { digest: string; sealed: Buffer },
): Promise<void> {
  await on(trx).insertInto('incident.representation').values(row).execute()
  await on(trx)
    .insertInto('incident.deed')
    .values({ representation: row.id, ...deed })
    .execute()
}

/** The representations of a case, newest first. */
export async function readRepresentations(db: Db | Trx, incident: string): Promise<RepresentationRow[]> {
  return on(db)
    .selectFrom('incident.representation')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('opened_at', 'desc')
    .execute()
}

/** One representation; `lock` holds it until the transaction ends. */
export async function readRepresentation(
  db: Db | Trx,
  id: string,
  lock = false,
): Promise<RepresentationRow | null> {
  const query = on(db).selectFrom('incident.representation').selectAll().where('id', '=', id)
  return (await (lock ? query.forUpdate() : query).executeTakeFirst()) ?? null
}

/** What a contact speaks for and has not ended; time may have. */
export async function readUnended(db: Db | Trx, contactHash: Buffer): Promise<RepresentationRow[]> {
  return on(db)
    .selectFrom('incident.representation')
    .selectAll()
    .where('contact_hash', '=', contactHash)
    .where('ended_at', 'is', null)
    .orderBy('opened_at')
    .execute()
}

/** The representation that a link enrols for. */
export async function readByLink(db: Db | Trx, linkHash: Buffer): Promise<RepresentationRow | null> {
  const row = await on(db)
    .selectFrom('incident.representation')
    .selectAll()
    .where('link_hash', '=', linkHash)
    .executeTakeFirst()
  return row ?? null
}

/** Those whose time is over and of which nobody said so yet. */
export async function readRunOut(db: Db, now: number): Promise<RepresentationRow[]> {
  return on(db)
    .selectFrom('incident.representation')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('until_at', '<=', now)
    .execute()
}

/** Moves a representation on. */
export async function saveRepresentation(
  trx: Trx,
  id: string,
  set: Partial<Pick<RepresentationRow, 'ended_at' | 'ended_by' | 'link_hash' | 'link_until' | 'enrolled_at'>>,
): Promise<void> {
  await on(trx).updateTable('incident.representation').set(set).where('id', '=', id).execute()
}

/** The deed of a representation, sealed. */
export async function readDeed(
  db: Db,
  representation: string,
): Promise<{ digest: string; sealed: Buffer } | null> {
  const row = await on(db)
    .selectFrom('incident.deed')
    .select(['digest', 'sealed'])
    .where('representation', '=', representation)
    .executeTakeFirst()
  return row ?? null
}

/** Writes a sign-in that waits for its code. */
export async function insertRepresentativeSignIn(trx: Trx, row: RepresentativeSignInRow): Promise<void> {
  await on(trx).insertInto('incident.representative_sign_in').values(row).execute()
}

/** A sign-in, held until the transaction ends. */
export async function lockRepresentativeSignIn(
  trx: Trx,
  id: string,
): Promise<RepresentativeSignInRow | null> {
  const row = await on(trx)
    .selectFrom('incident.representative_sign_in')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** How many codes were sent to a contact, and how many wrong ones came back, in sign-ins that expire after `after`. */
export async function countRepresentativeTries(
  trx: Trx,
  contactHash: Buffer,
  after: number,
): Promise<{ sent: number; wrong: number }> {
  const rows = await on(trx)
    .selectFrom('incident.representative_sign_in')
    .select(['wrong', 'code_hash'])
    .where('contact_hash', '=', contactHash)
    .where('expires_at', '>', after)
    .execute()
  return {
    sent: rows.filter((row) => row.code_hash !== null).length,
    wrong: rows.reduce((sum, row) => sum + row.wrong, 0),
  }
}

/** Moves a sign-in on. */
export async function saveRepresentativeSignIn(
  trx: Trx,
  id: string,
  set: { wrong?: number; done?: boolean; code_hash?: Buffer },
): Promise<void> {
  await on(trx).updateTable('incident.representative_sign_in').set(set).where('id', '=', id).execute()
}

/** Writes a session. */
export async function insertRepresentativeSession(trx: Trx, row: RepresentativeSessionRow): Promise<void> {
  await on(trx).insertInto('incident.representative_session').values(row).execute()
}

/** The session with this token's hash. */
export async function readRepresentativeSession(
  db: Db,
  tokenHash: Buffer,
): Promise<RepresentativeSessionRow | null> {
  const row = await on(db)
    .selectFrom('incident.representative_session')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  return row ?? null
}

/** Notes that a session was used. */
export async function touchRepresentativeSession(db: Db, id: string, at: number): Promise<void> {
  await on(db)
    .updateTable('incident.representative_session')
    .set({ seen_at: at })
    .where('id', '=', id)
    .execute()
}

/** Ends a session. */
export async function deleteRepresentativeSession(db: Db, id: string): Promise<void> {
  await on(db).deleteFrom('incident.representative_session').where('id', '=', id).execute()
}

/** Removes sessions and sign-ins that ended before `before` (epoch ms). */
export async function forgetRepresentativeSessions(db: Db, before: number): Promise<void> {
  await on(db).deleteFrom('incident.representative_session').where('seen_at', '<', before).execute()
  await on(db).deleteFrom('incident.representative_sign_in').where('expires_at', '<', before).execute()
}
