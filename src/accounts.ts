import { CARE_ACCOUNTS } from './care/accounts.ts'
import { CUSTOMER_ACCOUNTS } from './customers/accounts.ts'
import { ERASURE_ACCOUNTS } from './erasure/accounts.ts'
import { INCIDENT_ACCOUNTS } from './incident/accounts.ts'
import type { StateAccount } from './ledger/verify-state.ts'
import { STAFF_ACCOUNTS } from './staff/accounts.ts'

/** Every room's accounts: a room that keeps state of its own adds its list here. */
export const ACCOUNTS: readonly StateAccount[] = [
  ...STAFF_ACCOUNTS,
  ...CUSTOMER_ACCOUNTS,
  ...CARE_ACCOUNTS,
  ...INCIDENT_ACCOUNTS,
  ...ERASURE_ACCOUNTS,
]
