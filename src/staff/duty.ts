import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/database.ts'
import { listSignedInIds } from './session-store.ts'
import type { OfficeId, Role } from './staff.ts'
import { findByDeskName, listOnDuty, type PersonWithRoles, readPerson } from './store.ts'

/** A colleague as others may be told of: never the session, never the numbers. */
export interface Colleague {
  readonly id: string
  readonly deskName: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly office: OfficeId
  readonly team: string
}

/** Who is at work now. Frozen and dismissed people are never on duty. */
export interface Duty {
  /** Active people of `role` whose shift (or approval for other hours) covers this moment, by desk name. */
  onCall(role: Role, office?: OfficeId): Promise<Colleague[]>
  /** As `onCall`, those who are signed in before the others: a call to them is heard. */
  atDesks(role: Role): Promise<Colleague[]>
  /** Supervisors on duty whose team is none of `teams`: whom a refused look goes to, whom a second word is asked of. */
  supervisorsOutside(teams: readonly string[]): Promise<Colleague[]>
  /** Anybody by id, whatever their status; null when there is no such person. */
  find(staffId: string): Promise<Colleague | null>
  /** As `find`, by desk name. */
  findByDeskName(deskName: string): Promise<Colleague | null>
}

/** Who is at work, read from the rosters at each question. */
export function createDuty({ db, clock }: { db: Db; clock: Clock }): Duty {
  return {
    async onCall(role, office) {
      const query = { role, now: clock.now(), ...(office === undefined ? {} : { office }) }
      return (await listOnDuty(db, query)).map(colleagueOf)
    },
    async atDesks(role) {
      const now = clock.now()
      const signedIn = new Set(await listSignedInIds(db, now))
      const people = (await listOnDuty(db, { role, now })).map(colleagueOf)
      return people.toSorted((a, b) => Number(signedIn.has(b.id)) - Number(signedIn.has(a.id)))
    },
    supervisorsOutside: async (teams) =>
      (await listOnDuty(db, { role: 'supervisor', now: clock.now(), notTeams: teams })).map(colleagueOf),
    async find(staffId) {
      const row = await readPerson(db, staffId)
      return row === null ? null : colleagueOf(row)
    },
    async findByDeskName(deskName) {
      const id = await findByDeskName(db, deskName)
      const row = id === null ? null : await readPerson(db, id)
      return row === null ? null : colleagueOf(row)
    },
  }
}

/** A row as others may be told of it. */
export function colleagueOf(row: PersonWithRoles): Colleague {
  return {
    id: row.id,
    deskName: row.desk_name,
    name: row.name,
    roles: row.roles,
    office: row.office,
    team: row.team,
  }
}
