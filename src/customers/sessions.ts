import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { E164 } from '../calls/call-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { CustomerGuard, CustomerRule } from '../platform/http/access.ts'
import { readSessionCookie } from '../platform/http/cookies.ts'
import type { Jobs } from '../platform/jobs.ts'
import { isMarked, markOf } from '../platform/mark.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import { PSEUDONYM_KEY, type Subject, subjectOf } from '../vault/subject.ts'
import type { Customers, Subscriber } from './customers.ts'
import { isSimFresh, limits } from './rules.ts'
import {
  deleteSession,
  forgetOldSessions,
  insertSession,
  insertSignIn,
  lockSignIn,
  readSession,
  type SessionRow,
  saveSession,
  saveSignIn,
} from './session-store.ts'

/** Who is signed in to her own page. */
export interface CustomerSession {
  readonly id: string
  readonly subscriber: Subscriber
  /** `code`: the phone is here; `person`: and it is her. */
  readonly rung: 'code' | 'person'
}

/** Signing in to the customer's own page. */
export interface CustomerSessions {
  readonly guard: CustomerGuard
  /** Begins a sign-in for any number; what comes back, and how soon, is the same whether it is ours or not. */
  start(number: E164): Promise<string>
  /** Ends a sign-in with its code. One refusal for every reason: `code-wrong`. */
  finish(signIn: string, code: string): Promise<{ token: string; subscriber: Subscriber } | Refusal>
  /** Steps up with PIN or passphrase, for 15 minutes; the SIM has been unchanged for 7 days. */
  stepUp(session: CustomerSession, secret: string): Promise<Refusal | null>
  end(session: CustomerSession): Promise<void>
}

export interface SessionParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly keys: Pick<KeyService, 'prfKey'>
  readonly clock: Clock
  readonly random: RandomBytes
  readonly jobs: Jobs
  readonly customers: Customers
}

/** Milliseconds. */
export const sessionTimes = {
  signIn: 10 * 60_000,
  idle: 30 * 60_000,
  longest: 12 * 3_600_000,
  person: 15 * 60_000,
} as const

const SEND_TASK = 'customers-sign-in-code'
const SIGN_IN_ALLOWS: Words = {
  en: 'shows who looked at your calls',
  my: 'သင့်ခေါ်ဆိုမှုများကို ကြည့်သူများကို ပြမည်',
}

/** The signed-in customer of a request that passed the customer guard; a bug if the route has no customer rule. */
export function customerOf(request: FastifyRequest): CustomerSession {
  invariant(request.customer, 'a customer route runs only behind the customer guard')
  return request.customer as CustomerSession
}

/**
 * Opens the door of `/my`; registers its job, so call it before `jobs.start`.
 *
 * Why nobody learns whether a number is ours: `start` writes one row and one job for any number, and the text is sent
 * by the job; `finish` runs the same check for a subscriber who is not there; all refusals read the same.
 */
export function createCustomerSessions(parties: SessionParties): CustomerSessions {
  const { db, clock, random, jobs, customers, ledger } = parties
  const pseudonymKey = parties.keys.prfKey(PSEUDONYM_KEY)
  jobs.handle(SEND_TASK, ({ signIn }) => sendSignInCode(parties, String(signIn)))
  jobs.every('customers-forget-sessions', '27 3 * * *', () =>
    forgetOldSessions(db, clock.now() - sessionTimes.longest),
  )
  return {
    guard: (request, rule, reply) => guard(parties, request, rule, reply),
    async start(number) {
      const id = Buffer.from(random(24)).toString('base64url')
      const now = clock.now()
      await db.transaction().execute(async (trx) => {
        await insertSignIn(trx, {
          id,
          subject: subjectOf(pseudonymKey, number),
          started_at: now,
          expires_at: now + sessionTimes.signIn,
          wrong: 0,
          done: false,
        })
        await jobs.enqueue(trx, SEND_TASK, { signIn: id }, { maxAttempts: 3 })
      })
      return id
    },
    async finish(signIn, code) {
      const outcome = await db.transaction().execute((trx) => finish(parties, trx, signIn, code))
      await ledger.sequence()
      return outcome
    },
    async stepUp(session, secret) {
      const { subscriber } = session
      if (isSimFresh(subscriber, clock.now())) return simTooFresh()
      const outcome = await db.transaction().execute(async (trx) => {
        const checked = await customers.checkSecret(trx, subscriber, secret)
        if (isRefusal(checked)) return checked
        const until = clock.now() + sessionTimes.person
        const mark = markOf(keyOf(parties), [session.id, until])
        await saveSession(trx, session.id, { person_until: until, person_mark: mark })
        return null
      })
      await ledger.sequence()
      return outcome
    },
    end: (session) => deleteSession(db, session.id),
  }
}

