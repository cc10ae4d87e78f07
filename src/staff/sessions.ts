import { createHash } from 'node:crypto'
import type { KeyService } from '../keys/key-service.ts'
import type { Append } from '../ledger/commit.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isMarked, markOf } from '../platform/mark.ts'
import type { Notifications, Payload } from '../platform/notifications.ts'
import {
  endSession,
  endSessionsAt,
  endSessionsOf,
  insertSession,
  readSessionFacts,
  type SessionFacts,
  type SignInWay,
  touchSession,
} from './session-store.ts'
import type { StaffFacts } from './staff.ts'

const IDLE_MS = 30 * 60_000
/** Sessions end after twelve hours whatever happens (NIST SP 800-63B-4, AAL2). */
export const SESSION_SECONDS = 12 * 3600
const TOUCH_EVERY_MS = 60_000
/** How old facts may be. With notifications a freeze bites at once; without any, within this. */
const FRESH_MS = 1_000
/** From this age on they are read anew beside their use, so that no request waits for it. */
const RENEW_MS = 750
const REMEMBERED = 20_000

export interface Sessions {
  /** Signs a person in, in `trx`, with its entry. @returns the token for the cookie: 32 random bytes, base64url. */
  start(
    trx: Trx,
    append: Append,
    who: { staffId: string; how: SignInWay; shop: string | null },
  ): Promise<{ token: string; sessionId: string }>
  /** Who holds this token, as of at most a second ago; null when the session has ended or never was. */
  facts(token: string): Promise<StaffFacts | null>
  /** A person who is signed in now, by the session used last; null when they are not. Read anew each time. */
  factsOf(staffId: string): Promise<StaffFacts | null>
  /** Signs one session out. */
  end(sessionId: string): Promise<void>
  /** Ends all sessions of a person when `trx` commits, everywhere. @returns how many there were. */
  endAllOf(trx: Trx, staffId: string): Promise<number>
  /** Ends all sessions on a shop's devices when `trx` commits. @returns how many there were. */
  endAllAt(trx: Trx, shop: string): Promise<number>
  /** Makes every server read the facts of a person anew (a role given, a shift approved...). */
  factsChanged(trx: Trx, staffId: string): Promise<void>
  /** How many sessions this server remembers. */
  remembered(): number
  close(): void
}

interface Remembered {
  reading: Promise<SessionFacts | null>
  readAt: number
  seenAt: number
  staffId: string | null
  sessionId: string | null
  facts: StaffFacts | null
  /** What is read to take its place. */
  next: Remembered | null
}

/**
 * Sessions by random tokens, of which the database has only the hash.
 *
 * Why a freeze bites within a second, whatever fails: what is remembered about a session is used for at most
 * a second by this server's own clock; then it is read again from the row that the freeze has changed. The
 * notification only makes it immediate. A lost notification, a lost listening connection or a second
 * server cannot make it longer. One query a second for each busy session is all that costs.
 *
 * Why a row alone lets nobody in: each carries a mark under a key that the database does not hold, over whose it is,
 * its token, its device and its end. Whoever writes a row, or makes another's their own, cannot make the mark.
 */
export function createSessions(parties: {
  db: Db
  clock: Clock
  random: RandomBytes
  notifications: Notifications
  keys: Pick<KeyService, 'prfKey'>
}): Sessions {
  const { db, clock, notifications } = parties
  const key = parties.keys.prfKey('staff/session')
  const read: ReadSession = async (of, now) => {
    const found = await readSessionFacts(db, of, { now, idleMs: IDLE_MS })
    return found !== null && isMarked(key, markedOf(found), found.mark) ? found : null
  }
  const memory = createMemory({ db, clock, read })
  const stopListening = memory.listen(notifications)
  return {
    start: (trx, append, who) => startSession({ ...parties, key }, trx, append, who),
    facts: (token) => memory.facts(token),
    async factsOf(staffId) {
      const found = await read({ staffId }, clock.now())
      return found === null ? null : factsOf(found)
    },
    async end(sessionId) {
      await db.transaction().execute(async (trx) => {
        if ((await endSession(trx, sessionId, clock.now())) !== null)
          await notifications.publish(trx, 'session-ended', { sessionId })
      })
      memory.forget((known) => known.sessionId === sessionId)
    },
    async endAllOf(trx, staffId) {
      const ended = await endSessionsOf(trx, staffId, clock.now())
      await notifications.publish(trx, 'session-ended', { staffId })
      return ended
    },
    async endAllAt(trx, shop) {
      const ended = await endSessionsAt(trx, shop, clock.now())
      for (const sessionId of ended) await notifications.publish(trx, 'session-ended', { sessionId })
      return ended.length
    },
    factsChanged: (trx, staffId) =>
      notifications.publish(trx, 'notice', { staffId, kind: FACTS_CHANGED, id: staffId }),
    remembered: () => memory.size(),
    close: stopListening,
  }
}

