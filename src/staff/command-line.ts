import type { Db } from '../platform/database.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { readConduct } from './conduct-store.ts'
import type { NewPerson } from './people.ts'
import { refusals } from './problems.ts'
import type { StaffRoom } from './room.ts'
import type { Role, System } from './staff.ts'
import { countActiveHolders, findByDeskName, readPerson } from './store.ts'

/** Whoever runs the machine: may what administrators may, and each act is an entry that says so. */
export const COMMAND_LINE: System = { system: 'command line' }

/**
 * `countersign staff add`: a person with roles, and the link that enrols their passkey. A directory's first
 * two administrators are made like this.
 */
export async function addStaff(
  { room }: { room: StaffRoom },
  person: NewPerson & { readonly roles: readonly Role[] },
): Promise<{ id: string; deskName: string; link: string; expiresAt: number } | Refusal> {
  const added = await room.people.addWithRoles(COMMAND_LINE, person)
  if (isRefusal(added)) return added
  const link = await room.passkeys.issueLink(COMMAND_LINE, added.id)
  return isRefusal(link) ? link : { ...added, ...link }
}

/** What an instance's people have begun with. */
export async function countBeginnings(
  db: Db,
  now: number,
): Promise<{ administrators: number; conduct: boolean }> {
  const [administrators, conduct] = await Promise.all([
    countActiveHolders(db, 'administrator'),
    readConduct(db, now),
  ])
  return { administrators, conduct: conduct !== null }
}

/** Who answers for what is done to the ledger by hand: an active privacy officer or administrator; null for others. */
export async function findOfficer(db: Db, deskName: string): Promise<string | null> {
  const id = await findByDeskName(db, deskName)
  const person = id === null ? null : await readPerson(db, id)
  const answers =
    person?.roles.some((role) => role === 'privacy-officer' || role === 'administrator') ?? false
  return answers && person?.status === 'active' ? id : null
}

/** `countersign staff freeze M-17`: every session and grant of theirs ends at once, everywhere. */
export async function freezeStaff(
  { room, db }: { room: StaffRoom; db: Db },
  deskName: string,
  reason: string,
): Promise<{ sessionsEnded: number } | Refusal> {
  const id = await findByDeskName(db, deskName)
  return id === null ? refusals.personNotFound() : room.people.freeze(COMMAND_LINE, id, reason)
}

/** `countersign staff dismiss M-17`: as a freeze, for good; roles go at this moment. */
export async function dismissStaff(
  { room, db }: { room: StaffRoom; db: Db },
  deskName: string,
  ground: { clause: string; reason: string },
): Promise<{ sessionsEnded: number } | Refusal> {
  const id = await findByDeskName(db, deskName)
  return id === null ? refusals.personNotFound() : room.people.dismiss(COMMAND_LINE, id, ground)
}
