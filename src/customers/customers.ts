import type { E164 } from '../calls/call-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Jobs } from '../platform/jobs.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { SmsSender } from '../platform/sms/sender.ts'
import type { Words } from '../platform/words.ts'
import type { VerificationRules } from '../staff/verification-policy.ts'
import { PSEUDONYM_KEY, type Subject, subjectOf } from '../vault/subject.ts'
import type { Vault } from '../vault/vault.ts'
import { blockOfCode, createCodes } from './codes.ts'
import { flagsOf } from './flags.ts'
import { createNotices } from './notices.ts'
import { createOwnKeys, type OwnKeyParties, type OwnKeys } from './own-keys.ts'
import { openProfile, type Profile, sealProfile } from './profile.ts'
import { createProtection, type Protection, type ProtectionParties, WAITING_TASK } from './protection.ts'
import { register, subscriberOf } from './register.ts'
import { blockOfSecret, blockOfState, hasSecondNumber, type Limits, limits, limitsOf } from './rules.ts'
import { createSecrets } from './secrets.ts'
import {
  countSubscribers,
  forgetOldCodes,
  readSubscriber,
  readTenures,
  readTries,
  updateProfile,
} from './store.ts'
import type { PersonName, Registration, SafeMode, SecretKind, Subscriber } from './subscriber.ts'

export type { PersonName, Registration, SafeMode, SecretKind, Subscriber }

/** How a person shows that it is her. `network-call` is the operator's own assertion of the line. */
export type Factor = 'network-call' | 'sms-code' | 'pin' | 'passphrase' | 'own-key' | 'call-back' | 'photo-id'

/** What a code is for. It is checked with the same purpose and binding that it was sent with, or not at all. */
export type CodePurpose = 'verify-contact' | 'blind-match' | 'unmask-row' | 'sign-in' | 'second-number'

export interface CodeRequest {
  readonly purpose: CodePurpose
  /** The id of the contact, row or session that the code works in and nowhere else. Never a number. */
  readonly bindTo: string
  /** Counts sends: at most 3 for each of these, 60 s apart. Defaults to `bindTo`; for rows, the contact's id. */
  readonly countWith?: string
  /** What the code lets happen, as the end of a sentence: `lets our staff see your August calls for 30 minutes`. */
  readonly allows: Words
  /** True when it is the customer herself who asks, on her own page: the text then has no "refuse to staff" line. */
  readonly ownPage?: boolean
}

export interface CodeSent {
  readonly sentAt: number
  readonly expiresAt: number
  readonly sendsLeft: number
}

/** She passed. Refusal codes otherwise: see `CUSTOMER_PROBLEMS` in `problems.ts`. */
export interface Passed {
  readonly passed: true
  readonly factor: Factor
}

/** A text to the customer's channel of record, in her language, as safe mode allows. */
export interface Notice {
  readonly text: Words
  /** `look`, `change`, `lock` ...: for the outbox and for delivery figures; never a person. */
  readonly purpose: string
  /** The id of what it is about; never a number. */
  readonly ref: string
}

/** Where a notice went: `withheld` means safe mode keeps it to her page or the shop. */
export type NoticeOutcome = 'texted' | 'texted-neutral' | 'texted-elsewhere' | 'withheld'

/**
 * Subscribers and what proves that somebody is one. All that changes state takes the caller's transaction and
 * writes its own entries into it; wrong tries are values too, so that the transaction that counts them commits.
 */
export interface Customers {
  /** Registers many at once, tenures in the vault included; thousands a second. Order is kept. */
  register(list: readonly Registration[]): Promise<Subscriber[]>
  /** The present holder of a number, or null: not ours, or nobody's now. */
  findByNumber(db: Db | Trx, number: E164): Promise<Subscriber | null>
  bySubject(db: Db | Trx, subject: Subject): Promise<Subscriber | null>
  byTenure(db: Db | Trx, tenure: string): Promise<Subscriber | null>
  /** Everybody who ever held this number, earliest first; none when it is not ours. */
  holders(db: Db | Trx, subject: Subject): Promise<Subscriber[]>
  byId(db: Db | Trx, id: string): Promise<Subscriber | null>
  /** How many subscribers hold a number now. */
  count(): Promise<number>

  /**
   * Why this factor may not be used for her now, or null. Looks at the change of SIM (7 days), forwarding, age of the
   * second number (30 days), recycled number (90 days), shop only, locks, and waits of the PIN (24 h).
   */
  factorBlock(db: Db | Trx, subscriber: Subscriber, factor: Factor): Promise<Refusal | null>
  /** The protective flags that are up, in words, for the champion's and for her own page. */
  flags(subscriber: Subscriber): Words[]

