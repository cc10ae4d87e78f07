import type { StateAccount } from '../ledger/verify-state.ts'

/** What of this room `countersign verify --data` holds against the ledger. */
export const CUSTOMER_ACCOUNTS: readonly StateAccount[] = [
  {
    name: 'reports',
    kinds: ['report-filed'],
    change: ({ says }) => ({ adds: [String(says.report)] }),
    sql: 'SELECT id AS key FROM customers.report',
  },
  {
    name: 'answers to reports',
    kinds: ['report-answered'],
    change: ({ says }) => ({ adds: [String(says.report)] }),
    sql: 'SELECT id AS key FROM customers.report WHERE answered_at IS NOT NULL',
  },
  {
    name: 'looks that customers called their own',
    kinds: ['look-acknowledged'],
    change: ({ says }) => ({ adds: [String(says.grant)] }),
    sql: 'SELECT about_entry AS key FROM customers.acknowledgement',
  },
  {
    name: 'customers’ own keys',
    kinds: ['own-key-set', 'own-key-removed', 'own-key-cloned'],
    change: ({ kind, says }) =>
      kind === 'own-key-set' ? { adds: [String(says.ownKey)] } : { takes: [String(says.ownKey)] },
    sql: `SELECT id AS key FROM customers.own_key WHERE state = 'standing'`,
  },
]
