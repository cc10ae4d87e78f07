import type { NumberPlan } from '../calls/numbers.ts'
import type { Customers } from '../customers/customers.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Jobs } from '../platform/jobs.ts'
import type { Log } from '../platform/log.ts'
import type { Mailer } from '../platform/mail.ts'
import type { Notifications } from '../platform/notifications.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Telephony } from '../platform/telephony/telephony.ts'
import type { Words } from '../platform/words.ts'
import type { Circles } from '../staff/circle.ts'
import type { Duty } from '../staff/duty.ts'
import type { Policy } from '../staff/policy.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { VerificationPolicies } from '../staff/verification.ts'
import type { Vault } from '../vault/vault.ts'
import type { CategoryNames } from './headline.ts'
import type { LookCache } from './look-cache.ts'
import type { LookMasks, MaskKeys } from './mask.ts'

/** Whom the care desk works with. */
export interface CareParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly vault: Vault
  readonly customers: Customers
  readonly staff: {
    readonly policy: Policy
    readonly duty: Duty
    readonly circle: Circles
    readonly verification: VerificationPolicies
  }
  readonly telephony: Telephony | null
  /** Null where the operator has no mail server: statements then go by text only. */
  readonly mailer: Pick<Mailer, 'send'> | null
  readonly jobs: Jobs
  readonly notifications: Notifications
  readonly keys: { prfKey(purpose: string): Uint8Array; readonly sealer: Sealer }
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly plan: NumberPlan
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
  /** How the currency is written: `Ks`, `ကျပ်`. */
  readonly money: Words
  /** How many bill periods, this one included, the care desk may look at. */
  readonly billPeriods: number
  /** The months whose keys the next keeping would destroy if so many were kept; `null`: as the jurisdiction says. */
  readonly monthsEnding?: (storeMonths: number | null) => Promise<readonly string[]>
  readonly categories: CategoryNames
  readonly operatorName: string
  /** Where customers find their page: `https://care.example`. */
  readonly publicUrl: string
}

/** The desk's own room: its parties, and what it keeps in memory. */
export interface CareRoom extends CareParties {
  /** The masks of a look; kept for its next page. */
  masksOf(look: { agent: string; grant: string }): LookMasks
  readonly looks: LookCache
}

/** What a transaction may do beside its own tables. */
export type On = Db | Trx

/** Who acts, as an entry says it. */
export type Actor = Pick<StaffFacts, 'id' | 'deskName' | 'office' | 'team'>

/** A fresh id: 24 hex digits, nothing to be guessed from. */
export function newId(random: RandomBytes): string {
  return Buffer.from(random(12)).toString('hex')
}

/** The purposes of the mask keys, each a key of its own. */
export function maskKeysOf(keys: { prfKey(purpose: string): Uint8Array }): MaskKeys {
  return {
    number: keys.prfKey('mask-number'),
    agent: keys.prfKey('mask-agent'),
    row: keys.prfKey('mask-row'),
    flags: keys.prfKey('mask-flags'),
  }
}
