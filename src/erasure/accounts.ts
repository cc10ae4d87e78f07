import type { StateAccount } from '../ledger/verify-state.ts'

/** What of this room `countersign verify --data` holds against the ledger. */
export const ERASURE_ACCOUNTS: readonly StateAccount[] = [
  {
    name: 'proposals to erase a log',
    kinds: ['erasure-proposed'],
    change: ({ says }) => ({ adds: [String(says.request)] }),
    sql: 'SELECT id AS key FROM erasure.request',
  },
  {
    name: 'logs erased on the word of two',
    kinds: ['log-erased'],
    change: ({ says }) => (typeof says.request === 'string' ? { adds: [says.request] } : {}),
    sql: `SELECT id AS key FROM erasure.request WHERE state = 'erased'`,
  },
  {
    name: 'proposals to erase a log that were declined',
    kinds: ['erasure-declined'],
    change: ({ says }) => ({ adds: [String(says.request)] }),
    sql: `SELECT id AS key FROM erasure.request WHERE state = 'declined'`,
  },
]
