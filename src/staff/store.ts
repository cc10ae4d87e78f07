import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'
import type { OfficeId, Role } from './staff.ts'

/** The rows of this room, as the database has them; instants in milliseconds. */
export type StaffTables = {
  'staff.person': PersonRow
  'staff.role': { staff_id: string; role: Role; given_at: number }
  'staff.proposal': ProposalRow
  'staff.shift': { staff_id: string; starts_at: number; ends_at: number }
  'staff.freeze': FreezeRow
  'staff.dismissal': { staff_id: string; clause: string; reason: string; dismissed_at: number }
}

export interface PersonRow {
  id: string
  desk_name: string
  name: string
  office: OfficeId
  team: string
  status: 'active' | 'frozen' | 'dismissed'
  added_at: number
}

export interface ProposalRow {
  id: string
  kind: 'role' | 'verification'
  about: string | null
  what: unknown
  reason: string
  proposed_by: string
  proposed_at: number
  approved_by: string[]
  outcome: 'approved' | 'withdrawn' | null
  decided_at: number | null
  /** Only of rules: what approvers are shown, and the version it was held against. */
  preview: unknown
  against: number | null
}

export interface FreezeRow {
  id: string
  staff_id: string
  reason: string
  frozen_at: number
  lifted_at: number | null
}

const on = (db: Db | Trx) => db.withTables<StaffTables>()

/** A person with the roles held now. */
export type PersonWithRoles = PersonRow & { roles: Role[] }

const rolesOf = sql<Role[]>`(SELECT coalesce(array_agg(r.role ORDER BY r.role), '{}')
  FROM staff.role r WHERE r.staff_id = staff.person.id)`.as('roles')

/** Everybody who fits, by desk name. Names and desk names are matched anywhere in them, without case. */
export async function listPeople(
  db: Db | Trx,
  filter: {
    office?: string
    team?: string
    status?: PersonRow['status']
    role?: Role
    text?: string
    limit: number
  },
): Promise<PersonWithRoles[]> {
  let query = on(db).selectFrom('staff.person').selectAll().select(rolesOf)
  if (filter.office) query = query.where('office', '=', filter.office as OfficeId)
  if (filter.team) query = query.where('team', '=', filter.team)
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.role)
    query = query.where('id', 'in', (eb) =>
      eb
        .selectFrom('staff.role')
        .select('staff_id')
        .where('role', '=', filter.role as Role),
    )
  if (filter.text) {
    const pattern = `%${filter.text.replaceAll(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) => eb.or([eb('name', 'ilike', pattern), eb('desk_name', 'ilike', pattern)]))
  }
  return query
    .orderBy('office')
    .orderBy(sql`length(desk_name)`)
    .orderBy('desk_name')
    .limit(filter.limit)
    .execute()
}

/** One person; `lock` keeps others from changing them until the transaction ends. */
export async function readPerson(db: Db | Trx, id: string, lock = false): Promise<PersonWithRoles | null> {
  let query = on(db).selectFrom('staff.person').selectAll().select(rolesOf).where('id', '=', id)
  if (lock) query = query.forUpdate()
  return (await query.executeTakeFirst()) ?? null
}

/** The next free number of desk names that begin with `letter`; one at a time. */
export async function nextDeskNumber(trx: Trx, letter: string): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('staff.desk_name'))`.execute(trx)
  const found = await sql<{ next: number }>`
    SELECT coalesce(max(substr(desk_name, 3)::int), 0) + 1 AS next FROM staff.person
    WHERE desk_name ~ ${`^${letter}-[0-9]+$`}`.execute(trx)
  return found.rows[0]?.next ?? 1
}

/** Files a new person. @returns false when the desk name is somebody's already. */
export async function insertPerson(trx: Trx, person: PersonRow): Promise<boolean> {
  const done = await on(trx)
    .insertInto('staff.person')
    .values(person)
    .onConflict((conflict) => conflict.column('desk_name').doNothing())
    .executeTakeFirst()
  return Number(done.numInsertedOrUpdatedRows) === 1
}

/** Changes where somebody sits, or what they are. */
export async function updatePerson(
  trx: Trx,
  id: string,
  change: Partial<Pick<PersonRow, 'office' | 'team' | 'status'>>,
): Promise<void> {
  await on(trx).updateTable('staff.person').set(change).where('id', '=', id).execute()
}

