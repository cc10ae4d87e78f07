import { type Refusal, refuse } from '../platform/refusal.ts'
import type { KeptOut, Picked } from './referral-pick.ts'

/** A referral to the police, from the first word to the officer's receipt: pure. */

export const REFERRAL_STATES = [
  'prepared',
  'approved',
  'made',
  'handed-over',
  'received',
  'withdrawn',
] as const
export type ReferralState = (typeof REFERRAL_STATES)[number]

/** What becomes of a bundle, after ISO/IEC 27037: each is an entry of the ledger. */
export const CUSTODY = ['made', 'copied', 'handed-over', 'received'] as const

/** One step of the chain of custody. */
export interface Custody {
  readonly do: (typeof CUSTODY)[number]
  /** Who had it before, and who has it after. */
  readonly from: string
  readonly to: string
  readonly place: string
  readonly says: string
  readonly at: number
  /** Hex of SHA-256 of the zip at that moment. */
  readonly digest: string
  /** Staff id of who wrote it down. */
  readonly by: string
  /** The ledger's id of its entry; empty until it has one. */
  readonly entry: string
}

export interface Referral {
  readonly state: ReferralState
  readonly station: string
  readonly officer: string
  /** The law that was broken, as counsel puts it. */
  readonly offence: string
  readonly says: string
  readonly picked: readonly Picked[]
  readonly keptOut: readonly KeptOut[]
  readonly preparedBy: string
  readonly preparedByDesk: string
  readonly preparedAt: number
  readonly approvals: readonly {
    readonly staff: string
    readonly deskName: string
    readonly counsel: boolean
    readonly at: number
  }[]
  readonly digest: string | null
  readonly bytes: number | null
  /** The entry of the ledger that names the bundle's list of contents. */
  readonly sealedBy: number | null
  /** What the police call it: number of complaint or receipt. */
  readonly receipt: string | null
  readonly custody: readonly Custody[]
  /** The ledger's ids of its entries but those of custody, in their order. */
  readonly entries: readonly string[]
}

export type ReferralAct =
  | { readonly do: 'approve'; readonly says: string }
  | { readonly do: 'made'; readonly digest: string; readonly bytes: number; readonly sealedBy: number }
  | { readonly do: 'copy'; readonly says: string }
  | { readonly do: 'hand-over'; readonly digest: string; readonly place: string; readonly says: string }
  | { readonly do: 'receive'; readonly digest: string; readonly receipt: string; readonly says: string }
  | { readonly do: 'withdraw'; readonly says: string }

/** Who acts, and when. */
export interface Hand {
  readonly now: number
  readonly staff: string
  readonly deskName: string
  readonly counsel: boolean
}

/** Where the bundle rests between two people. */
export const REGISTER = 'register of incidents, sealed'

/** Does one step of a referral, or says why not. */
export function stepReferral(one: Referral, act: ReferralAct, hand: Hand): Referral | Refusal {
  switch (act.do) {
    case 'approve':
      return approve(one, hand)
    case 'made':
      return make(one, act, hand)
    case 'copy':
      return copy(one, act.says, hand)
    case 'hand-over':
      return handOver(one, act, hand)
    case 'receive':
      return receive(one, act, hand)
    case 'withdraw':
      // What has left the house stays written down as it left.
      return one.state === 'prepared' || one.state === 'approved' ? { ...one, state: 'withdrawn' } : notNow()
  }
}

/** Whether counsel and somebody who is not counsel have both said yes. */
export function isApproved({ approvals }: Pick<Referral, 'approvals'>): boolean {
  return approvals.some(({ counsel }) => counsel) && approvals.some(({ counsel }) => !counsel)
}

function approve(one: Referral, { now, staff, deskName, counsel }: Hand): Referral | Refusal {
  if (one.state !== 'prepared') return notNow()
  if (one.preparedBy === staff)
    return refuse('referral-yours', 'You prepared this referral.', 'Two others must approve it.')
  if (one.approvals.some((said) => said.staff === staff))
    return refuse('referral-approved-before', 'You have approved it already.', 'Somebody else must, too.')
  if (one.approvals.some((said) => said.counsel === counsel))
    return refuse(
      'referral-other-role',
      counsel ? 'Counsel has approved it already.' : 'It has the approval of another role already.',
      counsel ? 'The second approval comes from another role.' : 'The second approval comes from counsel.',
    )
  const next = { ...one, approvals: [...one.approvals, { staff, deskName, counsel, at: now }] }
  return isApproved(next) ? { ...next, state: 'approved' } : next
}

function make(one: Referral, act: Extract<ReferralAct, { do: 'made' }>, hand: Hand): Referral | Refusal {
  if (one.state !== 'approved') return notNow()
  const { digest, bytes, sealedBy } = act
  const made = { do: 'made', from: hand.deskName, to: REGISTER, place: REGISTER, says: '', digest } as const
  return { ...one, state: 'made', digest, bytes, sealedBy, custody: [custodyOf(made, hand)] }
}

function copy(one: Referral, says: string, hand: Hand): Referral | Refusal {
  if (one.digest === null) return notNow()
  const { digest } = one
  const taken = { do: 'copied', from: REGISTER, to: hand.deskName, place: '', says, digest } as const
  return { ...one, custody: [...one.custody, custodyOf(taken, hand)] }
}

function handOver(
  one: Referral,
  { digest, place, says }: Extract<ReferralAct, { do: 'hand-over' }>,
  hand: Hand,
): Referral | Refusal {
  if (one.state !== 'made') return notNow()
  if (!one.custody.some((step) => step.do === 'copied' && step.by === hand.staff))
    return refuse(
      'referral-not-held',
      'You do not hold a copy of this bundle.',
      'Take a copy first: that is written down, too.',
    )
  if (digest !== one.digest) return otherDigest()
  const to = `${one.officer}, ${one.station}`
  const given = { do: 'handed-over', from: hand.deskName, to, place, says, digest } as const
  return { ...one, state: 'handed-over', custody: [...one.custody, custodyOf(given, hand)] }
}

function receive(
  one: Referral,
  { digest, receipt, says }: Extract<ReferralAct, { do: 'receive' }>,
  hand: Hand,
): Referral | Refusal {
  if (one.state !== 'handed-over') return notNow()
  if (digest !== one.digest) return otherDigest()
  const officer = `${one.officer}, ${one.station}`
  const got = { do: 'received', from: hand.deskName, to: officer, place: one.station, says, digest } as const
  return { ...one, state: 'received', receipt, custody: [...one.custody, custodyOf(got, hand)] }
}

function custodyOf(step: Omit<Custody, 'at' | 'by' | 'entry'>, { now, staff }: Hand): Custody {
  return { ...step, at: now, by: staff, entry: '' }
}

function notNow(): Refusal {
  return refuse('referral-not-now', 'This is not the next step of this referral.', 'Reload the page.')
}

function otherDigest(): Refusal {
  return refuse(
    'referral-digest-other',
    'That is not the digest of the bundle that was made.',
    'Compute SHA-256 of the file again. If it still differs, the file is another one: hand over a fresh copy.',
  )
}
