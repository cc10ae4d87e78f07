import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'
import type { Role } from '../staff/staff.ts'

type On = Db | Trx

/** An account of the directory with the person it is here. */
export interface Account {
  readonly id: string
  readonly userName: string
  readonly externalId: string | null
  readonly staffId: string
  readonly active: boolean
  /** Whether it was the directory that froze the person. */
  readonly frozen: boolean
  readonly name: string
  readonly team: string
  readonly createdAt: number
  readonly changedAt: number
}

export interface Group {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | null
  readonly createdAt: number
  readonly changedAt: number
}

/** What groups mean, as an administrator proposed it. */
export interface Meaning {
  readonly version: number
  readonly groups: Readonly<Record<string, Role>>
  readonly reason: string
  readonly proposedBy: string
  readonly proposedAt: number
  readonly approvedBy: string | null
  readonly approvedAt: number | null
}

const ACCOUNT =
  sql.raw(`a.id, a.user_name AS "userName", a.external_id AS "externalId", a.staff_id AS "staffId",
  a.active, a.frozen, a.name, a.team, a.created_at AS "createdAt", a.changed_at AS "changedAt"`)
const FROM = sql.raw('directory.account a')
const GROUP =
  sql.raw(`id, display_name AS "displayName", external_id AS "externalId", created_at AS "createdAt",
  changed_at AS "changedAt"`)
const MEANING = sql.raw(`version, groups, reason, proposed_by AS "proposedBy", proposed_at AS "proposedAt",
  approved_by AS "approvedBy", approved_at AS "approvedAt"`)

/** One account; `lock` keeps others from changing it until the transaction ends. */
export async function readAccount(on: On, id: string, lock = false): Promise<Account | null> {
  const { rows } = await sql<Account>`SELECT ${ACCOUNT} FROM ${FROM} WHERE a.id = ${id}
    ${sql.raw(lock ? 'FOR UPDATE OF a' : '')}`.execute(on)
  return rows[0] ?? null
}

/** The account that has this name or external id; the external id is asked first. */
export async function findAccount(
  on: On,
  by: { externalId?: string | undefined; userName?: string | undefined },
): Promise<Account | null> {
  const { rows } = await sql<Account>`SELECT ${ACCOUNT} FROM ${FROM}
    WHERE a.external_id = ${by.externalId ?? null} OR lower(a.user_name) = lower(${by.userName ?? null})
    ORDER BY (a.external_id = ${by.externalId ?? null}) DESC NULLS LAST LIMIT 1`.execute(on)
  return rows[0] ?? null
}

/** A page of accounts by name, and how many there are. */
export async function listAccounts(
  on: On,
  page: { offset: number; limit: number },
): Promise<{ total: number; accounts: Account[] }> {
  const { rows } = await sql<Account>`SELECT ${ACCOUNT} FROM ${FROM}
    ORDER BY a.user_name OFFSET ${page.offset} LIMIT ${page.limit}`.execute(on)
  const count = await sql<{ n: number }>`SELECT count(*)::int AS n FROM directory.account`.execute(on)
  return { total: count.rows[0]!.n, accounts: rows }
}

/** Files an account, or writes one on record anew. @returns false when its name or external id is another's. */
export async function putAccount(trx: Trx, account: Account): Promise<boolean> {
  const { id, userName, externalId, staffId, active, frozen, name, team, createdAt, changedAt } = account
  const other = await sql`SELECT FROM directory.account WHERE id <> ${id}
    AND (lower(user_name) = lower(${userName}) OR external_id = ${externalId} OR staff_id = ${staffId})`.execute(
    trx,
  )
  if (other.rows.length > 0) return false
  await sql`INSERT INTO directory.account
      (id, user_name, external_id, staff_id, active, frozen, name, team, created_at, changed_at)
    VALUES (${id}, ${userName}, ${externalId}, ${staffId}, ${active}, ${frozen}, ${name}, ${team}, ${createdAt},
      ${changedAt})
    ON CONFLICT (id) DO UPDATE SET user_name = excluded.user_name, external_id = excluded.external_id,
      name = excluded.name, team = excluded.team, active = excluded.active, frozen = excluded.frozen, changed_at = excluded.changed_at`.execute(
    trx,
  )
  return true
}

