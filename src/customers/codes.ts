import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { SmsSender } from '../platform/sms/sender.ts'
import type { CodePurpose, CodeRequest, CodeSent, Passed } from './customers.ts'
import type { Notices } from './notices.ts'
import { refusals } from './problems.ts'
import { blockOfSending, blockOfState, countWrong, isLocked, type Limits, limits } from './rules.ts'
import {
  clearTries,
  lockSubscriber,
  putCode,
  readLiveCode,
  readSends,
  readTries,
  saveTries,
  spendCode,
  type TriedMethod,
} from './store.ts'
import type { Subscriber } from './subscriber.ts'
import { codesLockedText, codeText, ownCodeText } from './texts.ts'

export interface CodeParties {
  readonly ledger: Pick<Ledger, 'append'>
  readonly key: Buffer
  readonly clock: Clock
  readonly random: RandomBytes
  readonly sms: SmsSender
  readonly notices: Notices
  readonly operator: string
  readonly page: string
  /** What the rules in force say. */
  readonly limits: () => Limits
}

/** One-time codes by text. */
export interface Codes {
  send(trx: Trx, subscriber: Subscriber, request: CodeRequest): Promise<CodeSent | Refusal>
  check(
    trx: Trx,
    subscriber: Subscriber,
    answer: { purpose: CodePurpose; bindTo: string; code: string },
  ): Promise<Passed | Refusal>
}

/**
 * Makes the room's codes.
 *
 * Why a code works once, even under two submits at the same instant: both take the subscriber's row lock first, so the
 * second reads after the first has committed and finds the code spent; and the spending itself is an UPDATE of a row
 * that is not spent. Why it works nowhere else: purpose and binding are hashed with it under a key that the database
 * does not hold.
 */
export function createCodes(parties: CodeParties): Codes {
  const { clock, random, sms, key } = parties
  return {
    async send(trx, subscriber, request) {
      await lockSubscriber(trx, subscriber.id)
      const now = clock.now()
      const by = parties.limits()
      const countWith = `${request.purpose}:${request.countWith ?? request.bindTo}`
      const since = request.purpose === 'sign-in' ? now - limits.signInSpan : 0
      const sends = await readSends(trx, subscriber.id, countWith, since)
      const blocked =
        (await blockOfCode(trx, subscriber, request.purpose, now, by)) ?? blockOfSending(sends, now, by)
      if (blocked !== null) return blocked
      const code = drawCode(random)
      const expiresAt = now + by.codeLives
      const id = await putCode(trx, {
        subscriber_id: subscriber.id,
        purpose: request.purpose,
        bind_to: request.bindTo,
        count_with: countWith,
        hash: hashCode(key, subscriber.id, request.purpose, request.bindTo, code),
        sent_at: now,
        expires_at: expiresAt,
      })
      const words = (request.ownPage ? ownCodeText : codeText)(code, request.allows, parties.operator)
      await sms.send(trx, {
        to: subscriber.number,
        text: words[subscriber.language],
        purpose: 'sms-code',
        ref: `code-${id}`,
        language: subscriber.language,
        expiresAt,
      })
      return { sentAt: now, expiresAt, sendsLeft: by.codeSends - sends.length - 1 }
    },
    async check(trx, subscriber, { purpose, bindTo, code }) {
      await lockSubscriber(trx, subscriber.id)
      const now = clock.now()
      const blocked = await blockOfCode(trx, subscriber, purpose, now, parties.limits())
      if (blocked !== null) return blocked
      const live = await readLiveCode(trx, { id: subscriber.id, purpose, bindTo, now })
      if (live === null) return refusals.codeExpired()
      const given = hashCode(key, subscriber.id, purpose, bindTo, latinDigits(code))
      if (!timingSafeEqual(given, live.hash)) return countWrongCode(parties, trx, subscriber, purpose)
      if (!(await spendCode(trx, live.id, now))) return refusals.codeExpired()
      await clearTries(trx, subscriber.id, methodOf(purpose))
      return { passed: true, factor: 'sms-code' }
    },
  }
}

/**
 * Sign-in codes of her own page lock by themselves: otherwise whoever knows her number could keep her from verifying on
 * the phone. They are not barred by "only in a shop" or a recycled number: the first rung of her page shows who looked,
 * within her own tenure, and no calls.
 */
function methodOf(purpose: CodePurpose): Extract<TriedMethod, 'sms-code' | 'page-code'> {
  return purpose === 'sign-in' ? 'page-code' : 'sms-code'
}

/** Why no code may be sent or used now, or null. */
export async function blockOfCode(
  trx: Db | Trx,
  subscriber: Subscriber,
  purpose: CodePurpose,
  now: number,
  by: Limits,
): Promise<Refusal | null> {
  const seen =
    purpose === 'sign-in'
      ? { ...subscriber, recycledAt: null, protection: { ...subscriber.protection, shopOnly: false } }
      : subscriber
  const blocked = blockOfState(seen, 'sms-code', now, by)
  if (blocked !== null) return blocked
  const tries = await readTries(trx, subscriber.id, methodOf(purpose))
  return isLocked(tries, now) ? refusals.codeLocked() : null
}

async function countWrongCode(
  parties: CodeParties,
  trx: Trx,
  subscriber: Subscriber,
  purpose: CodePurpose,
): Promise<Refusal> {
  const method = methodOf(purpose)
  const now = parties.clock.now()
  const { codeWrong, lock } = parties.limits()
  const tries = countWrong(await readTries(trx, subscriber.id, method), codeWrong, now, lock)
  await saveTries(trx, subscriber.id, method, tries)
  if (tries.lockedUntil === null) return refusals.codeWrong()
  const entry = await parties.ledger.append(trx, {
    kind: 'method-locked',
    header: null,
    subject: subscriber.subject,
    body: { method, until: tries.lockedUntil },
  })
  await parties.notices.notify(trx, subscriber, {
    text: codesLockedText(parties.page),
    purpose: 'method-locked',
    ref: entry,
  })
  return refusals.codeLocked()
}

/** Six digits, each value equally likely: what lies above the last whole multiple of a million is drawn again. */
export function drawCode(random: RandomBytes): string {
  for (;;) {
    const n = Buffer.from(random(4)).readUInt32BE(0)
    if (n < 4_294_000_000) return String(n % 1_000_000).padStart(6, '0')
  }
}

function hashCode(key: Buffer, subscriberId: string, purpose: string, bindTo: string, code: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([subscriberId, purpose, bindTo, code]))
    .digest()
}

/** Spaces and dashes away, Burmese digits to Latin ones: what is read out is typed in many ways. */
export function latinDigits(text: string): string {
  return text
    .replaceAll(/[\s-]/g, '')
    .replaceAll(/[\u1040-\u1049]/g, (digit) => String(digit.charCodeAt(0) - 0x1040))
}
