import type { Clock, RandomBytes } from '../clock.ts'
import { CodedError, invariant } from '../coded-error.ts'
import type { SmscConfig } from '../config.ts'
import type { Db } from '../database.ts'
import { describeError } from '../http/problem.ts'
import type { Jobs } from '../jobs.ts'
import type { Log } from '../log.ts'
import type { Sealer } from '../sealer.ts'
import { segmentText } from './segments.ts'
import type { SmsSender } from './sender.ts'
import { keepSmppLink, type SmppLink, type SmsFault } from './smpp-session.ts'
import {
  addToOutbox,
  claimText,
  deleteOldTexts,
  finishText,
  forgottenTexts,
  type OutboxRow,
  partsTaken,
  recordPart,
  recordReceipt,
  releaseText,
} from './store.ts'

export interface SmsRoom {
  readonly sender: SmsSender
  /** Whether the SMSC has us bound now. */
  isBound(): boolean
  close(): Promise<void>
}

export interface SmsRoomOptions {
  readonly db: Db
  readonly jobs: Jobs
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly smsc: SmscConfig
  /** Wait before the second attempt, doubled each time up to a minute; default 1,000. */
  readonly firstRetryMs?: number
}

const LONGEST_TEXT = 1_000
const LIFE_MS = 24 * 3_600_000
const CLAIM_MS = 120_000
const LONGEST_RETRY_MS = 60_000
const KEPT_MS = 30 * 24 * 3_600_000

/**
 * Sends texts over SMPP from a sealed outbox.
 *
 * A text leaves at least once and, short of one gap, once. Its row is written in the caller's transaction; one
 * worker at a time claims it; each part that the SMSC takes is noted before the next is sent, so an attempt after
 * throttling or a crash goes on where the last one stopped. The gap: SMPP has no way to ask whether a submit
 * whose answer was lost was taken. Such a part is sent again under the same `user_message_reference` and the
 * same concatenation header, by which an SMSC (ours in the demo does) and the phone know it.
 *
 * Call before `jobs.start`.
 */
export function createSmsRoom(options: SmsRoomOptions): SmsRoom {
  const { db, jobs, sealer, clock, random, log } = options
  const link = keepSmppLink({
    smsc: options.smsc,
    log,
    onReceipt: (receipt) => {
      recordReceipt(db, receipt.messageId, receipt.state).catch((error: unknown) =>
        log.warn(describeError(error), 'a delivery receipt was not kept'),
      )
    },
  })
  jobs.handle('sms-send', (payload) => sendOne(options, link, Number(payload.id)))
  jobs.every('sms-sweep', '* * * * *', async () => {
    const now = clock.now()
    for (const id of await forgottenTexts(db, now - CLAIM_MS)) await jobs.enqueue(db, 'sms-send', { id })
    await deleteOldTexts(db, now - KEPT_MS)
  })
  const sender: SmsSender = {
    send: async (trx, message) => {
      invariant(/^\+[1-9]\d{6,14}$/.test(message.to), 'a text goes to an E.164 number')
      invariant(message.text.length <= LONGEST_TEXT, `a text has at most ${LONGEST_TEXT} characters`)
      const createdAt = clock.now()
      const plain = Buffer.from(JSON.stringify({ to: message.to, text: message.text }))
      const id = await addToOutbox(trx, {
        purpose: message.purpose,
        ref: message.ref,
        language: message.language,
        sealed: sealer.seal('sms-outbox', contextOf(message), plain),
        messageReference: Buffer.from(random(2)).readUInt16BE(0),
        createdAt,
        expiresAt: message.expiresAt ?? createdAt + LIFE_MS,
      })
      if (id !== null) await jobs.enqueue(trx, 'sms-send', { id })
    },
  }
  return { sender, isBound: () => link.bound, close: link.close }
}

/** Binds the sealed text to its row: moved to another, it does not open. */
function contextOf(row: { purpose: string; ref: string }): string {
  return `platform.sms_outbox ${row.purpose} ${row.ref}`
}

async function sendOne(options: SmsRoomOptions, link: SmppLink, id: number): Promise<void> {
  const { db, clock } = options
  const now = clock.now()
  const row = await claimText(db, id, now, now + CLAIM_MS)
  if (row === null) return
  if (row.expires_at <= now) return finishText(db, id, 'expired')
  try {
    await submitParts(options, link, row)
    await finishText(db, id, 'sent')
  } catch (error) {
    if (!isFault(error)) throw error
    if (error.code === 'smsc-refused') {
      options.log.warn({ id, purpose: row.purpose, error: error.message }, 'a text was refused for good')
      return finishText(db, id, 'failed')
    }
    await tryLater(options, row)
  }
}

async function submitParts(options: SmsRoomOptions, link: SmppLink, row: OutboxRow): Promise<void> {
  const plain = options.sealer.open('sms-outbox', contextOf(row), row.sealed)
  const { to, text } = JSON.parse(plain.toString('utf8')) as { to: string; text: string }
  const taken = await partsTaken(options.db, row.id)
  for (const [part, segment] of segmentText(text, row.message_reference).entries()) {
    if (taken.has(part)) continue
    const messageId = await link.submit(to, segment, row.message_reference)
    await recordPart(options.db, row.id, part, messageId)
  }
}

async function tryLater(
  { db, jobs, clock, firstRetryMs = 1_000 }: SmsRoomOptions,
  row: OutboxRow,
): Promise<void> {
  const waitMs = Math.min(firstRetryMs * 2 ** Math.min(row.attempts - 1, 20), LONGEST_RETRY_MS)
  const nextTryAt = clock.now() + waitMs
  await db.transaction().execute(async (trx) => {
    await releaseText(trx, row.id, nextTryAt)
    await jobs.enqueue(trx, 'sms-send', { id: row.id }, { runAt: nextTryAt })
  })
}

function isFault(error: unknown): error is CodedError<SmsFault> {
  return (
    error instanceof CodedError && ['smsc-unreachable', 'smsc-throttled', 'smsc-refused'].includes(error.code)
  )
}