async function guard(
  parties: SessionParties,
  request: FastifyRequest,
  rule: CustomerRule,
  reply: FastifyReply,
): Promise<Refusal | null> {
  const session = await sessionOf(parties, readSessionCookie(request, 'customer'))
  const page = request.method === 'GET'
  if (session === null) {
    if (page) reply.redirect('/my/sign-in', 303)
    return page ? null : refuse('not-signed-in', 'You are not signed in.', 'Sign in with a code by text.')
  }
  request.customer = session
  if (rule.rung === 'person' && session.rung !== 'person') {
    if (page) reply.redirect(`/my/prove?to=${request.routeOptions.url?.split('/')[2] ?? ''}`, 303)
    return page
      ? null
      : refuse('person-needed', 'This asks for your PIN or passphrase.', 'Give it, then try again.')
  }
  return null
}

async function sessionOf(parties: SessionParties, token: string | null): Promise<CustomerSession | null> {
  if (token === null || token.length > 100) return null
  const row = await readSession(parties.db, hashToken(token))
  const now = parties.clock.now()
  if (row === null || !isLive(row, now) || !isMarked(keyOf(parties), markedOf(row), row.mark)) return null
  const subscriber = await parties.customers.byId(parties.db, row.subscriber_id)
  if (subscriber === null || subscriber.tenureUntil !== null) return null
  if (now - row.seen_at > 60_000) await saveSession(parties.db, row.id, { seen_at: now })
  const person =
    row.person_until !== null &&
    row.person_until > now &&
    isMarked(keyOf(parties), [row.id, row.person_until], row.person_mark) &&
    !isSimFresh(subscriber, now) &&
    !subscriber.protection.shopOnly
  return { id: row.id, subscriber, rung: person ? 'person' : 'code' }
}

/** A row lets nobody in by itself: whoever writes one into the database cannot make its mark. */
function keyOf({ keys }: SessionParties): Buffer {
  return keys.prfKey('customers/session')
}

function markedOf(row: Pick<SessionRow, 'id' | 'token_hash' | 'subscriber_id' | 'started_at'>) {
  return [row.id, row.token_hash.toString('hex'), row.subscriber_id, row.started_at]
}

function isLive(row: SessionRow, now: number): boolean {
  return now - row.seen_at < sessionTimes.idle && now - row.started_at < sessionTimes.longest
}

async function sendSignInCode(parties: SessionParties, signIn: string): Promise<void> {
  const { db, customers } = parties
  await db.transaction().execute(async (trx) => {
    const row = await lockSignIn(trx, signIn)
    if (row === null || row.done || row.expires_at <= parties.clock.now()) return
    const subscriber = await customers.bySubject(trx, row.subject as Subject)
    if (subscriber === null) return
    // A refusal (locked, too often, fresh SIM) is told to nobody: the page says the same as when a text is sent.
    await customers.sendCode(trx, subscriber, {
      purpose: 'sign-in',
      bindTo: signIn,
      countWith: 'my',
      allows: SIGN_IN_ALLOWS,
      ownPage: true,
    })
  })
}

async function finish(
  parties: SessionParties,
  trx: Trx,
  signIn: string,
  code: string,
): Promise<{ token: string; subscriber: Subscriber } | Refusal> {
  const { customers, clock, random } = parties
  const row = await lockSignIn(trx, signIn)
  const now = clock.now()
  if (row === null || row.done || row.expires_at <= now || row.wrong >= limits.codeWrong) return notSignedIn()
  const subscriber = await customers.bySubject(trx, row.subject as Subject)
  const checked = await customers.checkCode(trx, subscriber ?? NOBODY, {
    purpose: 'sign-in',
    bindTo: signIn,
    code,
  })
  if (isRefusal(checked) || subscriber === null) {
    await saveSignIn(trx, signIn, { wrong: row.wrong + 1 })
    return notSignedIn()
  }
  await saveSignIn(trx, signIn, { done: true })
  const token = Buffer.from(random(32)).toString('base64url')
  const session = {
    token_hash: hashToken(token),
    id: Buffer.from(random(16)).toString('hex'),
    subscriber_id: subscriber.id,
    started_at: now,
  }
  const mark = markOf(keyOf(parties), markedOf(session))
  await insertSession(trx, { ...session, seen_at: now, person_until: null, mark, person_mark: null })
  return { token, subscriber }
}

/** Stands in for a subscriber that does not exist, so that the same check runs. No row has this id. */
const NOBODY = {
  id: 'nobody',
  simChangedAt: null,
  forwarded: false,
  recycledAt: null,
  secondNumber: null,
  protection: { shopOnly: false, safeMode: 'off' },
} as unknown as Subscriber

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function notSignedIn(): Refusal {
  return refuse(
    'code-wrong',
    'That code does not fit, or has run out.',
    'Read the newest text again, or start anew.',
  )
}

function simTooFresh(): Refusal {
  return refuse(
    'sim-changed-lately',
    'Your SIM was changed less than 7 days ago.',
    'Wait until it is 7 days old, or come to a shop with photo ID.',
  )
}