/** Gives a role; giving it twice changes nothing. */
export async function insertRole(trx: Trx, staffId: string, role: Role, at: number): Promise<void> {
  await on(trx)
    .insertInto('staff.role')
    .values({ staff_id: staffId, role, given_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Takes a role. @returns false when it was not held. */
export async function deleteRole(trx: Trx, staffId: string, role: Role): Promise<boolean> {
  const done = await on(trx)
    .deleteFrom('staff.role')
    .where('staff_id', '=', staffId)
    .where('role', '=', role)
    .executeTakeFirst()
  return Number(done.numDeletedRows) === 1
}

/** How many active people hold `role`, the rows locked so that two cannot both be the last but one. */
export async function countActiveHolders(trx: Db | Trx, role: Role): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock(hashtext(${`staff.role.${role}`}))`.execute(trx)
  const found = await sql<{ holders: number }>`
    SELECT count(*)::int AS holders FROM staff.role r JOIN staff.person p ON p.id = r.staff_id
    WHERE r.role = ${role} AND p.status = 'active'`.execute(trx)
  return found.rows[0]?.holders ?? 0
}

/** Files a proposal. */
export async function insertProposal(trx: Trx, proposal: ProposalRow): Promise<void> {
  await on(trx)
    .insertInto('staff.proposal')
    .values({
      ...proposal,
      what: JSON.stringify(proposal.what),
      preview: proposal.preview === null ? null : JSON.stringify(proposal.preview),
    })
    .execute()
}

/** One proposal, locked. */
export async function readProposal(trx: Trx, id: string): Promise<ProposalRow | null> {
  const found = await on(trx)
    .selectFrom('staff.proposal')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .execute()
  return found[0] ?? null
}

/** What waits for a second person, oldest first. */
export async function openProposals(db: Db | Trx, kind: ProposalRow['kind']): Promise<ProposalRow[]> {
  return on(db)
    .selectFrom('staff.proposal')
    .selectAll()
    .where('kind', '=', kind)
    .where('outcome', 'is', null)
    .orderBy('proposed_at')
    .limit(200)
    .execute()
}

/** Records an approval or an end. */
export async function updateProposal(
  trx: Trx,
  id: string,
  change: Partial<Pick<ProposalRow, 'approved_by' | 'outcome' | 'decided_at'>>,
): Promise<void> {
  await on(trx).updateTable('staff.proposal').set(change).where('id', '=', id).execute()
}

/** Active people of `role` who are at work at `now`, by desk name. */
export async function listOnDuty(
  db: Db | Trx,
  query: { role: Role; now: number; office?: string; notTeams?: readonly string[] },
): Promise<PersonWithRoles[]> {
  let people = on(db)
    .selectFrom('staff.person')
    .selectAll()
    .select(rolesOf)
    .where('status', '=', 'active')
    .where('id', 'in', (eb) => eb.selectFrom('staff.role').select('staff_id').where('role', '=', query.role))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('staff.shift')
        .select('staff_id')
        .where('starts_at', '<=', query.now)
        .where('ends_at', '>', query.now),
    )
  if (query.office) people = people.where('office', '=', query.office as OfficeId)
  if (query.notTeams && query.notTeams.length > 0)
    people = people.where('team', 'not in', [...query.notTeams])
  return people.orderBy('desk_name').limit(200).execute()
}

/** Opens a freeze. */
export async function insertFreeze(trx: Trx, freeze: FreezeRow): Promise<void> {
  await on(trx).insertInto('staff.freeze').values(freeze).execute()
}

/** Ends every open freeze of a person. */
export async function liftFreezes(trx: Trx, staffId: string, at: number): Promise<void> {
  await on(trx)
    .updateTable('staff.freeze')
    .set({ lifted_at: at })
    .where('staff_id', '=', staffId)
    .where('lifted_at', 'is', null)
    .execute()
}

/** Freezes of a person, newest first. */
export async function listFreezes(db: Db | Trx, staffId: string): Promise<FreezeRow[]> {
  return on(db)
    .selectFrom('staff.freeze')
    .selectAll()
    .where('staff_id', '=', staffId)
    .orderBy('frozen_at', 'desc')
    .limit(100)
    .execute()
}

/** Files a dismissal. */
export async function insertDismissal(trx: Trx, row: StaffTables['staff.dismissal']): Promise<void> {
  await on(trx).insertInto('staff.dismissal').values(row).execute()
}

/** A person's dismissal, or null. */
export async function readDismissal(
  db: Db | Trx,
  staffId: string,
): Promise<StaffTables['staff.dismissal'] | null> {
  const found = await on(db)
    .selectFrom('staff.dismissal')
    .selectAll()
    .where('staff_id', '=', staffId)
    .execute()
  return found[0] ?? null
}

/** Every team there is, with its office. */
export async function listTeams(db: Db | Trx): Promise<{ office: OfficeId; team: string; people: number }[]> {
  const found = await sql<{ office: OfficeId; team: string; people: number }>`
    SELECT office, team, count(*)::int AS people FROM staff.person WHERE status <> 'dismissed'
    GROUP BY office, team ORDER BY office, team`.execute(db)
  return found.rows
}

/** The id behind a desk name, which is somebody's for life; null when it is nobody's. */
export async function findByDeskName(db: Db | Trx, deskName: string): Promise<string | null> {
  const found = await on(db)
    .selectFrom('staff.person')
    .select('id')
    .where('desk_name', '=', deskName)
    .executeTakeFirst()
  return found?.id ?? null
}