async function startSession(
  { clock, random, key }: { clock: Clock; random: RandomBytes; key: Buffer },
  trx: Trx,
  append: Append,
  { staffId, how, shop }: { staffId: string; how: SignInWay; shop: string | null },
): Promise<{ token: string; sessionId: string }> {
  const token = Buffer.from(random(32)).toString('base64url')
  const id = Buffer.from(random(16)).toString('hex')
  const now = clock.now()
  const session = {
    id,
    token_hash: hashOf(token),
    staff_id: staffId,
    shop,
    how,
    started_at: now,
    ends_at: now + SESSION_SECONDS * 1000,
  }
  await insertSession(trx, { ...session, seen_at: now, ended_at: null, mark: markOf(key, markedOf(session)) })
  await append({ kind: 'staff-signed-in', header: null, body: { session: id, how, shop }, actor: staffId })
  return { token, sessionId: id }
}

type Marked = Pick<SessionFacts, 'id' | 'token_hash' | 'staff_id' | 'shop' | 'how' | 'started_at' | 'ends_at'>

/** What a mark vouches for: everything but when it was used last and whether it has ended. */
function markedOf({ id, token_hash, staff_id, shop, how, started_at, ends_at }: Marked) {
  return [id, token_hash.toString('hex'), staff_id, shop, how, started_at, ends_at]
}

type ReadSession = (of: Buffer | { staffId: string }, now: number) => Promise<SessionFacts | null>

interface Memory {
  facts(token: string): Promise<StaffFacts | null>
  forget(matches: (known: Remembered) => boolean): void
  /** Forgets what notifications say has changed. @returns stops listening. */
  listen(notifications: Notifications): () => void
  size(): number
}

function createMemory({ db, clock, read }: { db: Db; clock: Clock; read: ReadSession }): Memory {
  const remembered = new Map<string, Remembered>()
  const forget = (matches: (known: Remembered) => boolean): void => {
    for (const [key, known] of remembered) if (matches(known)) remembered.delete(key)
  }
  const remember = (token: string, before: Remembered | undefined, now: number): Remembered => {
    const next = readAnew(read, token, before, now)
    next.reading.catch(() => remembered.delete(token))
    remembered.delete(token)
    if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value as string)
    remembered.set(token, next)
    return next
  }
  /** Reads beside the use of `known`, and takes its place unless that was forgotten meanwhile. */
  const renew = (token: string, known: Remembered, now: number): void => {
    const next = readAnew(read, token, known, now)
    known.next = next
    next.reading.then(
      () => {
        if (remembered.get(token) === known) remembered.set(token, next)
      },
      () => {
        known.next = null
      },
    )
  }
  const isFresh = ({ readAt }: Remembered, now: number) => now - readAt < FRESH_MS && now >= readAt
  return {
    forget,
    size: () => remembered.size,
    async facts(token) {
      const now = clock.now()
      let known = remembered.get(token)
      if (known?.next != null && !isFresh(known, now)) known = known.next
      if (known === undefined || !isFresh(known, now)) known = remember(token, known, now)
      else if (now - known.readAt >= RENEW_MS && known.next === null) renew(token, known, now)
      const found = await known.reading
      if (found === null) {
        if (remembered.get(token) === known) remembered.delete(token)
        return null
      }
      if (now - known.seenAt >= TOUCH_EVERY_MS) {
        known.seenAt = now
        await touchSession(db, found.id, now)
      }
      known.facts ??= factsOf(found)
      return known.facts
    },
    listen(notifications) {
      const forgetStaff = (staffId: unknown): void =>
        forget((known) => known.staffId === staffId || known.staffId === null)
      const onEnded = ({ staffId, sessionId }: Payload): void => {
        if (staffId !== undefined) forgetStaff(staffId)
        else forget((known) => known.sessionId === sessionId || known.sessionId === null)
      }
      const stops = [
        notifications.subscribe('session-ended', onEnded, () => remembered.clear()),
        notifications.subscribe('notice', ({ kind, staffId }) => {
          if (kind === FACTS_CHANGED) forgetStaff(staffId)
        }),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

function readAnew(read: ReadSession, token: string, before: Remembered | undefined, now: number): Remembered {
  const next: Remembered = {
    reading: read(hashOf(token), now),
    readAt: now,
    seenAt: before?.seenAt ?? 0,
    staffId: before?.staffId ?? null,
    sessionId: before?.sessionId ?? null,
    facts: null,
    next: null,
  }
  next.reading.then(
    (row) => {
      next.staffId = row?.staff_id ?? null
      next.sessionId = row?.id ?? null
      next.seenAt = Math.max(next.seenAt, row?.seen_at ?? 0)
    },
    () => {},
  )
  return next
}

/** `kind` of the notice that says: what is known about this person changed. */
export const FACTS_CHANGED = 'staff-facts'

function factsOf(row: SessionFacts): StaffFacts {
  return {
    id: row.staff_id,
    deskName: row.desk_name,
    name: row.name,
    roles: row.roles,
    office: row.office,
    team: row.team,
    status: row.status,
    onShift: row.on_shift,
    conductSigned: row.conduct_signed,
    trained: row.trained,
    sessionId: row.id,
    device: { shop: row.shop },
  }
}

/** SHA-256: a token has 256 random bits, so it needs no salt and no slow hash. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
