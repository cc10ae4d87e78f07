import { ROLES, type Role } from './staff.ts'

/** Roles that every employee's page needs. */
const EVERYONE: readonly Role[] = ROLES
const CARE: readonly Role[] = ['champion', 'supervisor']

/**
 * Every action that a policy decides, with the roles that may have it at all; the situations (on shift,
 * trained, not her own number...) are in `policies/*.cedar`, and a test keeps this list equal to them.
 * A route names its action; a use case asks again with the resource at hand.
 */
export const ACTIONS = {
  // Care desk: resource Desk (may I at all) or Contact (may I with this customer).
  'open-contact': CARE,
  'verify-contact': CARE,
  'get-grant': CARE,
  'see-bill': CARE,
  'see-rows': CARE,
  'match-number': CARE,
  'send-statement': CARE,
  'unmask-row': CARE,
  'close-contact': CARE,
  'break-glass': CARE,
  'justify-break-glass': CARE,
  'block-sim': CARE,
  'set-customer-pin': CARE,
  'confirm-photo-id': CARE,
  'see-my-day': CARE,
  'see-team': ['supervisor', 'privacy-officer'],
  'approve-look': ['supervisor'],
  'review-break-glass': ['supervisor', 'privacy-officer'],
  // Customers' reports ("that was not me"): resource Desk.
  'read-reports': ['privacy-officer', 'investigator'],
  'answer-report': ['privacy-officer'],
  // Traces: resource Desk (may I at all) or Incident.
  'run-trace': ['investigator', 'privacy-officer'],
  'read-trace': ['investigator', 'privacy-officer', 'counsel'],
  'search-path': ['investigator'],
  'search-path-further': ['investigator'],
  // Incidents: resource Desk (may I at all) or Incident.
  'see-incidents': ['privacy-officer', 'investigator', 'counsel'],
  'work-incident': ['privacy-officer', 'investigator'],
  'read-exposure': ['privacy-officer', 'investigator', 'counsel'],
  'approve-path': ['privacy-officer', 'investigator', 'counsel'],
  'write-communication': ['privacy-officer', 'investigator', 'counsel'],
  'admit-representative': ['privacy-officer', 'counsel'],
  // What leaves a case: resource Desk (may I at all) or Incident.
  'draw-chain': ['investigator'],
  'prepare-referral': ['privacy-officer', 'investigator'],
  'approve-referral': ['privacy-officer', 'investigator', 'counsel'],
  'hand-over-referral': ['privacy-officer', 'investigator', 'counsel'],
  'draft-statement': ['privacy-officer', 'investigator', 'counsel'],
  'approve-statement': ['privacy-officer', 'counsel'],
  // What becomes of somebody's employment: resource Desk (may I at all) or Incident.
  'see-employment': ['administrator', 'counsel'],
  'work-employment': ['administrator'],
  'decide-employment': ['administrator'],
  // Ledger: resource Desk.
  'see-ledger-head': EVERYONE,
  'read-entries': [
    'privacy-officer',
    'investigator',
    'counsel',
    'auditor',
    'regulator-officer',
    'administrator',
  ],
  'read-entry-bodies': ['privacy-officer', 'investigator', 'auditor'],
  'prove-entry': EVERYONE,
  'make-evidence': ['privacy-officer', 'investigator', 'counsel'],
  // People: resource Desk, Person or Proposal.
  'see-people': ['administrator', 'supervisor', 'privacy-officer', 'investigator', 'auditor'],
  'add-person': ['administrator'],
  'move-person': ['administrator'],
  'propose-role': ['administrator'],
  'approve-role': ['administrator'],
  'take-role': ['administrator'],
  'issue-enrolment': ['administrator'],
  'register-device': ['administrator'],
  'record-training': ['administrator', 'supervisor'],
  'plan-shift': ['supervisor', 'administrator'],
  'approve-off-shift': ['supervisor'],
  'freeze-person': ['administrator', 'supervisor', 'privacy-officer'],
  'lift-freeze': ['privacy-officer'],
  'dismiss-person': ['administrator'],
  'end-sessions': ['administrator', 'privacy-officer'],
  'see-circle': ['privacy-officer', 'investigator'],
  'declare-number': EVERYONE,
  'sign-conduct': EVERYONE,
  'publish-conduct': ['privacy-officer'],
  // Intake of call records: resource Desk.
  'see-intake': ['administrator', 'privacy-officer', 'auditor'],
  // Erasing one holder's log: resource Desk; that two do it is the rules' (src/erasure/rules.ts).
  'see-erasures': ['privacy-officer', 'counsel'],
  'propose-erasure': ['privacy-officer', 'counsel'],
  'approve-erasure': ['privacy-officer', 'counsel'],
  // Rules: resource Desk or Proposal.
  'read-policies': EVERYONE,
  'propose-verification': ['privacy-officer', 'counsel'],
  'approve-verification': ['privacy-officer', 'counsel', 'supervisor'],
  // Search box and articles: resource Desk.
  'use-find': EVERYONE,
  'find-contacts': ['champion', 'supervisor'],
  'find-numbers': ['champion', 'supervisor'],
  'read-articles': EVERYONE,
  'write-articles': ['supervisor', 'privacy-officer'],
  // Watching for misuse: resource Desk.
  'see-watch': ['privacy-officer', 'investigator'],
  'judge-alert': ['privacy-officer', 'investigator'],
  'switch-watch': ['privacy-officer'],
  'see-own-looks': EVERYONE,
  // Requests of authorities: resource Desk; who did what before is the rules' (src/lawful/rules.ts).
  'file-request': ['regulator-officer'],
  'filter-request': ['regulator-officer'],
  'see-requests': ['counsel', 'investigator', 'privacy-officer'],
  'prepare-request': ['counsel', 'investigator'],
  'rule-request': ['counsel'],
  'second-request': ['privacy-officer', 'investigator'],
  'produce-request': ['counsel', 'investigator', 'privacy-officer'],
  'register-recipient': ['counsel', 'investigator', 'privacy-officer'],
  'report-misdirected': ['champion', 'supervisor', 'privacy-officer', 'investigator', 'counsel'],
  'review-emergency': ['privacy-officer', 'counsel'],
  'record-duress': ['champion', 'supervisor', 'privacy-officer', 'investigator', 'counsel'],
  'sign-certificate': ['privacy-officer'],
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof ACTIONS

/** Tells whether a name is one of ours. */
export function isAction(name: string): name is Action {
  return Object.hasOwn(ACTIONS, name)
}

/**
 * The actions that somebody with these roles may have at all: what a console shows as desks and buttons.
 * @param withheld `role/action`, by the version of the rules in force.
 */
export function actionsOf(roles: readonly Role[], withheld: readonly string[]): Action[] {
  return (Object.keys(ACTIONS) as Action[]).filter((action) =>
    ACTIONS[action].some((role) => roles.includes(role) && !withheld.includes(`${role}/${action}`)),
  )
}
