import { type Append, commitWith } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { changePerson, lastAdministrator } from './people.ts'
import type { Policy } from './policy.ts'
import { refusals } from './problems.ts'
import type { StaffParties } from './room.ts'
import { actorIdOf, bySaying } from './say.ts'
import type { Sessions } from './sessions.ts'
import type { Actor, Role, StaffFacts } from './staff.ts'
import {
  deleteRole,
  insertProposal,
  insertRole,
  openProposals,
  type PersonWithRoles,
  type ProposalRow,
  readPerson,
  readProposal,
  updateProposal,
} from './store.ts'

/** A role that waits for its second administrator. */
export interface RoleProposal {
  readonly id: string
  readonly about: string
  readonly role: Role
  readonly reason: string
  readonly proposedBy: string
  readonly proposedAt: number
}

/** Giving a role takes two administrators, neither of whom it is for; taking one takes one. */
export interface Roles {
  propose(
    staff: StaffFacts,
    ask: { staffId: string; role: Role; reason: string },
  ): Promise<{ proposal: string } | Refusal>
  approve(staff: StaffFacts, proposalId: string): Promise<null | Refusal>
  /** Whoever proposed it, or the other administrator, lets it drop. */
  withdraw(staff: StaffFacts, proposalId: string, reason: string): Promise<null | Refusal>
  take(staff: StaffFacts, ask: { staffId: string; role: Role; reason: string }): Promise<null | Refusal>
  waiting(): Promise<RoleProposal[]>
}

type Parties = StaffParties & { policy: Policy; sessions: Sessions }

/** The use cases over these parties. */
export function createRoles(parties: Parties): Roles {
  return {
    propose: (staff, ask) => propose(parties, staff, ask),
    approve: (staff, proposalId) => approve(parties, staff, proposalId),
    withdraw: (staff, proposalId, reason) => withdraw(parties, staff, proposalId, reason),
    take: (staff, ask) => take(parties, staff, ask),
    waiting: async () =>
      (await openProposals(parties.db, 'role')).map((row) => ({
        id: row.id,
        about: row.about ?? '',
        role: roleOf(row),
        reason: row.reason,
        proposedBy: row.proposed_by,
        proposedAt: row.proposed_at,
      })),
  }
}

interface RoleAsk {
  staffId: string
  role: Role
  reason: string
}

function propose(
  parties: Parties,
  staff: StaffFacts,
  { staffId, role, reason }: RoleAsk,
): Promise<{ proposal: string } | Refusal> {
  return commitWith<{ proposal: string } | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const person = await readPerson(trx, staffId, true)
    if (person === null) return refusals.personNotFound()
    const id = Buffer.from(parties.random(16)).toString('hex')
    const no = decide(parties.policy, staff, 'propose-role', { id, proposedBy: staff.id, role, person })
    if (no !== null) return no
    if (person.status === 'dismissed') return refusals.dismissed()
    if (person.roles.includes(role))
      return refuse('role-held', 'This person has the role already.', 'Nothing needs to be done.')
    await insertProposal(trx, {
      id,
      kind: 'role',
      about: staffId,
      what: { role },
      reason,
      proposed_by: staff.id,
      proposed_at: parties.clock.now(),
      approved_by: [],
      outcome: null,
      decided_at: null,
      preview: null,
      against: null,
    })
    await append({
      kind: 'role-proposed',
      header: { office: person.office },
      body: { proposal: id, person: staffId, deskName: person.desk_name, role, reason, by: bySaying(staff) },
      actor: staff.id,
    })
    return { proposal: id }
  })
}

function approve(parties: Parties, staff: StaffFacts, proposalId: string): Promise<null | Refusal> {
  const now = parties.clock.now()
  return onProposal(parties, proposalId, async (trx, append, proposal, person) => {
    const role = roleOf(proposal)
    const about = { id: proposalId, proposedBy: proposal.proposed_by, role, person }
    const no = decide(parties.policy, staff, 'approve-role', about)
    if (no !== null) return no
    if (person.status === 'dismissed') return refusals.dismissed()
    await updateProposal(trx, proposalId, { approved_by: [staff.id], outcome: 'approved', decided_at: now })
    await insertRole(trx, person.id, role, now)
    await parties.sessions.factsChanged(trx, person.id)
    await append({
      kind: 'role-given',
      header: { office: person.office },
      body: {
        proposal: proposalId,
        person: person.id,
        deskName: person.desk_name,
        role,
        proposedBy: proposal.proposed_by,
        by: bySaying(staff),
      },
      actor: staff.id,
    })
    return null
  })
}

