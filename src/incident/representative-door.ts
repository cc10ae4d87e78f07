import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { drawCode, latinDigits } from '../customers/codes.ts'
import { limits } from '../customers/rules.ts'
import { sessionTimes } from '../customers/sessions.ts'
import { commitWith } from '../ledger/commit.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Trx } from '../platform/database.ts'
import type { RepresentativeGuard } from '../platform/http/access.ts'
import { readSessionCookie } from '../platform/http/cookies.ts'
import { isMarked, markOf } from '../platform/mark.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import { type OutsideParties, outsider } from './casework.ts'
import {
  countRepresentativeTries,
  deleteRepresentativeSession,
  forgetRepresentativeSessions,
  insertRepresentativeSession,
  insertRepresentativeSignIn,
  lockRepresentativeSignIn,
  type RepresentationRow,
  type RepresentativeSessionRow,
  readByLink,
  readRepresentation,
  readRepresentativeSession,
  readUnended,
  saveRepresentation,
  saveRepresentativeSignIn,
  touchRepresentativeSession,
} from './people-store.ts'
import { speaksForHer } from './representative-rules.ts'
import {
  type ContactOfRecord,
  hashContact,
  hashToken,
  languageOf,
  openRepresentative,
  parseContact,
  record,
  standingOf,
} from './representatives.ts'

/** Somebody who speaks for a customer, signed in: with what they may open at this instant, and nothing else. */
export interface RepresentativeSession {
  readonly id: string
  readonly representations: readonly RepresentationRow[]
}

/** How a representative comes in: a link once, and a code to the contact that an officer registered. */
export interface RepresentativeDoor {
  readonly guard: RepresentativeGuard
  /** Begins with an enrolment link; every link that does not work is refused in the same words. */
  startWithLink(link: string): Promise<string | Refusal>
  /** Begins for any contact; what comes back, and how soon, is the same whether it is registered or not. */
  start(contact: ContactOfRecord): Promise<string | Refusal>
  /** Ends a sign-in with its code. One refusal for every reason: `code-wrong`. */
  finish(signIn: string, code: string): Promise<{ token: string } | Refusal>
  end(session: RepresentativeSession): Promise<void>
  /**
   * Calls `ended` when one of this session's representations ends, on whichever server, and `missed` when that may have
   * been missed. Gives what stops it.
   */
  watch(session: RepresentativeSession, ended: () => void, missed: () => void): () => void
}

const CODE_TASK = 'incident-representative-code'
const CODE_KEY = 'representative-code'
const HOUR_MS = 3_600_000
/** A contact gets so many codes an hour, and may give so many wrong ones. */
const SENDS = 5
const WRONG = 9

/** The representative of a request that passed the guard; a bug if the route has no such rule. */
export function representativeOf(request: FastifyRequest): RepresentativeSession {
  invariant(request.representative, 'a representative’s route runs only behind their guard')
  return request.representative as RepresentativeSession
}

/**
 * Opens the door of `/representative`; registers its jobs, so call it before they start.
 *
 * Why an end counts at once: a session names nothing but a contact. What it opens is read from the representations at
 * every request, by the clock of that request, so that nothing has to be revoked anywhere else.
 */
