import { isDeepStrictEqual } from 'node:util'
import { type Append, commitWith } from '../ledger/commit.ts'
import type { JsonObject } from '../ledger/entry.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Policy } from './policy.ts'
import type { StaffParties } from './room.ts'
import { bySaying } from './say.ts'
import type { StaffFacts, System } from './staff.ts'
import { insertProposal, openProposals, readProposal, updateProposal } from './store.ts'
import {
  RULES_SINCE_THE_CASE,
  type VerificationPolicy,
  type VerificationRules,
} from './verification-policy.ts'
import { insertVerificationPolicy, listVerificationPolicies } from './verification-store.ts'

/** Rules that wait for their two approvals. */
export interface VerificationProposal {
  readonly id: string
  readonly rules: VerificationRules
  readonly reason: string
  readonly proposedBy: string
  readonly proposedAt: number
  readonly approvedBy: readonly string[]
}

export interface VerificationPolicies {
  /**
   * The version in force at `at` (ms; default now). A directory in which none was installed has version 0: the
   * rules since the case. Kept in memory; at most a second old.
   */
  current(at?: number): Promise<VerificationPolicy>
  /** @returns null for a version that never was. */
  version(version: number): Promise<VerificationPolicy | null>
  list(): Promise<VerificationPolicy[]>
  waiting(): Promise<VerificationProposal[]>
  /** Prepares a version. @returns the proposal's id. Refuses rules that are in force already. */
  propose(
    staff: StaffFacts,
    ask: { rules: VerificationRules; reason: string },
  ): Promise<{ proposal: string } | Refusal>
  /** The second approval brings it into force. Refuses whoever proposed it, and whoever approved already. */
  approve(staff: StaffFacts, proposalId: string): Promise<{ inForce: VerificationPolicy | null } | Refusal>
  /** The first version of a directory, by the machine's operator; refuses when there is one. */
  install(by: System, rules: VerificationRules, reason: string): Promise<VerificationPolicy | Refusal>
}

/** Version 0: what holds until a version is installed. */
const BORN_WITH: VerificationPolicy = {
  version: 0,
  rules: RULES_SINCE_THE_CASE,
  reason: 'What every directory is born with.',
  approvedBy: [],
  effectiveFrom: 0,
}
const APPROVALS = 2
const FRESH_MS = 1_000

type Parties = StaffParties & { policy: Policy }

/** The use cases over these parties. */
export function createVerification(parties: Parties): VerificationPolicies {
  const { db, clock } = parties
  let known: { at: number; versions: Promise<VerificationPolicy[]> } | null = null
  const forget = (): void => {
    known = null
  }
  const list = (): Promise<VerificationPolicy[]> => {
    const now = clock.now()
    if (known === null || now < known.at || now - known.at >= FRESH_MS) {
      const versions = readAll(db)
      versions.catch(forget)
      known = { at: now, versions }
    }
    return known.versions
  }
  return {
    list,
    current: async (at = clock.now()) => inForceAt(await list(), at),
    version: async (version) =>
      version === 0 ? BORN_WITH : ((await list()).find((policy) => policy.version === version) ?? null),
    waiting: async () =>
      (await openProposals(db, 'verification')).map((row) => ({
        id: row.id,
        rules: row.what as VerificationRules,
        reason: row.reason,
        proposedBy: row.proposed_by,
        proposedAt: row.proposed_at,
        approvedBy: row.approved_by,
      })),
    propose: (staff, ask) => propose(parties, staff, ask),
    approve: (staff, proposalId) => approve(parties, staff, proposalId).finally(forget),
    install: (by, rules, reason) => install(parties, by, rules, reason).finally(forget),
  }
}

function inForceAt(versions: readonly VerificationPolicy[], at: number): VerificationPolicy {
  return versions.findLast(({ effectiveFrom }) => effectiveFrom <= at) ?? BORN_WITH
}

