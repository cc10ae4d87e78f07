import type { Append } from '../ledger/commit.ts'
import { commitWith } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Policy } from './policy.ts'
import { refusals } from './problems.ts'
import type { StaffParties } from './room.ts'
import { actorIdOf, bySaying, mayAbout } from './say.ts'
import type { Sessions } from './sessions.ts'
import { type Actor, isSystem, OFFICES, type OfficeId, type Role } from './staff.ts'
import {
  countActiveHolders,
  deleteRole,
  insertDismissal,
  insertFreeze,
  insertPerson,
  insertRole,
  liftFreezes,
  nextDeskNumber,
  type PersonWithRoles,
  readPerson,
  updatePerson,
} from './store.ts'

export interface NewPerson {
  readonly name: string
  readonly office: OfficeId
  readonly team: string
  /** `M-17`; the next free one of the office when absent. For life: customers know people by it. */
  readonly deskName?: string
}

/** Hiring, moving, stopping and dismissing; each with its entry, each refused where the policy says so. */
export interface People {
  /** Adds somebody without a role; a role takes two administrators (`roles.ts`). */
  add(by: Actor, person: NewPerson): Promise<{ id: string; deskName: string } | Refusal>
  /** The machine's operator adds somebody with roles at once: how a directory gets its first administrators. */
  addWithRoles(
    by: Actor,
    person: NewPerson & { readonly roles: readonly Role[] },
  ): Promise<{ id: string; deskName: string } | Refusal>
  move(by: Actor, staffId: string, place: { office: OfficeId; team: string }): Promise<null | Refusal>
  /** Ends sessions and grants everywhere within a second; sign-in is refused until the freeze is lifted. */
  freeze(by: Actor, staffId: string, reason: string): Promise<{ sessionsEnded: number } | Refusal>
  liftFreeze(by: Actor, staffId: string, reason: string): Promise<null | Refusal>
  /** As a freeze, for good: roles go at this moment, and the clause of the contract or code is recorded. */
  dismiss(
    by: Actor,
    staffId: string,
    ground: { clause: string; reason: string },
  ): Promise<{ sessionsEnded: number } | Refusal>
  /** As `dismiss`, in the transaction that decides it: nobody is dismissed by halves. */
  dismissWithin(
    trx: Trx,
    append: Append,
    by: Actor,
    staffId: string,
    ground: { clause: string; reason: string },
  ): Promise<{ sessionsEnded: number } | Refusal>
  endSessions(by: Actor, staffId: string, reason: string): Promise<{ sessionsEnded: number } | Refusal>
}

type Parties = StaffParties & { policy: Policy; sessions: Sessions }

/** The use cases over these parties. */
export function createPeople(parties: Parties): People {
  return {
    async add(by, person) {
      const resource = { type: 'Desk', id: 'people' } as const
      const no = isSystem(by) ? null : parties.policy.decide({ staff: by, action: 'add-person', resource })
      return no ?? addPerson(parties, by, person, [])
    },
    async addWithRoles(by, person) {
      return isSystem(by) ? addPerson(parties, by, person, person.roles) : rolesTakeTwo()
    },
    move: (by, staffId, place) => movePerson(parties, by, staffId, place),
    freeze: (by, staffId, reason) =>
      changePerson(parties, { by, staffId, action: 'freeze-person' }, async (trx, append, person) => {
        if (person.status === 'frozen')
          return refuse('already-frozen', 'This person is frozen already.', 'Nothing needs to be done.')
        return stop(parties, trx, append, { by, person, status: 'frozen', reason })
      }),
    liftFreeze: (by, staffId, reason) => liftFreeze(parties, by, staffId, reason),
    dismiss: (by, staffId, ground) =>
      commitWith(parties.db, parties.ledger, (trx, append) =>
        dismissWithin(parties, trx, append, by, staffId, ground),
      ),
    dismissWithin: (trx, append, by, staffId, ground) =>
      dismissWithin(parties, trx, append, by, staffId, ground),
    endSessions: (by, staffId, reason) => endSessions(parties, by, staffId, reason),
  }
}

