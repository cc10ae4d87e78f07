import type { StateAccount } from '../ledger/verify-state.ts'

const STEPS = [
  'incident-opened',
  'incident-moved',
  'incident-noticed',
  'incident-worked',
  'incident-preserved',
  'chain-drawn',
  'employment-moved',
  'referral-prepared',
  'referral-moved',
  'referral-custody',
  'statement-moved',
  'statement-published',
] as const

/** What of this room `countersign verify --data` holds against the ledger. */
export const INCIDENT_ACCOUNTS: readonly StateAccount[] = [
  {
    name: 'incidents',
    kinds: ['incident-opened'],
    change: ({ says }) => ({ adds: [`${says.incident} as ${says.serial}`] }),
    sql: `SELECT id || ' as ' || serial AS key FROM incident.incident`,
  },
  {
    name: 'states of incidents',
    kinds: ['incident-opened', 'incident-moved'],
    change: ({ says }) => ({
      adds: [`${says.incident} ${says.state}`],
      ...(typeof says.before === 'string' && says.before !== says.state
        ? { takes: [`${says.incident} ${says.before}`] }
        : {}),
    }),
    sql: `SELECT id || ' ' || state AS key FROM incident.incident`,
  },
  {
    name: 'steps of incidents',
    kinds: STEPS,
    change: ({ id, says }) => ({ adds: [`${id} of ${says.incident}`] }),
    sql: `SELECT entry || ' of ' || incident AS key FROM incident.step`,
  },
  {
    name: 'what was said in incidents',
    kinds: ['incident-worked'],
    change: ({ says }) =>
      says.act === 'communication' ? { adds: [`${says.message} in ${says.incident}`] } : null,
    sql: `SELECT id || ' in ' || incident AS key FROM incident.message`,
  },
  {
    name: 'what the press asked and was told',
    kinds: ['incident-worked'],
    change: ({ says }) => {
      const key = (answers: number) => `${says.enquiry} in ${says.incident}, answered ${answers} times`
      if (says.act === 'enquiry-asked') return { adds: [key(0)] }
      if (says.act !== 'enquiry-answered') return null
      return { adds: [key(Number(says.answers))], takes: [key(Number(says.answers) - 1)] }
    },
    sql: `SELECT id || ' in ' || incident || ', answered ' || answers || ' times' AS key FROM incident.enquiry`,
  },
  {
    name: 'representations in force',
    kinds: ['incident-worked'],
    change: ({ says }) => {
      const key = `${says.representation} in ${says.incident}`
      if (says.act === 'representative-opened') return { adds: [key] }
      return says.act === 'representative-ended' ? { takes: [key] } : null
    },
    sql: `SELECT id || ' in ' || incident AS key FROM incident.representation WHERE ended_at IS NULL`,
  },
  {
    name: 'what became of employments',
    kinds: ['employment-moved'],
    change: ({ says }) => ({
      adds: [`${says.incident}/${says.person} ${says.state}`],
      ...(says.before !== says.state ? { takes: [`${says.incident}/${says.person} ${says.before}`] } : {}),
    }),
    sql: `SELECT incident || '/' || staff || ' ' || state AS key FROM incident.employment`,
  },
  {
    name: 'states of referrals',
    kinds: ['referral-prepared', 'referral-moved', 'referral-custody'],
    change: ({ says }) => ({
      adds: [`${says.referral} ${says.state}`],
      ...(typeof says.before === 'string' && says.before !== says.state
        ? { takes: [`${says.referral} ${says.before}`] }
        : {}),
    }),
    sql: `SELECT id || ' ' || state AS key FROM incident.referral`,
  },
  {
    name: 'what was said in public',
    kinds: ['statement-published'],
    change: ({ id, says }) => ({ adds: [`${says.statement} ${says.version} ${says.digest} by ${id}`] }),
    sql: `SELECT statement || ' ' || version || ' ' || encode(sha256(convert_to(content, 'UTF8')), 'hex')
      || ' by ' || entry AS key FROM incident.published`,
  },
]
