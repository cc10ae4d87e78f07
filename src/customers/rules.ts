import type { Refusal } from '../platform/refusal.ts'
import { refuse } from '../platform/refusal.ts'
import type { VerificationRules } from '../staff/verification-policy.ts'
import type { Factor } from './customers.ts'
import { refusals } from './problems.ts'
import type { SecretKind, Subscriber } from './subscriber.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export interface Limits {
  readonly codeLives: number
  readonly codeSends: number
  readonly codeGap: number
  readonly codeWrong: number
  readonly signInSpan: number
  readonly lock: number
  readonly secretWrong: number
  readonly secretWrongInAll: number
  readonly secretLock: number
  readonly secretRests: number
  readonly ownKeys: number
  readonly challengeLives: number
  readonly changeWaits: number
  readonly changeText: number
  readonly simRests: number
  readonly addressRests: number
  readonly recycledRests: number
}

/** Defaults of the verification policy. Milliseconds, unless counts. */
export const limits: Limits = {
  codeLives: 5 * MINUTE,
  codeSends: 3,
  codeGap: MINUTE,
  codeWrong: 3,
  /** Sign-in codes are counted over this span: nobody has a contact yet. */
  signInSpan: 30 * MINUTE,
  lock: 30 * MINUTE,
  secretWrong: 5,
  secretWrongInAll: 10,
  secretLock: 30 * MINUTE,
  secretRests: 24 * HOUR,
  /** Keys of one customer that stand at a time. */
  ownKeys: 5,
  challengeLives: 5 * MINUTE,
  changeWaits: 72 * HOUR,
  changeText: 24 * HOUR,
  simRests: 7 * DAY,
  addressRests: 30 * DAY,
  recycledRests: 90 * DAY,
}

/** The limits that a version of the house's rules sets; what it does not speak of stays as it is. */
export function limitsOf(rules: VerificationRules): Limits {
  const { code, secret } = rules
  return {
    ...limits,
    codeLives: code.liveMinutes * MINUTE,
    codeSends: code.sendsPerContact,
    codeGap: code.secondsBetweenSends * 1000,
    codeWrong: code.tries,
    lock: code.lockMinutes * MINUTE,
    simRests: code.simChangeDays * DAY,
    secretWrong: secret.tries,
    secretLock: secret.lockMinutes * MINUTE,
    secretRests: secret.ageHours * HOUR,
    changeWaits: rules.firstPinWaitHours * HOUR,
    addressRests: rules.addressAgeDays * DAY,
  }
}

/** What is known of tries at one method. */
export interface Tries {
  readonly wrong: number
  /** Epoch ms. */
  readonly lockedUntil: number | null
}

/** Is the method locked at `now`? */
export function isLocked(tries: Tries | null, now: number): boolean {
  return tries?.lockedUntil != null && tries.lockedUntil > now
}

/** Counts one more wrong try; at `most` the method locks and the count starts anew. A past lock is forgotten. */
export function countWrong(
  tries: Tries | null,
  most: number,
  now: number,
  lock: number = limits.lock,
): Tries {
  const wrong = (tries?.wrong ?? 0) + 1
  return wrong >= most ? { wrong: 0, lockedUntil: now + lock } : { wrong, lockedUntil: null }
}

/** Why a factor may not be used, from what the subscriber's own state says; locks and PIN waits come on top. */
export function blockOfState(
  subscriber: Subscriber,
  factor: Factor,
  now: number,
  by: Limits = limits,
): Refusal | null {
  if (factor === 'photo-id') return null
  if (subscriber.protection.shopOnly) return refusals.shopOnly()
  if (factor === 'pin' || factor === 'passphrase' || factor === 'own-key') return null
  const fresh = isSimFresh(subscriber, now, by)
  if (factor === 'call-back' && (fresh || subscriber.forwarded)) {
    return hasSecondNumber(subscriber, now, by) ? null : fresh ? refusals.simChanged() : refusals.forwarded()
  }
  if (fresh) return refusals.simChanged()
  if (subscriber.forwarded && factor === 'sms-code') return refusals.forwarded()
  if (isRecycledLately(subscriber, now)) return refusals.recycled()
  return null
}

