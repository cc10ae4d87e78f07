import type { NumberPlan } from '../calls/numbers.ts'
import type { Customers } from '../customers/customers.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Jobs } from '../platform/jobs.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Circles } from '../staff/circle.ts'
import type { Policy } from '../staff/policy.ts'
import type { Vault } from '../vault/vault.ts'
import type { Incidents } from './incidents.ts'
import type { Packages } from './packages.ts'

/** Whom the trace desk works with. */
export interface TraceParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly vault: Vault
  readonly customers: Pick<Customers, 'findByNumber' | 'bySubject' | 'byTenure'>
  readonly policy: Policy
  readonly incidents: Incidents
  readonly packages: Packages
  readonly jobs: Pick<Jobs, 'every'>
  readonly keys: { prfKey(purpose: string): Uint8Array; readonly sealer: Sealer }
  readonly clock: Clock
  readonly random: RandomBytes
  readonly plan: NumberPlan
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
}

/** Whom a search for leak paths works with besides. */
export interface PathParties extends TraceParties {
  readonly circle: Pick<Circles, 'numbersOf' | 'ownLines'>
}

/** What a transaction may do beside its own tables. */
export type On = Db | Trx
