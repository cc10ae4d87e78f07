import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'
import { CALL_DETAIL_COURSE, type OfficeId, type Role } from './staff.ts'

/** How somebody signed in. */
export type SignInWay = 'passkey' | 'demo' | 'directory'

interface SessionRow {
  id: string
  token_hash: Buffer
  staff_id: string
  shop: string | null
  how: SignInWay
  started_at: number
  seen_at: number
  ends_at: number
  ended_at: number | null
  /** HMAC of the row under a key that the database does not hold. */
  mark: Buffer
}

type SessionTables = {
  'staff.session': SessionRow
  'staff.device': DeviceRow
  'staff.link': LinkRow
}

export interface DeviceRow {
  id: string
  token_hash: Buffer
  shop: string
  registered_at: number
  revoked_at: number | null
  /** As a session's; null in a row that none of our doors wrote. */
  mark: Buffer | null
}

export interface LinkRow {
  token_hash: Buffer
  kind: 'person' | 'device'
  staff_id: string | null
  shop: string | null
  issued_by: string | null
  expires_at: number
  used_at: number | null
  mark: Buffer | null
}

const on = (db: Db | Trx) => db.withTables<SessionTables>()

/** How long a course of conduct holds: signed again each year. */
const CONDUCT_YEAR_MS = 365 * 86_400_000

/** A session with everything the policy asks about its person. */
export interface SessionFacts {
  id: string
  token_hash: Buffer
  staff_id: string
  shop: string | null
  how: SignInWay
  started_at: number
  seen_at: number
  ends_at: number
  /** Null in a row that none of our doors wrote. */
  mark: Buffer | null
  desk_name: string
  name: string
  office: OfficeId
  team: string
  status: 'active' | 'frozen' | 'dismissed'
  roles: Role[]
  on_shift: boolean
  conduct_signed: boolean
  trained: boolean
}

/** Reads a session that has not ended (of a person: the one used last), and the facts of its person at `now`, in one round trip. */
export async function readSessionFacts(
  db: Db,
  of: Buffer | { readonly staffId: string },
  at: { now: number; idleMs: number },
): Promise<SessionFacts | null> {
  const whose = Buffer.isBuffer(of) ? sql`s.token_hash = ${of}` : sql`s.staff_id = ${of.staffId}`
  const found = await sql<SessionFacts>`
    SELECT s.id, s.token_hash, s.staff_id, s.shop, s.how, s.started_at, s.seen_at, s.ends_at, s.mark,
      p.desk_name, p.name, p.office, p.team, p.status,
      (SELECT coalesce(array_agg(r.role ORDER BY r.role), '{}') FROM staff.role r WHERE r.staff_id = p.id) AS roles,
      EXISTS (SELECT FROM staff.shift h
        WHERE h.staff_id = p.id AND h.starts_at <= ${at.now} AND h.ends_at > ${at.now}) AS on_shift,
      EXISTS (SELECT FROM staff.conduct_signature g
        WHERE g.staff_id = p.id AND g.signed_at > ${at.now - CONDUCT_YEAR_MS}
          AND g.version = (SELECT max(c.version) FROM staff.conduct c WHERE c.effective_from <= ${at.now}))
        AS conduct_signed,
      EXISTS (SELECT FROM staff.training t
        WHERE t.staff_id = p.id AND t.course = ${CALL_DETAIL_COURSE}
          AND t.passed_at <= ${at.now} AND t.expires_at > ${at.now}) AS trained
    FROM staff.session s JOIN staff.person p ON p.id = s.staff_id
    WHERE ${whose} AND s.ended_at IS NULL
      AND s.ends_at > ${at.now} AND s.seen_at > ${at.now - at.idleMs}
    ORDER BY s.seen_at DESC LIMIT 1`.execute(db)
  return found.rows[0] ?? null
}

/** Files a session. */
export async function insertSession(trx: Trx, session: SessionRow): Promise<void> {
  await on(trx).insertInto('staff.session').values(session).execute()
}

