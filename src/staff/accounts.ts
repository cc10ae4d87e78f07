import type { JsonObject } from '../ledger/entry.ts'
import type { StateAccount } from '../ledger/verify-state.ts'

const rolesOf = (says: JsonObject): string[] =>
  (says.roles as readonly string[]).map((role) => `${says.person}/${role}`)

/** What of this room `countersign verify --data` holds against the ledger. */
export const STAFF_ACCOUNTS: readonly StateAccount[] = [
  {
    name: 'people',
    kinds: ['staff-added'],
    change: ({ says }) => ({ adds: [String(says.person)] }),
    sql: 'SELECT id AS key FROM staff.person',
  },
  {
    name: 'roles',
    kinds: ['staff-added', 'role-given', 'role-taken', 'staff-dismissed'],
    change: ({ kind, says }) => {
      if (kind === 'staff-added') return { adds: rolesOf(says) }
      if (kind === 'staff-dismissed') return { takes: rolesOf(says) }
      const keys = [`${says.person}/${says.role}`]
      return kind === 'role-given' ? { adds: keys } : { takes: keys }
    },
    sql: `SELECT staff_id || '/' || role AS key FROM staff.role`,
  },
  {
    name: 'sessions',
    kinds: ['staff-signed-in'],
    change: ({ says }) => ({ adds: [String(says.session)] }),
    sql: 'SELECT id AS key FROM staff.session',
  },
  {
    name: 'freezes',
    kinds: ['staff-frozen', 'freeze-lifted', 'staff-dismissed'],
    change: ({ kind, says }) =>
      kind === 'staff-frozen' ? { adds: [String(says.person)] } : { takes: [String(says.person)] },
    sql: `SELECT id AS key FROM staff.person WHERE status = 'frozen'
          UNION SELECT staff_id FROM staff.freeze WHERE lifted_at IS NULL`,
  },
  {
    name: 'dismissals',
    kinds: ['staff-dismissed'],
    change: ({ says }) => ({ adds: [String(says.person)] }),
    sql: `SELECT id AS key FROM staff.person WHERE status = 'dismissed'
          UNION SELECT staff_id FROM staff.dismissal`,
  },
  {
    name: 'versions of the rules for callers',
    kinds: ['verification-policy'],
    change: ({ says }) => ({ adds: [String(says.version)] }),
    sql: 'SELECT version::text AS key FROM staff.verification_policy',
  },
  {
    name: 'proposals',
    kinds: ['role-proposed', 'verification-proposed'],
    change: ({ says }) => ({ adds: [String(says.proposal)] }),
    sql: 'SELECT id AS key FROM staff.proposal',
  },
  {
    name: 'codes of conduct',
    kinds: ['conduct-published'],
    change: ({ says }) => ({ adds: [String(says.version)] }),
    sql: 'SELECT version::text AS key FROM staff.conduct',
  },
  {
    name: 'signatures of the code of conduct',
    kinds: ['conduct-signed'],
    change: ({ says }) => ({ adds: [`${says.person}/${says.version}`] }),
    sql: `SELECT DISTINCT staff_id || '/' || version AS key FROM staff.conduct_signature`,
  },
]
