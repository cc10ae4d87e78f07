import { type Refusal, refuse } from '../platform/refusal.ts'

/** HTTP status of every refusal code of this room, for `app.addProblems`. */
export const CUSTOMER_PROBLEMS: Readonly<Record<string, number>> = {
  'number-unknown': 404,
  'sim-changed-lately': 409,
  'number-forwarded': 409,
  'number-recycled-lately': 409,
  'shop-only': 409,
  'second-number-needed': 409,
  'address-too-new': 409,
  'no-address-of-record': 409,
  'code-locked': 423,
  'code-sent-too-often': 429,
  'code-sent-just-now': 429,
  'code-wrong': 403,
  'code-expired': 410,
  'pin-absent': 409,
  'pin-too-new': 409,
  'pin-wrong': 403,
  'pin-locked': 423,
  'pin-needs-shop': 423,
  'pin-weak': 422,
  'own-key-absent': 409,
  'own-key-too-new': 409,
  'own-key-refused': 422,
  'own-keys-many': 409,
  'own-key-gone': 410,
  'own-key-not-hers': 403,
  'own-key-cloned': 423,
  'change-waiting': 409,
  'change-gone': 410,
  'protection-stands': 409,
  'not-signed-in': 401,
  'person-needed': 403,
  'form-stale': 403,
  'report-filed-before': 409,
  'report-not-found': 404,
  'report-taken': 409,
  'report-answered': 409,
  'report-own-office': 403,
  'look-not-found': 404,
}

/** The refusals that more than one file gives, so that each is worded once. */
export const refusals = {
  simChanged: () =>
    refuse(
      'sim-changed-lately',
      'The SIM of this number was changed less than 7 days ago, so a code or a call to it proves nothing.',
      'Ask for photo ID in a shop, or call back a second number of record that is older than 30 days.',
    ),
  forwarded: () =>
    refuse(
      'number-forwarded',
      'Calls or texts to this number are forwarded, so a code or a call to it may reach somebody else.',
      'Ask for photo ID in a shop, or call back a second number of record that is older than 30 days.',
    ),
  recycled: () =>
    refuse(
      'number-recycled-lately',
      'This number was given to a new holder less than 90 days ago, so the line alone proves too little.',
      'Use the PIN or passphrase, or photo ID in a shop.',
    ),
  shopOnly: () =>
    refuse(
      'shop-only',
      'This customer asked that nothing is opened except in a shop, with photo ID.',
      'Ask the customer to come to a shop with photo ID.',
    ),
  codeLocked: () =>
    refuse(
      'code-locked',
      'Three wrong codes were given, so codes are locked for 30 minutes.',
      'Wait 30 minutes, or verify in another way.',
    ),
  codeWrong: () =>
    refuse('code-wrong', 'That code does not fit.', 'Read the newest text again, or ask for a new code.'),
  codeExpired: () =>
    refuse(
      'code-expired',
      'That code has run out, was used before, or was sent for something else.',
      'Ask for a new code.',
    ),
  secretWrong: () =>
    refuse('pin-wrong', 'That PIN or passphrase does not fit.', 'Try again, or verify in another way.'),
  secretLocked: () =>
    refuse(
      'pin-locked',
      'Five wrong tries were made, so the PIN is locked for 30 minutes.',
      'Wait 30 minutes, or verify in another way.',
    ),
  secretNeedsShop: () =>
    refuse(
      'pin-needs-shop',
      'Ten wrong tries were made in all, so the PIN is closed until a shop resets it.',
      'Come to a shop with photo ID.',
    ),
} as const satisfies Record<string, () => Refusal>
