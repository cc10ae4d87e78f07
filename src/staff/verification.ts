import { isDeepStrictEqual } from 'node:util'
import { type Append, commitWith } from '../ledger/commit.ts'
import type { JsonObject } from '../ledger/entry.ts'
import type { Trx } from '../platform/database.ts'
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

/** The use cases over these parties. */
export function createVerification(parties: StaffParties & { policy: Policy }): VerificationPolicies {
  const { db, ledger, clock, policy } = parties
  let known: { at: number; versions: Promise<VerificationPolicy[]> } | null = null
  const list = (): Promise<VerificationPolicy[]> => {
    const now = clock.now()
    if (known === null || now < known.at || now - known.at >= FRESH_MS) {
      const versions = readAll(parties)
      versions.catch(() => {
        known = null
      })
      known = { at: now, versions }
    }
    return known.versions
  }
  const inForceAt = (versions: readonly VerificationPolicy[], at: number): VerificationPolicy =>
    versions.findLast(({ effectiveFrom }) => effectiveFrom <= at) ?? BORN_WITH
  const file = async (
    trx: Trx,
    append: Append,
    next: Omit<VerificationPolicy, 'version'>,
    by: JsonObject,
  ) => {
    const version = ((await listVerificationPolicies(trx)).at(-1)?.version ?? 0) + 1
    await insertVerificationPolicy(trx, {
      version,
      rules: next.rules,
      reason: next.reason,
      approved_by: [...next.approvedBy],
      effective_from: next.effectiveFrom,
    })
    await append({
      kind: 'verification-policy',
      header: { counts: { version } },
      body: {
        version,
        rules: { ...next.rules } as unknown as JsonObject,
        reason: next.reason,
        approvedBy: [...next.approvedBy],
        by,
      },
      actor: next.approvedBy.at(-1) ?? null,
    })
    known = null
    return { version, ...next }
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

    propose: (staff, { rules, reason }) =>
      commitWith<{ proposal: string } | Refusal>(db, ledger, async (trx, append) => {
        const resource = { type: 'Desk', id: 'rules' } as const
        const no = policy.decide({ staff, action: 'propose-verification', resource })
        if (no !== null) return no
        if (isDeepStrictEqual({ ...inForceAt(await readAll(parties), clock.now()).rules }, { ...rules }))
          return refuse('rules-stand-already', 'These rules are in force.', 'Change something, or leave it.')
        const id = Buffer.from(parties.random(16)).toString('hex')
        await insertProposal(trx, {
          id,
          kind: 'verification',
          about: null,
          what: rules,
          reason,
          proposed_by: staff.id,
          proposed_at: clock.now(),
          approved_by: [],
          outcome: null,
          decided_at: null,
        })
        await append({
          kind: 'verification-proposed',
          header: {},
          body: { proposal: id, rules: rules as unknown as JsonObject, reason, by: bySaying(staff) },
          actor: staff.id,
        })
        return { proposal: id }
      }),

    approve: (staff, proposalId) =>
      commitWith<{ inForce: VerificationPolicy | null } | Refusal>(db, ledger, async (trx, append) => {
        const proposal = await readProposal(trx, proposalId)
        if (proposal === null || proposal.kind !== 'verification')
          return refuse('proposal-not-found', 'There is no such proposal.', 'See what waits under Settings.')
        const attributes = { proposedBy: proposal.proposed_by, approvedBy: proposal.approved_by }
        const resource = { type: 'Proposal', id: proposalId, attributes } as const
        const no = policy.decide({ staff, action: 'approve-verification', resource })
        if (no !== null) return no
        if (proposal.outcome !== null)
          return refuse('proposal-decided', 'This was decided already.', 'See the rules in force.')
        const approvedBy = [...proposal.approved_by, staff.id]
        const done = approvedBy.length >= APPROVALS
        const outcome = done ? { outcome: 'approved' as const, decided_at: clock.now() } : {}
        await updateProposal(trx, proposalId, { approved_by: approvedBy, ...outcome })
        await append({
          kind: 'verification-approved',
          header: {},
          body: { proposal: proposalId, approvals: approvedBy.length, by: bySaying(staff) },
          actor: staff.id,
        })
        if (!done) return { inForce: null }
        const rules = proposal.what as VerificationRules
        const next = { rules, reason: proposal.reason, approvedBy, effectiveFrom: clock.now() }
        return { inForce: await file(trx, append, next, bySaying(staff)) }
      }),

    install: (by, rules, reason) =>
      commitWith<VerificationPolicy | Refusal>(db, ledger, async (trx, append) => {
        if ((await listVerificationPolicies(trx)).length > 0)
          return refuse('rules-stand-already', 'There are rules already.', 'Propose a change.')
        const first = { rules, reason, approvedBy: [], effectiveFrom: clock.now() }
        return file(trx, append, first, bySaying(by))
      }),
  }
}

async function readAll({ db }: StaffParties): Promise<VerificationPolicy[]> {
  return (await listVerificationPolicies(db)).map((row) => ({
    version: row.version,
    rules: row.rules as VerificationRules,
    reason: row.reason,
    approvedBy: row.approved_by,
    effectiveFrom: row.effective_from,
  }))
}