/** Was the SIM changed less than 7 days ago, or what the rules in force say? */
export function isSimFresh(subscriber: Subscriber, now: number, by: Limits = limits): boolean {
  return subscriber.simChangedAt !== null && now - subscriber.simChangedAt < by.simRests
}

/** Was the number another person's less than 90 days ago? */
export function isRecycledLately(subscriber: Subscriber, now: number): boolean {
  return subscriber.recycledAt !== null && now - subscriber.recycledAt < limits.recycledRests
}

/** Is there a second number of record, 30 days old or more, or what the rules in force say? */
export function hasSecondNumber(subscriber: Subscriber, now: number, by: Limits = limits): boolean {
  return subscriber.secondNumber !== null && now - subscriber.secondNumber.since >= by.addressRests
}

/** Why the PIN or passphrase opens nothing now, whatever was typed; null: it may be tried. */
export function blockOfSecret(
  secret: Subscriber['secret'],
  tries: Tries | null,
  now: number,
  by: Limits = limits,
): Refusal | null {
  if (secret === null) {
    return refuse(
      'pin-absent',
      'No PIN or passphrase is set for this number.',
      'Set one in a shop, or on your own page with a wait of 72 hours.',
    )
  }
  if (secret.needsShopReset) return refusals.secretNeedsShop()
  if (isLocked(tries, now)) return refusals.secretLocked()
  if (now - secret.setAt < by.secretRests) {
    return refuse(
      'pin-too-new',
      `The PIN or passphrase was set less than ${by.secretRests / HOUR} hours ago and opens no call records yet.`,
      `Wait until it is ${by.secretRests / HOUR} hours old, or show photo ID in a shop.`,
    )
  }
  return null
}

/** Why a code may not be sent: 3 sends over what is counted, 60 seconds between two. `sends` newest first. */
export function blockOfSending(sends: readonly number[], now: number, by: Limits = limits): Refusal | null {
  if (sends.length >= by.codeSends) {
    return refuse(
      'code-sent-too-often',
      'No more codes are sent for this.',
      'Use the newest one, or verify in another way.',
    )
  }
  const newest = sends[0]
  if (newest !== undefined && now - newest < by.codeGap) {
    return refuse(
      'code-sent-just-now',
      `A code was sent less than ${by.codeGap / 1000} seconds ago.`,
      'Wait a little, then ask again.',
    )
  }
  return null
}

/**
 * Why a PIN or passphrase is too easy to guess, or null. A PIN has 6 to 12 digits; a passphrase 12 to 128 characters
 * (NIST SP 800-63B: length and a blocklist, no composition rules).
 */
export function weaknessOf(
  kind: SecretKind,
  secret: string,
  own: { digits: string; names: string[] },
): Refusal | null {
  return kind === 'pin' ? weaknessOfPin(secret, own.digits) : weaknessOfPassphrase(secret, own)
}

function weaknessOfPin(pin: string, ownDigits: string): Refusal | null {
  if (!/^[0-9]{6,12}$/.test(pin)) return weak('A PIN has 6 to 12 digits.')
  if (/^(\d{1,4})\1+$/.test(pin)) return weak('This PIN repeats itself.')
  if (isRun(pin, 1) || isRun(pin, 9)) return weak('This PIN counts up or down.')
  if (ownDigits.includes(pin)) return weak('This PIN is part of your own number.')
  if (COMMON_PINS.has(pin)) return weak('This PIN is one of those tried first.')
  if (pin.length === 6 && looksLikeDate(pin)) return weak('This PIN looks like a date.')
  return null
}

const COMMON_PINS = new Set(['159753', '147258', '258369', '789456', '456789', '112233', '121314', '520520'])

function isRun(digits: string, step: number): boolean {
  return [...digits].every((d, i) => i === 0 || (Number(d) - Number(digits[i - 1]) + 10) % 10 === step)
}