function rolesTakeTwo(): Refusal {
  return refuse('not-in-role', 'A role takes two administrators.', 'Add the person, then propose the role.')
}

function addPerson(
  parties: Parties,
  by: Actor,
  person: NewPerson,
  roles: readonly Role[],
): Promise<{ id: string; deskName: string } | Refusal> {
  return commitWith(parties.db, parties.ledger, (trx, append) =>
    addPersonIn(parties, trx, append, { by, person, roles }),
  )
}

/** Adds a person, in a transaction under way. Whoever calls has decided that `by` may. */
export async function addPersonIn(
  parties: StaffParties,
  trx: Trx,
  append: Append,
  { by, person, roles }: { by: Actor; person: NewPerson; roles: readonly Role[] },
): Promise<{ id: string; deskName: string } | Refusal> {
  const now = parties.clock.now()
  const { name, office, team } = person
  const id = Buffer.from(parties.random(16)).toString('hex')
  const deskName = person.deskName ?? (await freeDeskName(trx, office))
  const row = { id, desk_name: deskName, name, office, team, status: 'active' as const, added_at: now }
  if (!(await insertPerson(trx, row)))
    return refuse('desk-name-taken', 'Somebody has this desk name.', 'Leave it out to get the next free one.')
  for (const role of roles) await insertRole(trx, id, role, now)
  await append({
    kind: 'staff-added',
    header: { office },
    body: { person: id, deskName, name, team, roles: [...roles], by: bySaying(by) },
    actor: actorIdOf(by),
  })
  return { id, deskName }
}

function movePerson(
  parties: Parties,
  by: Actor,
  staffId: string,
  place: { office: OfficeId; team: string },
): Promise<null | Refusal> {
  return changePerson<null>(parties, { by, staffId, action: 'move-person' }, async (trx, append, person) => {
    await movePersonIn(parties, trx, append, { by, person, place })
    return null
  })
}

function dismissWithin(
  parties: Parties,
  trx: Trx,
  append: Append,
  by: Actor,
  staffId: string,
  ground: { clause: string; reason: string },
): Promise<{ sessionsEnded: number } | Refusal> {
  const ask = { by, staffId, action: 'dismiss-person' }
  return changeWithin<{ sessionsEnded: number }>(parties, trx, ask, async (person) => {
    const last = await lastAdministrator(trx, person)
    return last ?? stop(parties, trx, append, { by, person, status: 'dismissed', ...ground })
  })
}

/** Moves a person who is locked, in a transaction under way. */
export async function movePersonIn(
  parties: { sessions: Sessions },
  trx: Trx,
  append: Append,
  move: { by: Actor; person: PersonWithRoles; place: { office: OfficeId; team: string } },
): Promise<void> {
  const { by, person, place } = move
  await updatePerson(trx, person.id, place)
  await parties.sessions.factsChanged(trx, person.id)
  await append({
    kind: 'staff-moved',
    header: { office: place.office },
    body: {
      person: person.id,
      from: { office: person.office, team: person.team },
      to: place,
      by: bySaying(by),
    },
    actor: actorIdOf(by),
  })
}

function liftFreeze(parties: Parties, by: Actor, staffId: string, reason: string): Promise<null | Refusal> {
  return changePerson<null>(parties, { by, staffId, action: 'lift-freeze' }, async (trx, append, person) => {
    if (person.status !== 'frozen')
      return refuse('not-frozen', 'This person is not frozen.', 'Nothing needs to be done.')
    await liftFreezeIn(parties, trx, append, { by, person, reason })
    return null
  })
}

/** Lifts the freeze of a person who is locked, in a transaction under way. */
export async function liftFreezeIn(
  parties: StaffParties & { sessions: Sessions },
  trx: Trx,
  append: Append,
  { by, person, reason }: { by: Actor; person: PersonWithRoles; reason: string },
): Promise<void> {
  await updatePerson(trx, person.id, { status: 'active' })
  await liftFreezes(trx, person.id, parties.clock.now())
  await parties.sessions.factsChanged(trx, person.id)
  await append({
    kind: 'freeze-lifted',
    header: { office: person.office },
    body: { person: person.id, deskName: person.desk_name, reason, by: bySaying(by) },
    actor: actorIdOf(by),
  })
}

