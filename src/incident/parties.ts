import type { Breach } from '../calls/breach-frame.ts'
import type { NumberPlan } from '../calls/numbers.ts'
import type { Customers } from '../customers/customers.ts'
import type { Reports } from '../customers/reports.ts'
import type { EvidenceParties } from '../ledger/evidence/make-bundle.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Notifications } from '../platform/notifications.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Duty } from '../staff/duty.ts'
import type { People } from '../staff/people.ts'
import type { Policy } from '../staff/policy.ts'
import type { WatchDesk } from '../watch/desk.ts'
import type { Zero } from './statement-rules.ts'

/** Whom the incident room works with. */
export interface IncidentParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly keys: { readonly sealer: Sealer }
  readonly clock: Clock
  readonly random: RandomBytes
  readonly notifications: Notifications
  readonly customers: Pick<Customers, 'findByNumber' | 'bySubject' | 'byTenure'>
  readonly reports: Pick<Reports, 'about'>
  readonly watch: Pick<WatchDesk, 'about' | 'handovers' | 'takeHandover'>
  readonly staff: {
    readonly policy: Policy
    readonly duty: Duty
    readonly people: Pick<People, 'freeze' | 'dismissWithin'>
  }
  readonly plan: NumberPlan
  /** What the jurisdiction asks of an operator. */
  readonly breach: Breach
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
}

/** Whom the desks work with that prepare what leaves a case: its chain, the referral, statements. */
export interface CourtParties
  extends Pick<
    IncidentParties,
    'db' | 'ledger' | 'keys' | 'clock' | 'random' | 'customers' | 'staff' | 'plan' | 'offsetMinutes'
  > {
  /** What bundles of evidence are made of. */
  readonly evidence: EvidenceParties
  /** How many there were, from the register that the ledger's accounts hold. */
  readonly count: (on: Db | Trx, zero: Zero) => Promise<number>
}
