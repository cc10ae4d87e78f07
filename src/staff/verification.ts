import { isDeepStrictEqual } from 'node:util'
import { type Append, commitWith } from '../ledger/commit.ts'
import type { JsonObject } from '../ledger/entry.ts'
import type { Trx } from '../platform/database.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Policy } from './policy.ts'
import { inForceAt, type PolicyVersions, readPolicyVersions } from './policy-versions.ts'
import type { StaffParties } from './room.ts'
import type { PreviewRules, RulesPreview } from './rules-preview.ts'
import { bySaying } from './say.ts'
import type { StaffFacts, System } from './staff.ts'
import { insertProposal, openProposals, type ProposalRow, readProposal, updateProposal } from './store.ts'
import {
  changedRules,
  type HouseRules,
  type RuleValue,
  type VerificationPolicy,
} from './verification-policy.ts'
import { insertVerificationPolicy } from './verification-store.ts'
import { WITHHOLDABLE, withholding } from './withhold.ts'

/** Rules that wait for their two approvals. */
export interface VerificationProposal {
  readonly id: string
  readonly rules: HouseRules
  readonly reason: string
  readonly proposedBy: string
  readonly proposedAt: number
  readonly approvedBy: readonly string[]
  /** Null only where no room that keeps contacts is open. */
  readonly preview: RulesPreview | null
  /** The version it was held against; another one in force since makes it stale. */
  readonly against: number
}

export interface VerificationPolicies extends Omit<PolicyVersions, 'forget'> {
  waiting(): Promise<VerificationProposal[]>
  /** What a change would have done to the last 30 days. Refuses as `propose`, and changes nothing. */
  preview(staff: StaffFacts, rules: HouseRules): Promise<RulesPreview | Refusal>
  /** `policies/` with what these rules withhold, whatever is in force. */
  policyUnder(rules: HouseRules): Policy
  /** The room that keeps contacts brings the replay; called once, when that room opens. */
  previewWith(preview: PreviewRules): void
  /** Prepares a version, with its preview. @returns the proposal's id. Refuses rules that are in force already. */
  propose(
    staff: StaffFacts,
    ask: { rules: HouseRules; reason: string },
  ): Promise<{ proposal: string } | Refusal>
  /** The second approval brings it into force. Refuses whoever proposed it, and whoever approved already. */
  approve(staff: StaffFacts, proposalId: string): Promise<{ inForce: VerificationPolicy | null } | Refusal>
  /** Whoever may propose lets a proposal drop. */
  withdraw(staff: StaffFacts, proposalId: string): Promise<null | Refusal>
  /** The first version of a directory, by the machine's operator; refuses when there is one. */
  install(by: System, rules: HouseRules, reason: string): Promise<VerificationPolicy | Refusal>
}

const APPROVALS = 2
const COUNTER = { type: 'Desk', id: 'rules' } as const

type Parties = StaffParties & {
  /** `policies/` alone, and with what the version in force withholds. */
  cedar: Policy
  policy: Policy
  versions: PolicyVersions
}

/** The use cases over these parties. */
export function createVerification(parties: Parties): VerificationPolicies {
  const { db, versions } = parties
  let replay: PreviewRules | null = null
  const previewOf = async (before: VerificationPolicy, after: HouseRules): Promise<RulesPreview | null> =>
    replay === null ? null : replay({ before: before.rules, against: before.version, after })
  return {
    ...versions,
    waiting: async () => (await openProposals(db, 'verification')).map(proposalOf),
    policyUnder: (rules) => withholding(parties.cedar, () => rules.withheld),
    previewWith(preview) {
      replay = preview
    },
    async preview(staff, rules) {
      const before = await versions.current()
      const no = mayPropose(parties, staff, before, rules)
      if (no !== null) return no
      return (await previewOf(before, rules)) ?? nothingToReplay()
    },
    async propose(staff, ask) {
      versions.forget()
      const before = await versions.current()
      const no = mayPropose(parties, staff, before, ask.rules)
      if (no !== null) return no
      return propose(parties, staff, { ...ask, before, preview: await previewOf(before, ask.rules) })
    },
    approve: (staff, proposalId) => approve(parties, staff, proposalId).finally(versions.forget),
    withdraw: (staff, proposalId) => withdraw(parties, staff, proposalId),
    install: (by, rules, reason) => install(parties, by, rules, reason).finally(versions.forget),
  }
}