  /** Sends a code: 6 digits, 5 minutes, once. Refuses as `factorBlock('sms-code')`, after 3 sends, within 60 s. */
  sendCode(trx: Trx, subscriber: Subscriber, request: CodeRequest): Promise<CodeSent | Refusal>
  /** Checks a code where it was sent for; constant time; the third wrong try locks SMS codes for 30 minutes. */
  checkCode(
    trx: Trx,
    subscriber: Subscriber,
    answer: { purpose: CodePurpose; bindTo: string; code: string },
  ): Promise<Passed | Refusal>
  /** Checks PIN or passphrase, set 24 h ago or more; 5 wrong tries lock for 30 minutes, 10 in all until a shop resets it. */
  checkSecret(trx: Trx, subscriber: Subscriber, secret: string): Promise<Passed | Refusal>
  /** Where to call back: the number itself, or, after a change of SIM or when forwarded, a second number 30 days old. */
  callBackNumber(
    db: Db | Trx,
    subscriber: Subscriber,
  ): Promise<{ number: E164; which: 'own' | 'second' } | Refusal>

  /** An e-mail address of record that is 30 days old or more, or a refusal. */
  emailOfRecord(db: Db | Trx, subscriber: Subscriber): Promise<{ address: string } | Refusal>
  /** Tells her. */
  notify(trx: Trx, subscriber: Subscriber, notice: Notice): Promise<NoticeOutcome>
  /** The words that `notify` would send now: what the champion sees before she looks. */
  previewNotice(subscriber: Subscriber, notice: Notice): { text: string | null; outcome: NoticeOutcome }

  /** Her own keys, and what they sign. */
  readonly ownKeys: OwnKeys
  /** What she sets about herself. */
  readonly protection: Protection
  /** Keeps the facts of the operator's own systems: a SIM was changed, calls are forwarded. */
  setLineFacts(
    trx: Trx,
    subscriber: Subscriber,
    facts: { simChangedAt?: number; forwarded?: boolean },
  ): Promise<void>
}

export interface CustomersParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly vault: Pick<Vault, 'setTenures'>
  readonly keys: Pick<KeyService, 'sealer' | 'prfKey'>
  readonly clock: Clock
  readonly random: RandomBytes
  readonly sms: SmsSender
  readonly jobs: Jobs
  /** Where `/my` is found: `http://localhost:8080`. */
  readonly publicUrl: string
  /** The operator's name, as texts say it. */
  readonly operator: string
  /** The rules in force; without them, those that every directory is born with. */
  readonly rules?: () => VerificationRules
}

/** Opens the room; registers its jobs, so call it before `jobs.start`. */
export function createCustomers(parties: CustomersParties): Customers {
  const { db, ledger, clock, keys } = parties
  const pseudonymKey = keys.prfKey(PSEUDONYM_KEY)
  const page = `${parties.publicUrl}/my`
  const limitsNow = (): Limits => (parties.rules === undefined ? limits : limitsOf(parties.rules()))
  const profileFrom = async (on: Db | Trx, subscriber: Subscriber): Promise<Profile> => {
    const found = await readSubscriber(on, { id: subscriber.id })
    invariant(found, 'a subscriber in hand is in the database')
    return openProfile(keys.sealer, subscriber.id, found.row.profile)
  }
  const editProfile = async (trx: Trx, subscriber: Subscriber, edit: Partial<Profile>): Promise<void> => {
    const profile = { ...(await profileFrom(trx, subscriber)), ...edit }
    await updateProfile(trx, subscriber.id, sealProfile(keys.sealer, subscriber.id, profile))
  }
  const find = async (on: Db | Trx, by: Parameters<typeof readSubscriber>[1]): Promise<Subscriber | null> => {
    const found = await readSubscriber(on, by)
    return found === null ? null : subscriberOf(keys, found)
  }
  const notices = createNotices({
    sms: parties.sms,
    operator: parties.operator,
    clock,
    profileOf: profileFrom,
  })
  const shared = { ...parties, page, notices, limits: limitsNow }
  const codes = createCodes({ ...shared, key: keys.prfKey('customers/code') })
  const secrets = createSecrets({ ...shared, key: keys.prfKey('customers/secret') })
  const { ownKeys, protection } = settingsOf({ ...shared, sealer: keys.sealer, secrets, editProfile })
  handleJobs(parties, protection, find)
  return {
    register: (list) => register(parties, secrets, pseudonymKey, list),
    findByNumber: (on, number) => find(on, { subject: subjectOf(pseudonymKey, number) }),
    bySubject: (on, subject) => find(on, { subject }),
    byTenure: (on, tenure) => find(on, { tenure }),
    holders: async (on, subject) => findAll(find, on, await readTenures(on, subject)),
    byId: (on, id) => find(on, { id }),
    count: () => countSubscribers(db),
    factorBlock: (on, subscriber, factor) => factorBlock(on, subscriber, factor, clock.now(), limitsNow()),
    flags: (subscriber) => flagsOf(subscriber, clock.now(), limitsNow()),
    sendCode: codes.send,
    checkCode: codes.check,
    checkSecret: secrets.check,
    callBackNumber: (on, subscriber) =>
      callBackNumber(on, subscriber, { now: clock.now(), limits: limitsNow(), profileFrom }),
    async emailOfRecord(on, subscriber) {
      const { address } = await profileFrom(on, subscriber)
      return emailOf(address, clock.now(), limitsNow())
    },
    notify: notices.notify,
    previewNotice: notices.preview,
    ownKeys,
    protection,
    async setLineFacts(trx, subscriber, facts) {
      await editProfile(trx, subscriber, facts)
      await ledger.append(trx, {
        kind: 'line-facts',
        header: null,
        subject: subscriber.subject,
        body: { ...facts },
      })
    },
  }
}