export function createRepresentativeDoor(parties: OutsideParties): RepresentativeDoor {
  const { db, clock, jobs } = parties
  jobs.handle(CODE_TASK, ({ signIn }) => sendCode(parties, String(signIn)))
  jobs.every('incident-forget-representatives', '41 3 * * *', () =>
    forgetRepresentativeSessions(db, clock.now() - sessionTimes.longest),
  )
  return {
    async guard(request, reply) {
      const session = await sessionOf(parties, readSessionCookie(request, 'representative'))
      if (session === null) {
        if (request.method !== 'GET') return refuse('not-signed-in', 'You are not signed in.', 'Sign in.')
        reply.redirect('/representative/sign-in', 303)
        return null
      }
      if (session.representations.length === 0)
        return refuse(
          'representation-ended',
          'Your right to speak for this customer has ended.',
          'Ask her, or the officer of the case.',
        )
      request.representative = session
      return null
    },
    async startWithLink(link) {
      const row = await readByLink(db, hashToken(link))
      const now = clock.now()
      const works = row?.link_until != null && now < row.link_until && speaksForHer(standingOf(row), now)
      if (row === null || !works)
        return refuse(
          'link-spent',
          'This link does not work any more.',
          'Ask the officer of the case for a new one.',
        )
      return begin(parties, row.contact_hash, row.id)
    },
    async start(given) {
      const contact = parseContact(parties, given)
      return isRefusal(contact) ? contact : begin(parties, hashContact(parties, contact), null)
    },
    finish: (signIn, code) => finish(parties, signIn, code),
    end: (session) => deleteRepresentativeSession(db, session.id),
    watch: ({ representations }, ended, missed) =>
      parties.notifications.subscribe(
        'representation-ended',
        ({ representation }) => {
          if (representations.some(({ id }) => id === representation)) ended()
        },
        missed,
      ),
  }
}

async function begin(
  { db, clock, random, jobs }: OutsideParties,
  contactHash: Buffer,
  representation: string | null,
): Promise<string> {
  const id = Buffer.from(random(24)).toString('base64url')
  await db.transaction().execute(async (trx) => {
    await insertRepresentativeSignIn(trx, {
      ...{ id, contact_hash: contactHash, representation, code_hash: null, wrong: 0, done: false },
      expires_at: clock.now() + limits.codeLives,
    })
    await jobs.enqueue(trx, CODE_TASK, { signIn: id }, { maxAttempts: 3 })
  })
  return id
}

/** Draws the code and sends it, if there is somebody to send it to; tells nobody when there is not. */
async function sendCode(parties: OutsideParties, signIn: string): Promise<void> {
  const { db, clock, random, texts, mailer, operatorWords } = parties
  const mail = await db.transaction().execute(async (trx) => {
    const row = await lockRepresentativeSignIn(trx, signIn)
    const now = clock.now()
    if (row === null || row.done || row.expires_at <= now) return null
    const to = await speaking(parties, trx, row)
    if (to === null || (await tooMany(trx, row.contact_hash, now))) return null
    const code = drawCode(random)
    await saveRepresentativeSignIn(trx, signIn, { code_hash: hashCode(parties, signIn, code) })
    const { contact } = openRepresentative(parties, to)
    const language = await languageOf(parties, trx, to)
    const text = codeText(code, operatorWords)[language]
    if (contact.kind === 'email') return { to: contact.to, subject: operatorWords[language], text }
    await texts.send(trx, {
      ...{ to: contact.to, text, purpose: 'representative-code', ref: `representative-${signIn}` },
      ...{ language, expiresAt: row.expires_at },
    })
    return null
  })
  // After the commit, or a code could arrive that does not work.
  if (mail !== null) await mailer?.send(mail)
}

/** Within two parts of a text in either language, as all codes. */
function codeText(code: string, operator: Words): Words {
  return {
    en: `${code} is your ${operator.en} code. It opens the matter in which you speak for a customer. Type it in yourself; we never ask for it.`,
    my: `${code} ကုဒ်။ သင်ကိုယ်စားပြုသော ကိစ္စကို ဖွင့်မည်။ မိမိကိုယ်တိုင်သာ ရိုက်ပါ။`,
  }
}

async function tooMany(trx: Trx, contactHash: Buffer, now: number): Promise<boolean> {
  const { sent, wrong } = await countRepresentativeTries(trx, contactHash, now - HOUR_MS)
  return sent >= SENDS || wrong >= WRONG
}

