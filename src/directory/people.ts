import { type Append, commitWith } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import { addPersonIn, liftFreezeIn, movePersonIn, stop } from '../staff/people.ts'
import { giveRoleIn, takeRoleIn } from '../staff/roles.ts'
import type { StaffParties, StaffRoom } from '../staff/room.ts'
import { OFFICES, type OfficeId, type Role, type System } from '../staff/staff.ts'
import { type PersonWithRoles, readPerson } from '../staff/store.ts'
import {
  type Account,
  currentMeaning,
  deleteAccount,
  deleteGroup,
  type Group,
  givenRoles,
  groupsOf,
  membersOf,
  noteGiven,
  putAccount,
  putGroup,
  readAccount,
  readGroup,
  setMembers,
} from './store.ts'

/** Whoever provisions people here: each act is an entry that says so. */
export const DIRECTORY: System = { system: 'directory' }

/** A user as the directory writes one (RFC 7643, 4.1 and 4.3). */
export interface UserAsked {
  readonly userName: string
  readonly externalId: string | null
  readonly name: string
  readonly active: boolean
  /** Joins the account to the person whom an import brought under this staff number. */
  readonly employeeNumber: string | null
  readonly office: string | null
  readonly team: string | null
}

export interface DirectoryParties extends StaffParties {
  readonly staff: Pick<StaffRoom, 'sessions' | 'employment' | 'policy'>
}

/** People and groups as the directory provisions them. */
export interface Provisioning {
  addUser(asked: UserAsked): Promise<Account | Refusal>
  /** Whom the directory disables is frozen in this transaction; whom it enables again is let in if nobody else froze them. */
  changeUser(id: string, change: Partial<UserAsked>): Promise<Account | Refusal>
  /** The account goes; the person is frozen, for what they did stays theirs. */
  removeUser(id: string): Promise<null | Refusal>
  putGroup(id: string | null, asked: GroupAsked): Promise<Group | Refusal>
  removeGroup(id: string): Promise<null | Refusal>
}

export interface GroupAsked {
  readonly displayName: string
  readonly externalId: string | null
  readonly members: readonly string[]
}

type Acts = StaffParties & { sessions: StaffRoom['sessions'] }

/** The use cases over these parties. */
export function createProvisioning(parties: DirectoryParties): Provisioning {
  const { db, ledger } = parties
  const acts: Acts = { ...parties, sessions: parties.staff.sessions }
  const within = <T>(work: (trx: Trx, append: Append) => Promise<T>) => commitWith(db, ledger, work)
  return {
    addUser: (asked) => within((trx, append) => addUser(parties, acts, trx, append, asked)),
    changeUser: (id, change) => within((trx, append) => changeUser(parties, acts, trx, append, id, change)),
    removeUser: (id) =>
      within<null | Refusal>(async (trx, append) => {
        const account = await readAccount(trx, id, true)
        if (account === null) return notThere()
        await freeze(acts, trx, append, account.staffId)
        await settleRoles(acts, trx, append, { ...account, active: false })
        await deleteAccount(trx, id)
        await enter(append, 'directory-account-removed', account)
        return null
      }),
    putGroup: (id, asked) => within((trx, append) => putOneGroup(parties, acts, trx, append, id, asked)),
    removeGroup: (id) =>
      within<null | Refusal>(async (trx, append) => {
        const group = await readGroup(trx, id)
        if (group === null) return notThere()
        const members = await membersOf(trx, id)
        await deleteGroup(trx, id)
        await settleMembers(acts, trx, append, members)
        return null
      }),
  }
}

async function addUser(
  parties: DirectoryParties,
  acts: Acts,
  trx: Trx,
  append: Append,
  asked: UserAsked,
): Promise<Account | Refusal> {
  const now = parties.clock.now()
  const known =
    asked.employeeNumber === null ? null : await parties.staff.employment.holderOf(trx, asked.employeeNumber)
  const team = asked.team ?? 'first'
  const person = { name: asked.name, office: officeOf(asked.office), team }
  const added =
    known === null
      ? await addPersonIn(acts, trx, append, { by: DIRECTORY, person, roles: [] })
      : { id: known }
  if (isRefusal(added)) return added
  const staffId = added.id
  const account: Account = {
    id: Buffer.from(parties.random(16)).toString('hex'),
    userName: asked.userName,
    externalId: asked.externalId,
    staffId,
    active: true,
    frozen: false,
    name: asked.name,
    team,
    createdAt: now,
    changedAt: now,
  }
  if (!(await putAccount(trx, account))) throw new Taken()
  await enter(append, 'directory-account-added', account)
  return asked.active ? account : changeUser(parties, acts, trx, append, account.id, { active: false })
}

/** Thrown inside the transaction, so that the person who was added with it is not. */
export class Taken extends Error {}

async function changeUser(
  parties: DirectoryParties,
  acts: Acts,
  trx: Trx,
  append: Append,
  id: string,
  change: Partial<UserAsked>,
): Promise<Account | Refusal> {
  const before = await readAccount(trx, id, true)
  if (before === null) return notThere()
  const { active: _active, ...rest } = change
  const active = change.active ?? before.active
  const frozen = await settleFreeze(acts, trx, append, before, active)
  const account: Account = {
    ...before,
    userName: rest.userName ?? before.userName,
    externalId: rest.externalId === undefined ? before.externalId : rest.externalId,
    name: rest.name ?? before.name,
    team: rest.team ?? before.team,
    ...{ active, frozen, changedAt: parties.clock.now() },
  }
  if (!(await putAccount(trx, account))) throw new Taken()
  const person = await readPerson(trx, before.staffId, true)
  const place = { office: change.office == null ? null : officeOf(change.office), team: change.team ?? null }
  if (person !== null && person.status !== 'dismissed')
    await moveIfElsewhere(acts, trx, append, person, place)
  await settleRoles(acts, trx, append, account)
  await enter(append, 'directory-account-changed', account)
  return account
}

