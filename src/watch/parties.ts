import type pg from 'pg'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db } from '../platform/database.ts'
import type { Jobs } from '../platform/jobs.ts'
import type { Log } from '../platform/log.ts'
import type { Notifications } from '../platform/notifications.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Duty } from '../staff/duty.ts'
import type { Policy } from '../staff/policy.ts'

/** Whom the watch room works with. */
export interface WatchParties {
  readonly db: Db
  readonly pool: pg.Pool
  readonly ledger: Ledger
  readonly staff: { readonly policy: Policy; readonly duty: Duty }
  readonly jobs: Jobs
  readonly notifications: Notifications
  readonly keys: { prfKey(purpose: string): Uint8Array; readonly sealer: Sealer }
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
}

/** How much is asked about: questions for each 1,000 looks by score, and drawn by chance. */
export const BUDGET = { alertsPerThousand: 1, auditsPerThousand: 0.2 } as const