/** Forgets an account, its memberships with it. */
export async function deleteAccount(trx: Trx, id: string): Promise<void> {
  await sql`DELETE FROM directory.account WHERE id = ${id}`.execute(trx)
}

/** One group. */
export async function readGroup(on: On, id: string): Promise<Group | null> {
  const { rows } = await sql<Group>`SELECT ${GROUP} FROM directory.directory_group WHERE id = ${id}`.execute(
    on,
  )
  return rows[0] ?? null
}

/** Groups by name; only the one of this name where one is given. */
export async function listGroups(on: On, named: string | null): Promise<Group[]> {
  const { rows } = await sql<Group>`SELECT ${GROUP} FROM directory.directory_group
    WHERE ${named}::text IS NULL OR display_name = ${named} ORDER BY display_name LIMIT 1000`.execute(on)
  return rows
}

/** Files a group, or writes one anew. @returns false when its name is another's. */
export async function putGroup(trx: Trx, group: Group): Promise<boolean> {
  const { id, displayName, externalId, createdAt, changedAt } = group
  const other = await sql`SELECT FROM directory.directory_group
    WHERE id <> ${id} AND display_name = ${displayName}`.execute(trx)
  if (other.rows.length > 0) return false
  await sql`INSERT INTO directory.directory_group (id, display_name, external_id, created_at, changed_at)
    VALUES (${id}, ${displayName}, ${externalId}, ${createdAt}, ${changedAt})
    ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, external_id = excluded.external_id,
      changed_at = excluded.changed_at`.execute(trx)
  return true
}

/** Forgets a group. */
export async function deleteGroup(trx: Trx, id: string): Promise<void> {
  await sql`DELETE FROM directory.directory_group WHERE id = ${id}`.execute(trx)
}

/** Ids of a group's members. */
export async function membersOf(on: On, group: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`SELECT account_id AS id FROM directory.member
    WHERE group_id = ${group} ORDER BY account_id`.execute(on)
  return rows.map(({ id }) => id)
}

/** Makes these the members of a group, those that are accounts. */
export async function setMembers(trx: Trx, group: string, members: readonly string[]): Promise<void> {
  await sql`DELETE FROM directory.member WHERE group_id = ${group}
    AND account_id <> ALL(${[...members]}::text[])`.execute(trx)
  await sql`INSERT INTO directory.member (group_id, account_id)
    SELECT ${group}, id FROM directory.account WHERE id = ANY(${[...members]}::text[])
    ON CONFLICT DO NOTHING`.execute(trx)
}

