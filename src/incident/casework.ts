import type { NumberPlan } from '../calls/numbers.ts'
import type { Customers } from '../customers/customers.ts'
import type { KeyService } from '../keys/key-service.ts'
import { type Append, commitWith } from '../ledger/commit.ts'
import type { JsonObject } from '../ledger/entry.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Jobs } from '../platform/jobs.ts'
import type { Mailer } from '../platform/mail.ts'
import type { Notifications } from '../platform/notifications.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { SmsSender } from '../platform/sms/sender.ts'
import type { Words } from '../platform/words.ts'
import type { Action } from '../staff/actions.ts'
import type { Duty } from '../staff/duty.ts'
import { bySaying } from '../staff/say.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { type Doer, type Held, incidentNotFound, openCase } from './book.ts'
import { may, unseen } from './case-access.ts'
import type { IncidentParties } from './parties.ts'
import { readIncident } from './store.ts'

/** What work with the people of a case leans on: who is written to, who is represented, who must be told. */

/** What speaking with people outside takes: her page and her representative's need no more. */
export interface OutsideParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly keys: Pick<KeyService, 'sealer' | 'prfKey'>
  readonly clock: Clock
  readonly random: RandomBytes
  readonly notifications: Notifications
  readonly customers: Pick<Customers, 'byTenure' | 'notify'>
  readonly staff: { readonly duty: Pick<Duty, 'onCall'> }
  readonly plan: NumberPlan
  readonly texts: SmsSender
  /** Null where no mail is configured: then a representative's codes go to a telephone. */
  readonly mailer: Mailer | null
  readonly jobs: Jobs
  readonly publicUrl: string
  readonly operatorWords: Words
}

/** Whom an officer's work with the people of a case leans on. */
export type CaseworkParties = IncidentParties & OutsideParties

/** What time does by itself. */
export const TIME: Doer = { staff: null, deskName: '', says: { system: 'time' } }

/** An officer, as the book has them. */
export function officer(staff: StaffFacts): Doer {
  return { staff: staff.id, deskName: staff.deskName, says: bySaying(staff) }
}

/** Somebody outside, as the book has them: what they are, never who. */
export function outsider(who: 'customer' | 'representative', more: JsonObject): Doer {
  return { staff: null, deskName: '', says: { who, ...more } }
}

/** Runs `change` on one case that nobody else changes meanwhile, in one transaction with its entries. */
export async function inCase<T>(
  parties: CaseworkParties,
  staff: StaffFacts,
  id: string,
  action: Action,
  change: (trx: Trx, append: Append, held: Held) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  return commitWith<T | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const row = await readIncident(trx, id, true)
    if (row === null) return incidentNotFound()
    const held = openCase(parties, row)
    return unseen(may(parties, staff, action, held)) ?? change(trx, append, held)
  })
}
