import { type Refusal, refuse } from '../platform/refusal.ts'

/**
 * HTTP status of every refusal code of this room, for `app.addProblems`: those of the Cedar policies (a test
 * holds them against `policies/`), then those of signing in, then those of managing people.
 */
export const STAFF_PROBLEMS: Readonly<Record<string, number>> = {
  dismissed: 403,
  frozen: 403,
  'not-yourself': 403,
  'administrator-no-customer-data': 403,
  'regulator-no-customer-data': 403,
  'conduct-unsigned': 403,
  untrained: 403,
  'off-shift': 403,
  'own-number': 403,
  'household-number': 403,
  'declared-number': 403,
  'colleague-number': 403,
  'same-team': 403,
  'not-your-contact': 403,
  'not-on-shop-device': 403,
  'same-person': 403,
  'about-yourself': 403,
  'approved-already': 409,
  'roles-apart': 409,
  'not-in-role': 403,
  'policy-error': 403,
  'not-signed-in': 401,
  'session-ended': 401,
  'passkey-refused': 401,
  'no-passkey': 409,
  'sign-in-by-directory': 403,
  'signature-wrong': 403,
  'link-spent': 410,
  'second-administrator-needed': 409,
  'person-not-found': 404,
  'proposal-not-found': 404,
  'proposal-decided': 409,
  'role-held': 409,
  'role-not-held': 409,
  'last-administrator': 409,
  'desk-name-taken': 409,
  'already-frozen': 409,
  'not-frozen': 409,
  'already-dismissed': 409,
  'shift-wrong': 422,
  'approval-too-long': 422,
  'training-wrong': 422,
  'conduct-outdated': 409,
  'conduct-absent': 409,
  'number-unreadable': 422,
  'number-not-found': 404,
  'number-declared': 409,
  'device-not-found': 404,
  'rules-stand-already': 409,
  'rules-wrong': 422,
  'rules-moved-on': 409,
  'role-withheld': 403,
  'no-preview': 409,
}

/** Refusals that more than one file gives, each worded once. */
export const refusals = {
  notSignedIn: (): Refusal => refuse('not-signed-in', 'You are not signed in.', 'Sign in.'),
  sessionEnded: (): Refusal => refuse('session-ended', 'Your session has ended.', 'Sign in again.'),
  personNotFound: (): Refusal =>
    refuse('person-not-found', 'There is no such person.', 'Look for them under People.'),
  linkSpent: (): Refusal =>
    refuse('link-spent', 'This link has been used or has run out.', 'Ask an administrator for a new one.'),
  dismissed: (): Refusal =>
    refuse('already-dismissed', 'This person no longer works here.', 'Nothing needs to be done.'),
}