/** DDMMYY, MMDDYY or YYMMDD: birthdays are what a spouse tries first. */
function looksLikeDate(six: string): boolean {
  const [a, b, c] = [six.slice(0, 2), six.slice(2, 4), six.slice(4, 6)].map(Number) as [
    number,
    number,
    number,
  ]
  const day = (n: number) => n >= 1 && n <= 31
  const month = (n: number) => n >= 1 && n <= 12
  return (day(a) && month(b)) || (month(a) && day(b)) || (month(b) && day(c))
}

function weaknessOfPassphrase(text: string, own: { digits: string; names: string[] }): Refusal | null {
  const plain = text.normalize('NFC').toLowerCase().replaceAll(/\s+/g, '')
  if ([...text].length < 12 || [...text].length > 128) return weak('A passphrase has 12 to 128 characters.')
  if (new Set(plain).size < 5) return weak('This passphrase repeats the same few characters.')
  if (own.digits.length >= 7 && plain.includes(own.digits.slice(-7))) {
    return weak('This passphrase contains your own number.')
  }
  const name = own.names
    .map((n) => n.toLowerCase().replaceAll(/\s+/g, ''))
    .find((n) => n.length > 3 && plain.includes(n))
  if (name !== undefined) return weak('This passphrase contains your own name.')
  if (/^(password|passphrase|qwerty|iloveyou|mingalaba|myanmar|countersign)/.test(plain)) {
    return weak('This passphrase starts like those tried first.')
  }
  return null
}

function weak(says: string): Refusal {
  return refuse('pin-weak', says, 'Choose one that nobody who knows you would try.')
}

/** What of a key of hers the rules look at. */
interface KeyFacts {
  readonly usableFrom: number
  readonly state: 'standing' | 'removed' | 'cloned'
}

/** May this key allow a look now? */
export function isUsable(key: KeyFacts, now: number): boolean {
  return key.state === 'standing' && now >= key.usableFrom
}

/** Why none of these keys may allow a look now, or null. */
export function blockOfOwnKeys(keys: readonly KeyFacts[], now: number): Refusal | null {
  const standing = keys.filter(({ state }) => state === 'standing')
  if (standing.length === 0) return ownKeyRefusals.absent()
  return standing.some((key) => isUsable(key, now)) ? null : ownKeyRefusals.tooNew()
}

/**
 * A device that counts its signatures never gives the same count twice: two that do are the key and a copy of it
 * (WebAuthn 6.1.1). Keys that are kept in step between devices do not count and always say 0: there a copy is not seen.
 */
export function isCloned(before: number, now: number): boolean {
  return (before > 0 || now > 0) && now <= before
}

/** What is said about her own keys. */
export const ownKeyRefusals = {
  absent: () =>
    refuse(
      'own-key-absent',
      'There is no key of her own for this number.',
      'Make one in a shop, or on her own page with a wait of 72 hours.',
    ),
  tooNew: () =>
    refuse(
      'own-key-too-new',
      'The key was made less than 24 hours ago and allows nothing yet.',
      'Wait until it is 24 hours old, or use the PIN, or photo ID in a shop.',
    ),
  refused: () =>
    refuse(
      'own-key-refused',
      'This key was not accepted.',
      'Begin anew, on the phone itself, with its finger, face or screen lock.',
    ),
  many: () =>
    refuse(
      'own-keys-many',
      'Five keys stand already.',
      'Take one off that is no longer used, then make this one.',
    ),
  gone: () =>
    refuse('own-key-gone', 'That key was taken off, or is not hers.', 'Use another key, or the PIN.'),
  notHers: () =>
    refuse(
      'own-key-not-hers',
      'This was not signed by a key of this number.',
      'Use the phone that the key was made on. Nothing was opened.',
    ),
  cloned: () =>
    refuse(
      'own-key-cloned',
      'This key seems to have been copied, so it was closed. Nothing was opened.',
      'Make a new key in a shop or on the page; until then the PIN or photo ID stand.',
    ),
} as const satisfies Record<string, () => Refusal>