/** For whom a code is sent: with a link, whoever it enrols; else somebody enrolled whose right has not ended. */
async function speaking(
  { clock }: OutsideParties,
  trx: Trx,
  { representation, contact_hash }: { representation: string | null; contact_hash: Buffer },
): Promise<RepresentationRow | null> {
  const now = clock.now()
  if (representation !== null) {
    const row = await readRepresentation(trx, representation)
    return row?.link_hash != null && speaksForHer(standingOf(row), now) ? row : null
  }
  const rows = await readUnended(trx, contact_hash)
  return rows.find((row) => row.enrolled_at !== null && speaksForHer(standingOf(row), now)) ?? null
}

async function finish(
  parties: OutsideParties,
  signIn: string,
  code: string,
): Promise<{ token: string } | Refusal> {
  const { db, ledger, clock, random } = parties
  return commitWith<{ token: string } | Refusal>(db, ledger, async (trx, append) => {
    const row = await lockRepresentativeSignIn(trx, signIn)
    const now = clock.now()
    if (row === null || row.done || row.expires_at <= now || row.wrong >= limits.codeWrong) return codeWrong()
    const given = hashCode(parties, signIn, latinDigits(code))
    // Where no code was sent, the same comparison runs, and fails.
    const right = timingSafeEqual(given, row.code_hash ?? Buffer.alloc(given.length))
    const standing = await speaking(parties, trx, row)
    if (!right || standing === null) {
      await saveRepresentativeSignIn(trx, signIn, { wrong: row.wrong + 1 })
      return codeWrong()
    }
    await saveRepresentativeSignIn(trx, signIn, { done: true })
    if (row.representation !== null)
      await saveRepresentation(trx, standing.id, { enrolled_at: now, link_hash: null, link_until: null })
    const who = outsider('representative', { representation: standing.id })
    const act = row.representation === null ? 'representative-signed-in' : 'representative-enrolled'
    await record(parties, trx, append, standing, who, act, {})
    const token = Buffer.from(random(32)).toString('base64url')
    const session = {
      ...{ token_hash: hashToken(token), id: Buffer.from(random(16)).toString('hex') },
      ...{ contact_hash: row.contact_hash, started_at: now, seen_at: now },
    }
    await insertRepresentativeSession(trx, {
      ...session,
      mark: markOf(sessionKeyOf(parties), markedOf(session)),
    })
    return { token }
  })
}

async function sessionOf(
  parties: OutsideParties,
  token: string | null,
): Promise<RepresentativeSession | null> {
  if (token === null || token.length > 100) return null
  const row = await readRepresentativeSession(parties.db, hashToken(token))
  const now = parties.clock.now()
  const live =
    row !== null && now - row.seen_at < sessionTimes.idle && now - row.started_at < sessionTimes.longest
  if (row === null || !live || !isMarked(sessionKeyOf(parties), markedOf(row), row.mark)) return null
  if (now - row.seen_at > 60_000) await touchRepresentativeSession(parties.db, row.id, now)
  const rows = await readUnended(parties.db, row.contact_hash)
  const standing = rows.filter((one) => one.enrolled_at !== null && speaksForHer(standingOf(one), now))
  return { id: row.id, representations: standing }
}

function sessionKeyOf({ keys }: OutsideParties): Buffer {
  return Buffer.from(keys.prfKey('representative-session'))
}

/** What a session's mark vouches for: everything but when it was used last. */
function markedOf(row: Pick<RepresentativeSessionRow, 'id' | 'token_hash' | 'contact_hash' | 'started_at'>) {
  return [row.id, row.token_hash.toString('hex'), row.contact_hash.toString('hex'), row.started_at]
}

function hashCode({ keys }: OutsideParties, signIn: string, code: string): Buffer {
  return createHmac('sha256', keys.prfKey(CODE_KEY))
    .update(JSON.stringify([signIn, code]))
    .digest()
}

function codeWrong(): Refusal {
  return refuse(
    'code-wrong',
    'That code does not fit, or has run out.',
    'Read the newest message again, or start anew.',
  )
}