function endSessions(
  parties: Parties,
  by: Actor,
  staffId: string,
  reason: string,
): Promise<{ sessionsEnded: number } | Refusal> {
  const ask = { by, staffId, action: 'end-sessions' }
  return changePerson<{ sessionsEnded: number }>(parties, ask, async (trx, append, person) => {
    const sessionsEnded = await parties.sessions.endAllOf(trx, staffId)
    await append({
      kind: 'sessions-ended',
      header: null,
      body: { person: staffId, deskName: person.desk_name, sessionsEnded, reason, by: bySaying(by) },
      actor: actorIdOf(by),
    })
    return { sessionsEnded }
  })
}

/**
 * Runs a change about one person in one transaction with its entry: the person's row is locked first, so the
 * policy decides on the roles and team that the change will find.
 */
export async function changePerson<T>(
  parties: StaffParties & { policy: Policy },
  ask: { by: Actor; staffId: string; action: string },
  change: (trx: Trx, append: Append, person: PersonWithRoles) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  return commitWith<T | Refusal>(parties.db, parties.ledger, (trx, append) =>
    changeWithin(parties, trx, ask, (person) => change(trx, append, person)),
  )
}

async function changeWithin<T>(
  parties: { policy: Policy },
  trx: Trx,
  ask: { by: Actor; staffId: string; action: string },
  change: (person: PersonWithRoles) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  const person = await readPerson(trx, ask.staffId, true)
  if (person === null) return refusals.personNotFound()
  const no = mayAbout(parties.policy, ask.by, ask.action, person)
  if (no !== null) return no
  if (person.status === 'dismissed') return refusals.dismissed()
  return change(person)
}

interface Stop {
  by: Actor
  person: PersonWithRoles
  status: 'frozen' | 'dismissed'
  reason: string
  clause?: string
}

/**
 * One transaction holds the new status, the end of all sessions, the entry, and the notification that care
 * ends grants by: so no moment exists in which somebody is dismissed and still signed in.
 */
export async function stop(
  parties: StaffParties & { sessions: Sessions },
  trx: Trx,
  append: Append,
  { by, person, status, reason, clause }: Stop,
): Promise<{ sessionsEnded: number }> {
  const now = parties.clock.now()
  await updatePerson(trx, person.id, { status })
  if (status === 'frozen') {
    const id = Buffer.from(parties.random(16)).toString('hex')
    await insertFreeze(trx, { id, staff_id: person.id, reason, frozen_at: now, lifted_at: null })
  } else {
    await liftFreezes(trx, person.id, now)
    await insertDismissal(trx, { staff_id: person.id, clause: clause ?? '', reason, dismissed_at: now })
    for (const role of person.roles) await deleteRole(trx, person.id, role)
  }
  const sessionsEnded = await parties.sessions.endAllOf(trx, person.id)
  await append({
    kind: status === 'frozen' ? 'staff-frozen' : 'staff-dismissed',
    header: { office: person.office },
    body: {
      person: person.id,
      deskName: person.desk_name,
      roles: [...person.roles],
      reason,
      ...(clause === undefined ? {} : { clause }),
      sessionsEnded,
      by: bySaying(by),
    },
    actor: actorIdOf(by),
  })
  return { sessionsEnded }
}

/** Refuses what would leave fewer than two administrators: giving a role takes two. */
export async function lastAdministrator(trx: Trx, person: PersonWithRoles): Promise<Refusal | null> {
  if (!person.roles.includes('administrator') || person.status !== 'active') return null
  return (await countActiveHolders(trx, 'administrator')) > 2
    ? null
    : refuse(
        'last-administrator',
        'Two administrators must remain: giving a role takes two.',
        'Give somebody else the role first. To stop this person at once, freeze them.',
      )
}

async function freeDeskName(trx: Trx, office: OfficeId): Promise<string> {
  const letter = OFFICES.find(({ id }) => id === office)?.letter ?? 'X'
  return `${letter}-${await nextDeskNumber(trx, letter)}`
}
