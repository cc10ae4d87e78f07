import type { StateAccount } from '../ledger/verify-state.ts'

/** What of this desk `countersign verify --data` holds against the ledger. */
export const CARE_ACCOUNTS: readonly StateAccount[] = [
  {
    name: 'contacts',
    kinds: ['contact-opened'],
    change: ({ says }) => ({ adds: [String(says.contact)] }),
    sql: 'SELECT id AS key FROM care.contact',
  },
  {
    name: 'closed contacts',
    kinds: ['contact-closed'],
    change: ({ says }) => ({ adds: [String(says.contact)] }),
    sql: 'SELECT id AS key FROM care.contact WHERE closed_at IS NOT NULL',
  },
  {
    name: 'verifications',
    kinds: ['contact-verified'],
    change: ({ says }) => (says.passed === true ? { adds: [`${says.contact}/${says.factor}`] } : null),
    sql: `SELECT DISTINCT c.id || '/' || (p ->> 'factor') AS key
          FROM care.contact c, jsonb_array_elements(c.passed) p`,
  },
  {
    name: 'grants',
    kinds: ['grant'],
    change: ({ id, says }) => ({ adds: [`${says.grant} by entry ${id}`] }),
    sql: `SELECT id || ' by entry ' || entry AS key FROM care.look`,
  },
  {
    name: 'ended grants',
    kinds: ['grant-ended'],
    change: ({ says }) => ({ adds: [String(says.grant)] }),
    sql: 'SELECT id AS key FROM care.look WHERE ended_at IS NOT NULL',
  },
  {
    name: 'renderings of disclosures',
    kinds: ['disclosure'],
    change: ({ id }) => ({ adds: [id] }),
    sql: 'SELECT entry AS key FROM care.rendering',
  },
  {
    name: 'broken glasses',
    kinds: ['break-glass'],
    change: ({ says }) => ({ adds: [String(says.breakGlass)] }),
    sql: 'SELECT id AS key FROM care.break_glass',
  },
  {
    name: 'links for her own key',
    kinds: ['own-key-asked', 'own-key-offered'],
    change: ({ says }) => ({ adds: [String(says.ask)] }),
    sql: 'SELECT id AS key FROM care.key_ask',
  },
]