/** Says that a session is in use. */
export async function touchSession(db: Db, id: string, seenAt: number): Promise<void> {
  await on(db).updateTable('staff.session').set({ seen_at: seenAt }).where('id', '=', id).execute()
}

/** Ends one session. @returns whose it was; null when it had ended. */
export async function endSession(trx: Trx, id: string, at: number): Promise<string | null> {
  const ended = await on(trx)
    .updateTable('staff.session')
    .set({ ended_at: at })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('staff_id')
    .executeTakeFirst()
  return ended?.staff_id ?? null
}

/** Ends every session of a person, and spends every link they could still sign in with. @returns how many sessions. */
export async function endSessionsOf(trx: Trx, staffId: string, at: number): Promise<number> {
  await on(trx)
    .updateTable('staff.link')
    .set({ used_at: at })
    .where('staff_id', '=', staffId)
    .where('used_at', 'is', null)
    .execute()
  const ended = await on(trx)
    .updateTable('staff.session')
    .set({ ended_at: at })
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}

/** Ends every session that runs on a shop's devices. @returns their ids. */
export async function endSessionsAt(trx: Trx, shop: string, at: number): Promise<string[]> {
  const ended = await on(trx)
    .updateTable('staff.session')
    .set({ ended_at: at })
    .where('shop', '=', shop)
    .where('ended_at', 'is', null)
    .returning('id')
    .execute()
  return ended.map(({ id }) => id)
}

/** How many sessions of a person are open. */
export async function countSessions(db: Db | Trx, staffId: string, now: number): Promise<number> {
  const found = await sql<{ open: number }>`SELECT count(*)::int AS open FROM staff.session
    WHERE staff_id = ${staffId} AND ended_at IS NULL AND ends_at > ${now}`.execute(db)
  return found.rows[0]?.open ?? 0
}

/** Everybody with an open session. */
export async function listSignedInIds(db: Db | Trx, now: number): Promise<string[]> {
  const found = await sql<{ staff_id: string }>`SELECT DISTINCT staff_id FROM staff.session
    WHERE ended_at IS NULL AND ends_at > ${now}`.execute(db)
  return found.rows.map((row) => row.staff_id)
}

/** Files a link; earlier unused ones of the same person stop working. */
export async function insertLink(trx: Trx, link: LinkRow, now: number): Promise<void> {
  if (link.staff_id !== null)
    await on(trx)
      .updateTable('staff.link')
      .set({ used_at: now })
      .where('staff_id', '=', link.staff_id)
      .where('used_at', 'is', null)
      .execute()
  await on(trx).insertInto('staff.link').values(link).execute()
}

/** A link that still works. */
export async function readLink(
  db: Db | Trx,
  tokenHash: Buffer,
  kind: LinkRow['kind'],
  now: number,
): Promise<LinkRow | null> {
  const found = await on(db)
    .selectFrom('staff.link')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .execute()
  return found[0] ?? null
}

/** Spends a link. @returns false when somebody else just did. */
export async function spendLink(trx: Trx, tokenHash: Buffer, now: number): Promise<boolean> {
  const done = await on(trx)
    .updateTable('staff.link')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}

/** Files a shop's device. */
export async function insertDevice(trx: Trx, device: DeviceRow): Promise<void> {
  await on(trx).insertInto('staff.device').values(device).execute()
}

/** The device that carries this token; null when unknown or revoked. */
export async function readDevice(db: Db | Trx, tokenHash: Buffer): Promise<DeviceRow | null> {
  const found = await on(db)
    .selectFrom('staff.device')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .execute()
  return found[0] ?? null
}

/** Registered devices, newest first. */
export async function listDevices(db: Db | Trx): Promise<DeviceRow[]> {
  return on(db).selectFrom('staff.device').selectAll().orderBy('registered_at', 'desc').limit(500).execute()
}

/** Takes a device back. @returns its shop; null when unknown or revoked. */
export async function revokeDevice(trx: Trx, id: string, at: number): Promise<string | null> {
  const done = await on(trx)
    .updateTable('staff.device')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('shop')
    .executeTakeFirst()
  return done?.shop ?? null
}