function proposalOf(row: ProposalRow): VerificationProposal {
  return {
    id: row.id,
    rules: row.what as HouseRules,
    reason: row.reason,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    approvedBy: row.approved_by,
    preview: row.preview as RulesPreview | null,
    against: row.against ?? 0,
  }
}

function nothingToReplay(): Refusal {
  return refuse('no-preview', 'There is nothing here to replay.', 'Ask on a server that keeps contacts.')
}

/** Null when this person may propose these rules against those. */
function mayPropose(
  { policy }: Parties,
  staff: StaffFacts,
  before: VerificationPolicy,
  rules: HouseRules,
): Refusal | null {
  const no = policy.decide({ staff, action: 'propose-verification', resource: COUNTER })
  if (no !== null) return no
  if (isDeepStrictEqual({ ...before.rules }, { ...rules }))
    return refuse('rules-stand-already', 'These rules are in force.', 'Change something, or leave it.')
  const unknown = rules.withheld.find((pair) => !WITHHOLDABLE.includes(pair))
  if (unknown !== undefined || new Set(rules.withheld).size < rules.withheld.length)
    return refuse(
      'rules-wrong',
      'Something is withheld that cannot be, or twice.',
      'Pick from the list of roles and what each may do.',
    )
  const { careBillPeriods, storeMonths } = rules.retention
  return careBillPeriods !== null && storeMonths !== null && careBillPeriods > storeMonths + 1
    ? refuse(
        'rules-wrong',
        'The desk cannot look at months that are not kept.',
        'Keep records longer, or open fewer bill periods.',
      )
    : null
}

interface Prepared {
  readonly rules: HouseRules
  readonly reason: string
  readonly before: VerificationPolicy
  readonly preview: RulesPreview | null
}

function propose(
  parties: Parties,
  staff: StaffFacts,
  { rules, reason, before, preview }: Prepared,
): Promise<{ proposal: string } | Refusal> {
  const now = parties.clock.now()
  return commitWith<{ proposal: string } | Refusal>(parties.db, parties.ledger, async (trx, append) => {
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
      preview,
      against: before.version,
    })
    await append({
      kind: 'verification-proposed',
      header: { counts: { against: before.version, ...previewCounts(preview) } },
      body: {
        proposal: id,
        rules: jsonOf(rules),
        changes: changedRules(before.rules, rules).map((change) => ({ ...change })),
        ...(preview === null ? {} : { preview: jsonOf(preview) }),
        reason,
        by: bySaying(staff),
      },
      actor: staff.id,
    })
    return { proposal: id }
  })
}

type Approved = { inForce: VerificationPolicy | null }

function approve(parties: Parties, staff: StaffFacts, proposalId: string): Promise<Approved | Refusal> {
  const now = parties.clock.now()
  return commitWith<Approved | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const proposal = await openProposal(trx, proposalId)
    if ('refused' in proposal) return proposal
    const attributes = { proposedBy: proposal.proposed_by, approvedBy: proposal.approved_by }
    const resource = { type: 'Proposal', id: proposalId, attributes } as const
    const no = parties.policy.decide({ staff, action: 'approve-verification', resource })
    if (no !== null) return no
    const versions = await readPolicyVersions(trx)
    const before = inForceAt(versions, now)
    const { rules, preview, against } = proposalOf(proposal)
    if (before.version !== against)
      return refuse(
        'rules-moved-on',
        'The rules have changed since this was proposed, so its preview no longer holds.',
        'Withdraw it and propose the change anew.',
      )
    const approvedBy = [...proposal.approved_by, staff.id]
    const done = approvedBy.length >= APPROVALS
    const outcome = done ? { outcome: 'approved' as const, decided_at: now } : {}
    await updateProposal(trx, proposalId, { approved_by: approvedBy, ...outcome })
    await append({
      kind: 'verification-approved',
      header: { counts: { approvals: approvedBy.length } },
      body: { proposal: proposalId, approvals: approvedBy.length, by: bySaying(staff) },
      actor: staff.id,
    })
    if (!done) return { inForce: null }
    const { reason, proposed_by: proposedBy } = proposal
    const version = (versions.at(-1)?.version ?? 0) + 1
    const next = { version, rules, reason, proposedBy, approvedBy, effectiveFrom: now, preview }
    return { inForce: await bringIntoForce(trx, append, { next, before, by: bySaying(staff) }) }
  })
}