/** Her own keys, and what she sets about herself, keys among it. */
function settingsOf(parties: OwnKeyParties & Omit<ProtectionParties, 'ownKeys'>) {
  const ownKeys = createOwnKeys(parties)
  return { ownKeys, protection: createProtection({ ...parties, ownKeys }) }
}

function handleJobs(
  parties: CustomersParties,
  protection: Protection,
  find: (on: Db | Trx, by: { id: string }) => Promise<Subscriber | null>,
): void {
  const { db, ledger, clock, jobs } = parties
  jobs.handle(WAITING_TASK, async ({ id }) => {
    await db
      .transaction()
      .execute((trx) => protection.runWaiting(trx, String(id), (who) => find(trx, { id: who })))
    await ledger.sequence()
  })
  jobs.every('customers-forget-codes', '17 3 * * *', () => forgetOldCodes(db, clock.now() - 24 * 3_600_000))
}

async function callBackNumber(
  on: Db | Trx,
  subscriber: Subscriber,
  by: {
    now: number
    limits: Limits
    profileFrom: (on: Db | Trx, subscriber: Subscriber) => Promise<Profile>
  },
): Promise<{ number: E164; which: 'own' | 'second' } | Refusal> {
  const { now, limits: own } = by
  const blocked = blockOfState(subscriber, 'call-back', now, own)
  if (blocked !== null) return blocked
  if (blockOfState({ ...subscriber, recycledAt: null }, 'sms-code', now, own) === null)
    return { number: subscriber.number, which: 'own' }
  const { second } = await by.profileFrom(on, subscriber)
  invariant(second !== null && hasSecondNumber(subscriber, now, own), 'a call back elsewhere has its number')
  return { number: second.number, which: 'second' }
}

async function factorBlock(
  on: Db | Trx,
  subscriber: Subscriber,
  factor: Factor,
  now: number,
  by: Limits,
): Promise<Refusal | null> {
  const blocked = blockOfState(subscriber, factor, now, by)
  if (blocked !== null) return blocked
  if (factor === 'sms-code') return blockOfCode(on, subscriber, 'verify-contact', now, by)
  if (factor !== 'pin' && factor !== 'passphrase') return null
  const secret = subscriber.secret?.kind === factor ? subscriber.secret : null
  return blockOfSecret(secret, await readTries(on, subscriber.id, 'secret'), now, by)
}

function emailOf(address: Profile['address'], now: number, by: Limits): { address: string } | Refusal {
  if (address === null || address.kind !== 'email') {
    return refuse(
      'no-address-of-record',
      'There is no e-mail address of record.',
      'Send it as a text with a link to her own page.',
    )
  }
  if (now - address.since < by.addressRests) {
    return refuse(
      'address-too-new',
      'The address of record is less than 30 days old, so nothing about calls is sent to it.',
      'Send it as a text with a link to her own page.',
    )
  }
  return { address: address.address }
}

async function findAll(
  find: (on: Db | Trx, by: { tenure: string }) => Promise<Subscriber | null>,
  on: Db | Trx,
  tenures: readonly string[],
): Promise<Subscriber[]> {
  const found = await Promise.all(tenures.map((tenure) => find(on, { tenure })))
  return found.filter((one) => one !== null)
}