async function moveIfElsewhere(
  acts: Acts,
  trx: Trx,
  append: Append,
  person: PersonWithRoles,
  to: { office: OfficeId | null; team: string | null },
): Promise<void> {
  const place = { office: to.office ?? person.office, team: to.team ?? person.team }
  if (place.office === person.office && place.team === person.team) return
  await movePersonIn(acts, trx, append, { by: DIRECTORY, person, place })
}

/** Freezes or lets in again. @returns whether the freeze that stands now is the directory's. */
async function settleFreeze(
  acts: Acts,
  trx: Trx,
  append: Append,
  before: Account,
  active: boolean,
): Promise<boolean> {
  if (!active) return (await freeze(acts, trx, append, before.staffId)) || before.frozen
  if (!before.frozen) return false
  const person = await readPerson(trx, before.staffId, true)
  if (person?.status === 'frozen')
    await liftFreezeIn(acts, trx, append, { by: DIRECTORY, person, reason: 'enabled in the directory' })
  return false
}

/** @returns whether it was this that froze the person. */
async function freeze(acts: Acts, trx: Trx, append: Append, staffId: string): Promise<boolean> {
  const person = await readPerson(trx, staffId, true)
  if (person === null || person.status !== 'active') return false
  const reason = 'disabled in the directory'
  await stop(acts, trx, append, { by: DIRECTORY, person, status: 'frozen', reason })
  return true
}

async function putOneGroup(
  parties: DirectoryParties,
  acts: Acts,
  trx: Trx,
  append: Append,
  id: string | null,
  asked: GroupAsked,
): Promise<Group | Refusal> {
  const now = parties.clock.now()
  const before = id === null ? null : await readGroup(trx, id)
  if (id !== null && before === null) return notThere()
  const group: Group = {
    id: before?.id ?? Buffer.from(parties.random(16)).toString('hex'),
    displayName: asked.displayName,
    externalId: asked.externalId,
    createdAt: before?.createdAt ?? now,
    changedAt: now,
  }
  if (!(await putGroup(trx, group))) throw new Taken()
  const members = new Set([...(await membersOf(trx, group.id)), ...asked.members])
  await setMembers(trx, group.id, asked.members)
  await settleMembers(acts, trx, append, [...members])
  await append({
    kind: 'directory-group',
    header: null,
    body: { group: group.id, named: group.displayName, members: await membersOf(trx, group.id) },
  })
  return group
}

/** Makes the roles of these accounts those that their groups mean. */
export async function settleMembers(
  acts: Acts,
  trx: Trx,
  append: Append,
  accounts: readonly string[],
): Promise<void> {
  for (const id of accounts) {
    const account = await readAccount(trx, id, true)
    if (account !== null) await settleRoles(acts, trx, append, account)
  }
}

/**
 * Gives what the account's groups mean and takes what groups gave and mean no more. A role that came another way is
 * left alone; one that may not meet those held is not given, and an entry says so.
 */
async function settleRoles(acts: Acts, trx: Trx, append: Append, account: Account): Promise<void> {
  const meaning = (await currentMeaning(trx))?.groups ?? {}
  const groups = account.active ? await groupsOf(trx, account.id) : []
  const wanted = new Set<Role>(groups.flatMap((name) => meaning[name] ?? []))
  const given = await givenRoles(trx, account.staffId)
  for (const role of given.filter((one) => !wanted.has(one))) {
    const person = await readPerson(trx, account.staffId, true)
    if (person === null) return
    const reason = 'no group of the directory means it any more'
    const no = await takeRoleIn(acts, trx, append, { by: DIRECTORY, person, role, reason })
    if (no === null || no.code === 'role-not-held') await noteGiven(trx, account.staffId, role, false)
  }
  for (const role of wanted) {
    const person = await readPerson(trx, account.staffId, true)
    if (person === null || person.status === 'dismissed' || person.roles.includes(role)) continue
    const reason = 'a group of the directory means it'
    const no = await giveRoleIn(acts, trx, append, { by: DIRECTORY, person, role, reason })
    if (no === null) await noteGiven(trx, account.staffId, role, true)
    else
      await append({
        kind: 'role-not-given',
        header: null,
        body: { person: person.id, role, code: no.code, by: DIRECTORY.system },
      })
  }
}

function officeOf(text: string | null): OfficeId {
  return OFFICES.find(({ id }) => id === text?.toLowerCase())?.id ?? OFFICES[0].id
}

async function enter(append: Append, kind: string, account: Account): Promise<void> {
  const { id, staffId, active } = account
  await append({
    kind,
    header: null,
    body: { account: id, person: staffId, active, by: DIRECTORY.system },
  })
}

function notThere(): Refusal {
  return refuse(
    'directory-not-found',
    'There is no such account or group.',
    'List them and use an id of those.',
  )
}