function withdraw(parties: Parties, staff: StaffFacts, proposalId: string): Promise<null | Refusal> {
  return commitWith<null | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const proposal = await openProposal(trx, proposalId)
    if ('refused' in proposal) return proposal
    const no = parties.policy.decide({ staff, action: 'propose-verification', resource: COUNTER })
    if (no !== null) return no
    await updateProposal(trx, proposalId, { outcome: 'withdrawn', decided_at: parties.clock.now() })
    await append({
      kind: 'verification-withdrawn',
      header: {},
      body: { proposal: proposalId, by: bySaying(staff) },
      actor: staff.id,
    })
    return null
  })
}

/** A proposal that waits, locked, so that two approvals at once become one after the other. */
async function openProposal(trx: Trx, id: string): Promise<ProposalRow | Refusal> {
  const proposal = await readProposal(trx, id)
  if (proposal === null || proposal.kind !== 'verification')
    return refuse('proposal-not-found', 'There is no such proposal.', 'See what waits under Settings.')
  if (proposal.outcome !== null)
    return refuse('proposal-decided', 'This was decided already.', 'See the rules in force.')
  return proposal
}

function install(
  parties: Parties,
  by: System,
  rules: HouseRules,
  reason: string,
): Promise<VerificationPolicy | Refusal> {
  return commitWith<VerificationPolicy | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    if ((await readPolicyVersions(trx)).length > 0)
      return refuse('rules-stand-already', 'There are rules already.', 'Propose a change.')
    const effectiveFrom = parties.clock.now()
    const next = { version: 1, rules, reason, proposedBy: null, approvedBy: [], effectiveFrom, preview: null }
    return bringIntoForce(trx, append, { next, before: null, by: bySaying(by) })
  })
}

/**
 * Files a version with its entry. The header says every changed rule before and after, and what the preview counted, so
 * that the public report can show both and anybody can check it against the log.
 */
async function bringIntoForce(
  trx: Trx,
  append: Append,
  { next, before, by }: { next: VerificationPolicy; before: VerificationPolicy | null; by: JsonObject },
): Promise<VerificationPolicy> {
  const { version, rules, reason, proposedBy, approvedBy, effectiveFrom, preview } = next
  await insertVerificationPolicy(trx, {
    version,
    rules,
    reason,
    proposed_by: proposedBy,
    approved_by: [...approvedBy],
    effective_from: effectiveFrom,
    preview,
  })
  const changes = before === null ? [] : changedRules(before.rules, rules)
  const sides = changes.flatMap((change) => [
    ...countOf(`before.${change.rule}`, change.before),
    ...countOf(`after.${change.rule}`, change.after),
  ])
  await append({
    kind: 'verification-policy',
    header: {
      counts: {
        version,
        approvals: approvedBy.length,
        ...Object.fromEntries(sides),
        ...previewCounts(preview),
      },
    },
    body: { version, rules: jsonOf(rules), reason, proposedBy, approvedBy: [...approvedBy], by },
    actor: approvedBy.at(-1) ?? null,
  })
  return next
}

/** A rule's value as a count: yes is 1, no is 0; what the jurisdiction says is left out. */
function countOf(name: string, value: RuleValue): [string, number][] {
  return value === null ? [] : [[name, Number(value)]]
}

function previewCounts(preview: RulesPreview | null): Record<string, number> {
  if (preview === null) return {}
  const { decisions, wouldRefuse, wouldAllow, looksRefused, cannotTell } = preview
  return { decisions, wouldRefuse, wouldAllow, looksRefused, cannotTell }
}

function jsonOf(value: HouseRules | RulesPreview): JsonObject {
  return value as unknown as JsonObject
}
