import type { EntryId } from '../ledger/entry.ts'
import type { Trx } from '../platform/database.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { type ReferralRow, saveReferral } from './court-store.ts'
import type { CourtParties } from './parties.ts'
import type { Gathered } from './referral-gather.ts'
import type { Referral } from './referral-rules.ts'
import type { ReferralPreviewData, ReferralViewData } from './referral-schemas.ts'

/** How referrals are kept, sealed under their own name, and how the console reads them. */

/** A referral with what it is called by. */
export interface Kept {
  readonly id: string
  readonly incident: string
  readonly referral: Referral
}

const PURPOSE = 'incident-referral'

/** A row, opened. */
export function openReferral({ keys }: CourtParties, row: ReferralRow): Kept {
  const text = keys.sealer.open(PURPOSE, row.id, row.sealed).toString('utf8')
  return { id: row.id, incident: row.incident, referral: JSON.parse(text) as Referral }
}

/** Writes a referral as it now stands. */
export async function save(parties: CourtParties, trx: Trx, kept: Kept): Promise<Kept> {
  const { id, incident, referral } = kept
  const sealed = parties.keys.sealer.seal(PURPOSE, id, Buffer.from(JSON.stringify(referral)))
  await saveReferral(trx, { id, incident, state: referral.state, at: referral.preparedAt, sealed })
  return kept
}

/** What would be given, and what kept back. */
export function previewOf({ picked, keptOut }: Gathered): ReferralPreviewData {
  return { picked: picked.map((one) => ({ ...one })), keptOut: keptOut.map((one) => ({ ...one })) }
}

/** A referral as the console reads it. */
export async function viewOf(
  parties: CourtParties,
  staff: StaffFacts,
  { id, referral }: Kept,
): Promise<ReferralViewData> {
  const { preparedBy, preparedByDesk, approvals, custody: steps, entries, ...rest } = referral
  const indexes = await parties.ledger.indexesOf(steps.map(({ entry }) => entry as EntryId))
  return {
    ...rest,
    id,
    preparedBy: preparedByDesk,
    mine: preparedBy === staff.id || approvals.some((said) => said.staff === staff.id),
    picked: referral.picked.map((one) => ({ ...one })),
    keptOut: referral.keptOut.map((one) => ({ ...one })),
    approvals: approvals.map(({ deskName, counsel, at }) => ({ deskName, counsel, at })),
    custody: steps.map(({ by: _by, entry: _entry, ...step }, i) => ({ ...step, index: indexes[i] ?? 0 })),
    held: steps.some((step) => step.do === 'copied' && step.by === staff.id),
    entries: await parties.ledger.indexesOf(entries as EntryId[]),
  }
}
