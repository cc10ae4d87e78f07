import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { invariant } from './coded-error.ts'
import type { Db, Trx } from './database.ts'
import { describeError } from './http/problem.ts'
import type { Log } from './log.ts'

/**
 * What is told to every server of one database at once. Payloads carry ids only, never a number, a name or a
 * code:
 *
 * - `session-ended` `{staffId}` or `{sessionId}`: signed out, frozen or dismissed
 * - `grant-ended` `{grantId, contactId, staffId, reason}`
 * - `contact-changed` `{contactId, staffId}`
 * - `call-event` `{desk, callId}`
 * - `notice` `{staffId, kind, id}`: something waits on this person
 * - `representation-ended` `{representation}`: somebody's right to speak for a customer
 * - `ledger-head` `{size}`
 */
export type Channel =
  | 'session-ended'
  | 'grant-ended'
  | 'contact-changed'
  | 'call-event'
  | 'notice'
  | 'representation-ended'
  | 'ledger-head'

/** Ids and counts; together under 7,500 bytes (PostgreSQL's limit on a notification is 8,000). */
export type Payload = Readonly<Record<string, string | number>>

export interface Notifications {
  /**
   * Tells everybody when `trx` commits, and nobody when it rolls back.
   * NOTIFY serialises commits across the database, so the hot path of a look publishes nothing.
   */
  publish(trx: Trx | Db, channel: Channel, payload: Payload): Promise<void>
  /**
   * Calls `listener` for every notification on `channel`, from this server or another.
   * @param resync called after the listening connection was lost and is back: notifications may have been
   *   missed, so whoever keeps state by them reads it anew.
   * @returns stops listening.
   */
  subscribe(channel: Channel, listener: (payload: Payload) => void, resync?: () => void): () => void
  /** Resolves once the listening connection stands: what is published after that is not missed. */
  ready(): Promise<void>
  /**
   * Until when nothing has been missed, as `performance.now()`: whatever was committed before has been told. This server
   * sends itself a notification five times a second while it is asked, and they come in the order of their commits; it is
   * when the newest that came back was sent. -Infinity while none has.
   */
  heardUntil(): number
  close(): Promise<void>
}

/** PostgreSQL's channel; ours go inside the payload, so that one connection listens to all. */
const PG_CHANNEL = 'countersign'
const MOST_BYTES = 7_500
const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 5_000
const PING = 'ping '
const PING_EVERY_MS = 200
/** Nobody who stopped asking keeps the database awake. */
const ASKED_FOR_MS = 5_000

interface Subscriber {
  readonly channel: Channel
  readonly listener: (payload: Payload) => void
  readonly resync: (() => void) | undefined
}

/**
 * Notifications over PostgreSQL's LISTEN and NOTIFY, on one connection of its own to `url`. When that connection
 * is lost it is opened anew, with a growing wait, and every subscriber is told to read its state again.
 */
export function createNotifications(options: { url: string; log: Log }): Notifications {
  const subscribers = new Set<Subscriber>()
  const deliver = (text: string): void => {
    const { channel, payload } = JSON.parse(text) as { channel: Channel; payload: Payload }
    for (const subscriber of subscribers) if (subscriber.channel === channel) subscriber.listener(payload)
  }
  const connection = keepListening(options, deliver, () => {
    for (const subscriber of subscribers) subscriber.resync?.()
  })
  return {
    publish: async (trx, channel, payload) => {
      const text = JSON.stringify({ channel, payload })
      invariant(Buffer.byteLength(text) <= MOST_BYTES, `a notification on ${channel} is small`)
      await sql`SELECT pg_notify(${PG_CHANNEL}, ${text})`.execute(trx)
    },
    subscribe: (channel, listener, resync) => {
      const subscriber = { channel, listener, resync }
      subscribers.add(subscriber)
      return () => subscribers.delete(subscriber)
    },
    ready: () => connection.ready,
    heardUntil: connection.heardUntil,
    close: connection.close,
  }
}

function keepListening(
  options: { url: string; log: Log },
  deliver: (text: string) => void,
  resync: () => void,
): { ready: Promise<void>; heardUntil(): number; close(): Promise<void> } {
  const { promise: ready, resolve: becameReady } = Promise.withResolvers<void>()
  let client: pg.Client | null = null
  let closed = false
  let stoodOnce = false
  let waitMs = FIRST_WAIT_MS
  let timer: NodeJS.Timeout | undefined
  const pings = createPings(() => client)

  async function open(): Promise<void> {
    const opening = new pg.Client({
      connectionString: options.url,
      application_name: 'countersign listener',
      keepAlive: true,
    })
    client = opening
    opening.on('notification', ({ payload = '' }) => {
      if (payload.startsWith(PING)) pings.cameBack(payload)
      else deliver(payload)
    })
    opening.on('error', () => {})
    opening.once('end', () => {
      if (client === opening) reopenLater()
    })
    try {
      await opening.connect()
      // Pings are not worth a flush.
      await opening.query(`SET synchronous_commit = off; LISTEN ${PG_CHANNEL}`)
    } catch (error) {
      if (!closed) options.log.warn(describeError(error), 'notifications cannot listen')
      opening.end().catch(() => {})
      if (client === opening) reopenLater()
      return
    }
    waitMs = FIRST_WAIT_MS
    becameReady()
    if (stoodOnce) resync()
    stoodOnce = true
  }

  function reopenLater(): void {
    client = null
    pings.forget()
    if (closed) return
    timer = setTimeout(open, waitMs)
    timer.unref()
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }

  void open()
  return {
    ready,
    heardUntil: pings.heardUntil,
    close: async () => {
      closed = true
      clearTimeout(timer)
      pings.stop()
      const ending = client
      client = null
      await ending?.end().catch(() => {})
    },
  }
}

/** Notifications that this server sends itself, to know how far it has heard. */
function createPings(connection: () => pg.Client | null) {
  const own = `${PING}${randomBytes(8).toString('hex')} `
  let heard = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const forget = () => {
    heard = Number.NEGATIVE_INFINITY
  }
  const stop = () => {
    clearInterval(timer)
    timer = undefined
    forget()
  }
  const send = () => {
    const now = performance.now()
    if (now - askedAt > ASKED_FOR_MS) return stop()
    connection()
      ?.query('SELECT pg_notify($1, $2)', [PG_CHANNEL, `${own}${now}`])
      .catch(() => {})
  }
  return {
    forget,
    stop,
    /** Of another server's, and of one that was sent before the connection was lost, nothing follows. */
    cameBack(payload: string): void {
      if (timer !== undefined && payload.startsWith(own))
        heard = Math.max(heard, Number(payload.slice(own.length)))
    },
    heardUntil(): number {
      askedAt = performance.now()
      if (timer === undefined) {
        timer = setInterval(send, PING_EVERY_MS)
        timer.unref()
        send()
      }
      return heard
    },
  }
}