/** Names of the groups that an account is in. */
export async function groupsOf(on: On, account: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT g.display_name AS name FROM directory.member m
    JOIN directory.directory_group g ON g.id = m.group_id WHERE m.account_id = ${account}`.execute(on)
  return rows.map(({ name }) => name)
}

/** Every account's id. */
export async function allAccounts(on: On): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`SELECT id FROM directory.account ORDER BY id`.execute(on)
  return rows.map(({ id }) => id)
}

/** Roles that groups gave a person. */
export async function givenRoles(on: On, staffId: string): Promise<Role[]> {
  const { rows } = await sql<{ role: Role }>`SELECT role FROM directory.given_role
    WHERE staff_id = ${staffId}`.execute(on)
  return rows.map(({ role }) => role)
}

/** Notes that a group gave a role, or that it took it again. */
export async function noteGiven(trx: Trx, staffId: string, role: Role, given: boolean): Promise<void> {
  await (given
    ? sql`INSERT INTO directory.given_role (staff_id, role) VALUES (${staffId}, ${role}) ON CONFLICT DO NOTHING`
    : sql`DELETE FROM directory.given_role WHERE staff_id = ${staffId} AND role = ${role}`
  ).execute(trx)
}

/** What groups mean now; null before anybody approved anything. */
export async function currentMeaning(on: On): Promise<Meaning | null> {
  const { rows } = await sql<Meaning>`SELECT ${MEANING} FROM directory.meaning
    WHERE approved_at IS NOT NULL ORDER BY approved_at DESC, version DESC LIMIT 1`.execute(on)
  return rows[0] ?? null
}

/** What waits for its second administrator, oldest first. */
export async function waitingMeanings(on: On): Promise<Meaning[]> {
  const { rows } = await sql<Meaning>`SELECT ${MEANING} FROM directory.meaning m
    WHERE approved_at IS NULL AND version > coalesce(
      (SELECT max(version) FROM directory.meaning WHERE approved_at IS NOT NULL), 0)
    ORDER BY version LIMIT 50`.execute(on)
  return rows
}

/** Files a proposal. @returns its version. */
export async function insertMeaning(
  trx: Trx,
  meaning: Pick<Meaning, 'groups' | 'reason' | 'proposedBy' | 'proposedAt'>,
): Promise<number> {
  const { groups, reason, proposedBy, proposedAt } = meaning
  const { rows } = await sql<{
    version: number
  }>`INSERT INTO directory.meaning (groups, reason, proposed_by, proposed_at)
    VALUES (${JSON.stringify(groups)}::jsonb, ${reason}, ${proposedBy}, ${proposedAt}) RETURNING version`.execute(
    trx,
  )
  return rows[0]!.version
}

/** One proposal, locked. */
export async function readMeaning(trx: Trx, version: number): Promise<Meaning | null> {
  const { rows } = await sql<Meaning>`SELECT ${MEANING} FROM directory.meaning
    WHERE version = ${version} FOR UPDATE`.execute(trx)
  return rows[0] ?? null
}

/** Notes the second administrator's word. */
export async function approveMeaning(trx: Trx, version: number, by: string, at: number): Promise<void> {
  await sql`UPDATE directory.meaning SET approved_by = ${by}, approved_at = ${at}
    WHERE version = ${version}`.execute(trx)
}

export interface Away {
  readonly stateHash: Buffer
  readonly nonce: string
  readonly verifier: string
  readonly expiresAt: number
}

/** Keeps what a sign-in needs when it comes back; what ran out is forgotten. */
export async function keepSignIn(on: On, away: Away, now: number): Promise<void> {
  await sql`DELETE FROM directory.sign_in WHERE expires_at < ${now}`.execute(on)
  await sql`INSERT INTO directory.sign_in (state_hash, nonce, verifier, expires_at)
    VALUES (${away.stateHash}, ${away.nonce}, ${away.verifier}, ${away.expiresAt})`.execute(on)
}

/** Takes a sign-in that comes back; it works once. */
export async function takeSignIn(on: On, stateHash: Buffer, now: number): Promise<Away | null> {
  const { rows } = await sql<Away>`DELETE FROM directory.sign_in WHERE state_hash = ${stateHash}
    RETURNING state_hash AS "stateHash", nonce, verifier, expires_at AS "expiresAt"`.execute(on)
  const away = rows[0]
  return away !== undefined && away.expiresAt > now ? away : null
}

/** Ties a session to the directory's. */
export async function tieSession(
  trx: Trx,
  tie: { session: string; account: string; sid: string | null },
): Promise<void> {
  await sql`INSERT INTO directory.session (session_id, account_id, sid)
    VALUES (${tie.session}, ${tie.account}, ${tie.sid})`.execute(trx)
}

/** Sessions of a session of the directory, or of everything an account began with it. */
export async function sessionsOf(
  on: On,
  by: { sid: string | null; externalId: string | null },
): Promise<{ session: string; staffId: string }[]> {
  const { rows } = await sql<{
    session: string
    staffId: string
  }>`SELECT s.session_id AS session, a.staff_id AS "staffId" FROM directory.session s
    JOIN directory.account a ON a.id = s.account_id
    WHERE CASE WHEN ${by.sid}::text IS NULL THEN a.external_id = ${by.externalId} ELSE s.sid = ${by.sid} END`.execute(
    on,
  )
  return rows
}

/** Notes a logout token. @returns false when it was used before. */
export async function spendLogout(trx: Trx, jti: string, expiresAt: number, now: number): Promise<boolean> {
  await sql`DELETE FROM directory.logout WHERE expires_at < ${now}`.execute(trx)
  const done = await sql`INSERT INTO directory.logout (jti, expires_at) VALUES (${jti}, ${expiresAt})
    ON CONFLICT DO NOTHING`.execute(trx)
  return done.numAffectedRows === 1n
}