function propose(
  parties: Parties,
  staff: StaffFacts,
  { rules, reason }: { rules: VerificationRules; reason: string },
): Promise<{ proposal: string } | Refusal> {
  const now = parties.clock.now()
  return commitWith<{ proposal: string } | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const resource = { type: 'Desk', id: 'rules' } as const
    const no = parties.policy.decide({ staff, action: 'propose-verification', resource })
    if (no !== null) return no
    if (isDeepStrictEqual({ ...inForceAt(await readAll(trx), now).rules }, { ...rules }))
      return refuse('rules-stand-already', 'These rules are in force.', 'Change something, or leave it.')
    const id = Buffer.from(parties.random(16)).toString('hex')
    await insertProposal(trx, {
      id,
      kind: 'verification',
      about: null,
      what: rules,
      reason,
      proposed_by: staff.id,
      proposed_at: now,
      approved_by: [],
      outcome: null,
      decided_at: null,
    })
    await append({
      kind: 'verification-proposed',
      header: {},
      body: { proposal: id, rules: jsonOf(rules), reason, by: bySaying(staff) },
      actor: staff.id,
    })
    return { proposal: id }
  })
}

type Approved = { inForce: VerificationPolicy | null }

function approve(parties: Parties, staff: StaffFacts, proposalId: string): Promise<Approved | Refusal> {
  const now = parties.clock.now()
  return commitWith<Approved | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const proposal = await readProposal(trx, proposalId)
    if (proposal === null || proposal.kind !== 'verification')
      return refuse('proposal-not-found', 'There is no such proposal.', 'See what waits under Settings.')
    const attributes = { proposedBy: proposal.proposed_by, approvedBy: proposal.approved_by }
    const resource = { type: 'Proposal', id: proposalId, attributes } as const
    const no = parties.policy.decide({ staff, action: 'approve-verification', resource })
    if (no !== null) return no
    if (proposal.outcome !== null)
      return refuse('proposal-decided', 'This was decided already.', 'See the rules in force.')
    const approvedBy = [...proposal.approved_by, staff.id]
    const done = approvedBy.length >= APPROVALS
    const outcome = done ? { outcome: 'approved' as const, decided_at: now } : {}
    await updateProposal(trx, proposalId, { approved_by: approvedBy, ...outcome })
    await append({
      kind: 'verification-approved',
      header: {},
      body: { proposal: proposalId, approvals: approvedBy.length, by: bySaying(staff) },
      actor: staff.id,
    })
    if (!done) return { inForce: null }
    const rules = proposal.what as VerificationRules
    const next = { rules, reason: proposal.reason, approvedBy, effectiveFrom: now }
    return { inForce: await bringIntoForce(trx, append, next, bySaying(staff)) }
  })
}

function install(
  parties: Parties,
  by: System,
  rules: VerificationRules,
  reason: string,
): Promise<VerificationPolicy | Refusal> {
  return commitWith<VerificationPolicy | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    if ((await listVerificationPolicies(trx)).length > 0)
      return refuse('rules-stand-already', 'There are rules already.', 'Propose a change.')
    const first = { rules, reason, approvedBy: [], effectiveFrom: parties.clock.now() }
    return bringIntoForce(trx, append, first, bySaying(by))
  })
}

async function bringIntoForce(
  trx: Trx,
  append: Append,
  next: Omit<VerificationPolicy, 'version'>,
  by: JsonObject,
): Promise<VerificationPolicy> {
  const version = ((await listVerificationPolicies(trx)).at(-1)?.version ?? 0) + 1
  await insertVerificationPolicy(trx, {
    version,
    rules: next.rules,
    reason: next.reason,
    approved_by: [...next.approvedBy],
    effective_from: next.effectiveFrom,
  })
  const { rules, reason, approvedBy } = next
  await append({
    kind: 'verification-policy',
    header: { counts: { version } },
    body: { version, rules: jsonOf(rules), reason, approvedBy: [...approvedBy], by },
    actor: approvedBy.at(-1) ?? null,
  })
  return { version, ...next }
}

function jsonOf(rules: VerificationRules): JsonObject {
  return rules as unknown as JsonObject
}

async function readAll(db: Db | Trx): Promise<VerificationPolicy[]> {
  return (await listVerificationPolicies(db)).map((row) => ({
    version: row.version,
    rules: row.rules as VerificationRules,
    reason: row.reason,
    approvedBy: row.approved_by,
    effectiveFrom: row.effective_from,
  }))
}
