import { createHmac, scrypt, timingSafeEqual } from 'node:crypto'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Trx } from '../platform/database.ts'
import type { Refusal } from '../platform/refusal.ts'
import { latinDigits } from './codes.ts'
import type { Passed } from './customers.ts'
import type { Notices } from './notices.ts'
import { refusals } from './problems.ts'
import { blockOfSecret, blockOfState, countWrong, type Limits, weaknessOf } from './rules.ts'
import {
  clearTries,
  lockSubscriber,
  readSecret,
  readTries,
  type SecretRow,
  saveTries,
  saveWrongInAll,
} from './store.ts'
import type { SecretKind, Subscriber } from './subscriber.ts'
import { secretClosedText, secretLockedText } from './texts.ts'

export interface SecretParties {
  readonly ledger: Pick<Ledger, 'append'>
  readonly key: Buffer
  readonly clock: Clock
  readonly random: RandomBytes
  readonly notices: Notices
  readonly page: string
  /** What the rules in force say. */
  readonly limits: () => Limits
}

/** A secret ready to be stored. */
export type HashedSecret = Pick<SecretRow, 'kind' | 'salt' | 'hash'>

/** PIN or passphrase. */
export interface Secrets {
  /** Salt and hash of a secret, or why it is too easy to guess. */
  prepare(
    kind: SecretKind,
    secret: string,
    own: { digits: string; names: string[] },
  ): Promise<HashedSecret | Refusal>
  /** Checks what was keyed in or typed. */
  check(trx: Trx, subscriber: Subscriber, secret: string): Promise<Passed | Refusal>
}

/** Makes the room's secrets: scrypt, so that a passphrase used elsewhere is not given away, then keyed. */
export function createSecrets(parties: SecretParties): Secrets {
  return {
    async prepare(kind, secret, own) {
      const plain = normaliseSecret(kind, secret)
      const weakness = weaknessOf(kind, plain, own)
      if (weakness !== null) return weakness
      const salt = Buffer.from(parties.random(16))
      return { kind, salt, hash: await hashSecret(parties.key, salt, plain) }
    },
    async check(trx, subscriber, secret) {
      await lockSubscriber(trx, subscriber.id)
      const now = parties.clock.now()
      const row = await readSecret(trx, subscriber.id)
      const tries = await readTries(trx, subscriber.id, 'secret')
      const state = row && { kind: row.kind, setAt: row.set_at, needsShopReset: row.needs_shop_reset }
      const by = parties.limits()
      const blocked = blockOfState(subscriber, 'pin', now, by) ?? blockOfSecret(state, tries, now, by)
      if (blocked !== null) return blocked
      if (row === null) throw new Error('invariant broken: an absent secret is blocked')
      const given = await hashSecret(parties.key, row.salt, normaliseSecret(row.kind, secret))
      if (!timingSafeEqual(given, row.hash)) return countWrongSecret(parties, trx, subscriber, row)
      await clearTries(trx, subscriber.id, 'secret')
      if (row.wrong_in_all > 0) await saveWrongInAll(trx, subscriber.id, 0, false)
      return { passed: true, factor: row.kind }
    },
  }
}

async function countWrongSecret(
  parties: SecretParties,
  trx: Trx,
  subscriber: Subscriber,
  row: SecretRow,
): Promise<Refusal> {
  const now = parties.clock.now()
  const { secretWrong, secretWrongInAll, secretLock } = parties.limits()
  const tries = countWrong(await readTries(trx, subscriber.id, 'secret'), secretWrong, now, secretLock)
  const wrongInAll = row.wrong_in_all + 1
  const closes = wrongInAll >= secretWrongInAll
  await saveTries(trx, subscriber.id, 'secret', tries)
  await saveWrongInAll(trx, subscriber.id, wrongInAll, closes)
  if (!closes && tries.lockedUntil === null) return refusals.secretWrong()
  const entry = await parties.ledger.append(trx, {
    kind: 'method-locked',
    header: null,
    subject: subscriber.subject,
    body: { method: 'secret', until: closes ? null : tries.lockedUntil },
  })
  await parties.notices.notifyOfChange(trx, subscriber, {
    text: (closes ? secretClosedText : secretLockedText)(parties.page),
    purpose: 'method-locked',
    ref: entry,
  })
  return closes ? refusals.secretNeedsShop() : refusals.secretLocked()
}

function normaliseSecret(kind: SecretKind, secret: string): string {
  return kind === 'pin' ? latinDigits(secret) : secret.normalize('NFKC').trim().replaceAll(/\s+/g, ' ')
}

/** N = 4096: about 10 ms, because ten tries in all and a key outside the database already stand in the way. */
function hashSecret(key: Buffer, salt: Buffer, plain: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(plain, salt, 32, { N: 4096, r: 8, p: 1 }, (error, slow) =>
      error === null ? resolve(createHmac('sha256', key).update(slow).digest()) : reject(error),
    )
  })
}
