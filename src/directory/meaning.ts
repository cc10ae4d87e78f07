import { commitWith } from '../ledger/commit.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { bySaying } from '../staff/say.ts'
import type { Role, StaffFacts } from '../staff/staff.ts'
import { type DirectoryParties, settleMembers } from './people.ts'
import {
  allAccounts,
  approveMeaning,
  currentMeaning,
  insertMeaning,
  type Meaning,
  readMeaning,
  waitingMeanings,
} from './store.ts'

/**
 * Which groups of the directory mean which role. Whoever can add somebody to such a group gives that role from then on,
 * so saying it takes two administrators, as giving a role does; each version stays on record with its reason.
 */
export interface Meanings {
  read(): Promise<{ current: Meaning | null; waiting: Meaning[] }>
  propose(
    staff: StaffFacts,
    asked: { groups: Readonly<Record<string, Role>>; reason: string },
  ): Promise<{ version: number } | Refusal>
  /** The second administrator's word: every account's roles are made to fit in the same transaction. */
  approve(staff: StaffFacts, version: number): Promise<null | Refusal>
}

/** The use cases over these parties. */
export function createMeanings(parties: DirectoryParties): Meanings {
  const { db, ledger, clock, staff: room } = parties
  const decide = (
    staff: StaffFacts,
    action: 'propose-role' | 'approve-role',
    id: string,
    proposedBy: string,
  ) => room.policy.decide({ staff, action, resource: { type: 'Proposal', id, attributes: { proposedBy } } })
  return {
    read: async () => ({ current: await currentMeaning(db), waiting: await waitingMeanings(db) }),
    propose: (staff, { groups, reason }) =>
      commitWith<{ version: number } | Refusal>(db, ledger, async (trx, append) => {
        const no = decide(staff, 'propose-role', 'directory', staff.id)
        if (no !== null) return no
        const meaning = { groups, reason, proposedBy: staff.id, proposedAt: clock.now() }
        const version = await insertMeaning(trx, meaning)
        await append({
          kind: 'directory-meaning-proposed',
          header: null,
          body: { version, groups, reason, by: bySaying(staff) },
          actor: staff.id,
        })
        return { version }
      }),
    approve: (staff, version) =>
      commitWith<null | Refusal>(db, ledger, async (trx, append) => {
        const proposal = await readMeaning(trx, version)
        if (proposal === null)
          return refuse('proposal-not-found', 'There is no such proposal.', 'See what waits.')
        const no = decide(staff, 'approve-role', String(version), proposal.proposedBy)
        if (no !== null) return no
        const overtaken = (await waitingMeanings(trx)).every((waiting) => waiting.version !== version)
        if (overtaken)
          return refuse(
            'proposal-decided',
            'This was decided already, or a later one was.',
            'Propose it anew.',
          )
        await approveMeaning(trx, version, staff.id, clock.now())
        await append({
          kind: 'directory-meaning',
          header: null,
          body: {
            version,
            groups: proposal.groups,
            reason: proposal.reason,
            proposedBy: proposal.proposedBy,
            by: bySaying(staff),
          },
          actor: staff.id,
        })
        await settleMembers({ ...parties, sessions: room.sessions }, trx, append, await allAccounts(trx))
        return null
      }),
  }
}