function withdraw(
  parties: Parties,
  staff: StaffFacts,
  proposalId: string,
  reason: string,
): Promise<null | Refusal> {
  return onProposal(parties, proposalId, async (trx, append, proposal, person) => {
    const resource = { type: 'Desk', id: 'people' } as const
    const no = parties.policy.decide({ staff, action: 'propose-role', resource })
    if (no !== null) return no
    await updateProposal(trx, proposalId, { outcome: 'withdrawn', decided_at: parties.clock.now() })
    await append({
      kind: 'role-withdrawn',
      header: { office: person.office },
      body: { proposal: proposalId, person: person.id, role: roleOf(proposal), reason, by: bySaying(staff) },
      actor: staff.id,
    })
    return null
  })
}

function take(
  parties: Parties,
  staff: StaffFacts,
  { staffId, role, reason }: RoleAsk,
): Promise<null | Refusal> {
  const ask = { by: staff, staffId, action: 'take-role' }
  return changePerson<null>(parties, ask, (trx, append, person) =>
    takeRoleIn(parties, trx, append, { by: staff, person, role, reason }),
  )
}

interface RoleChange {
  readonly by: Actor
  readonly person: PersonWithRoles
  readonly role: Role
  readonly reason: string
}

/** Takes a role from a person who is locked, in a transaction under way. */
export async function takeRoleIn(
  parties: { sessions: Sessions },
  trx: Trx,
  append: Append,
  { by, person, role, reason }: RoleChange,
): Promise<null | Refusal> {
  const last = role === 'administrator' ? await lastAdministrator(trx, person) : null
  if (last !== null) return last
  if (!(await deleteRole(trx, person.id, role)))
    return refuse('role-not-held', 'This person does not have the role.', 'Nothing needs to be done.')
  await parties.sessions.factsChanged(trx, person.id)
  await append({
    kind: 'role-taken',
    header: { office: person.office },
    body: { person: person.id, deskName: person.desk_name, role, reason, by: bySaying(by) },
    actor: actorIdOf(by),
  })
  return null
}

/**
 * Gives a role on the word of two administrators who said beforehand what gives it, in a transaction under way.
 * Refuses what may not meet in one person.
 */
export async function giveRoleIn(
  parties: { sessions: Sessions; clock: { now(): number } },
  trx: Trx,
  append: Append,
  { by, person, role, reason }: RoleChange,
): Promise<null | Refusal> {
  if (person.roles.includes(role))
    return refuse('role-held', 'This person has the role already.', 'Nothing needs to be done.')
  if (person.roles.length > 0 && [role, ...person.roles].some((held) => APART.includes(held)))
    return refuse(
      'roles-apart',
      'These two roles may not be held by one person.',
      'Take the other role away first, or give this one to somebody else.',
    )
  await insertRole(trx, person.id, role, parties.clock.now())
  await parties.sessions.factsChanged(trx, person.id)
  await append({
    kind: 'role-given',
    header: { office: person.office },
    body: { person: person.id, deskName: person.desk_name, role, reason, by: bySaying(by) },
    actor: actorIdOf(by),
  })
  return null
}

/** Roles that stay alone in a person, as `policies/40-people.cedar` says of proposals. */
export const APART: readonly Role[] = ['administrator', 'auditor', 'regulator-officer']

type Change = Parameters<typeof changePerson<null>>[2]
type Then = (
  trx: Parameters<Change>[0],
  append: Parameters<Change>[1],
  proposal: ProposalRow,
  person: PersonWithRoles,
) => Promise<null | Refusal>

/** Runs `then` with the proposal and its person locked, so that two approvals at once become one. */
function onProposal(parties: StaffParties, id: string, then: Then): Promise<null | Refusal> {
  return commitWith<null | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const proposal = await readProposal(trx, id)
    if (proposal === null || proposal.kind !== 'role' || proposal.about === null)
      return refuse('proposal-not-found', 'There is no such proposal.', 'See what waits under People.')
    if (proposal.outcome !== null)
      return refuse('proposal-decided', 'This was decided already.', 'See the person for what holds now.')
    const person = await readPerson(trx, proposal.about, true)
    return person === null ? refusals.personNotFound() : then(trx, append, proposal, person)
  })
}

function roleOf(proposal: ProposalRow): Role {
  return (proposal.what as { role: Role }).role
}

function decide(
  policy: Policy,
  staff: StaffFacts,
  action: 'propose-role' | 'approve-role',
  about: { id: string; proposedBy: string; role: Role; person: PersonWithRoles },
): Refusal | null {
  const { id, proposedBy, role, person } = about
  const attributes = { proposedBy, about: person.id, role, holds: person.roles }
  return policy.decide({ staff, action, resource: { type: 'Proposal', id, attributes } })
}
