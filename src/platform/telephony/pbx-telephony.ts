import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { CodedError } from '../coded-error.ts'
import type { TelephonyConfig } from '../config.ts'
import type { Db, Trx } from '../database.ts'
import type { App } from '../http/app.ts'
import type { Jobs } from '../jobs.ts'
import type { Log } from '../log.ts'
import type { Notifications } from '../notifications.ts'
import type { Sealer } from '../sealer.ts'
import { post, TelephonyEvent } from './protocol.ts'
import {
  addCallBack,
  type CallRow,
  callAtDesk,
  callBackOf,
  callById,
  callOfNumber,
  finishCallBack,
  forgetOldCalls,
  markAnswered,
  markEnded,
  upsertCall,
} from './store.ts'
import type { CallBackOutcome, KeyedDigits, LiveCall, Telephony } from './telephony.ts'

export interface TelephonyRoom extends Telephony {
  /** `POST /telephony/events`, and the secret that guards it. */
  addRoutes(app: App): void
}

export interface TelephonyOptions {
  readonly db: Db
  readonly jobs: Jobs
  readonly sealer: Sealer
  /** 32 bytes; calls are found by a keyed hash of their number. */
  readonly lookupKey: Buffer
  readonly notifications: Notifications
  readonly clock: Clock
  readonly log: Log
  readonly pbx: TelephonyConfig
}

/** A call whose end we were never told counts as ended after this. */
const LONGEST_CALL_MS = 4 * 3_600_000
/** So long it is kept that a call was, without its number. */
const KEPT_MS = 30 * 24 * 3_600_000

/** Telephony by the protocol of `protocol.ts`. Numbers rest sealed and only while their call lasts. Call before `jobs.start`. */
export function createTelephony(options: TelephonyOptions): TelephonyRoom {
  const { db, jobs, sealer, clock, pbx } = options
  const listeners = createListeners()
  const since = (): number => clock.now() - LONGEST_CALL_MS
  const liveCallOf = (row: CallRow | null): LiveCall | null => (row === null ? null : openCall(sealer, row))
  jobs.handle('telephony-call-back', async ({ ref }) => {
    const row = await callBackOf(db, String(ref))
    if (row === null || row.sealed === null) return
    const number = sealer.open('telephony', callBackContext(row.ref), row.sealed).toString()
    await post(pbx.url, pbx.secret, { command: 'call-back', number, desk: row.desk, ref: row.ref })
  })
  jobs.every('telephony-forget', '*/10 * * * *', () => forgetOldCalls(db, clock.now() - KEPT_MS, since()))
  return {
    ...listeners.telephony,
    liveCall: async (number) => liveCallOf(await callOfNumber(db, lookupOf(options, number), since())),
    liveCallAtDesk: async (desk) => liveCallOf(await callAtDesk(db, desk, since())),
    liveCallById: async (callId) => liveCallOf(await callById(db, callId, since())),
    callBack: async (trx, { number, desk, ref }) => {
      const sealed = sealer.seal('telephony', callBackContext(ref), Buffer.from(number))
      const request = { ref, lookup: lookupOf(options, number), sealed, desk, at: clock.now() }
      const isNew = await addCallBack(trx, request)
      if (isNew) await jobs.enqueue(trx, 'telephony-call-back', { ref }, { maxAttempts: 3 })
    },
    askDigits: async (callId, request) => {
      if ((await callById(db, callId, since())) === null)
        throw new CodedError('call-gone', 'the call has ended')
      await post(pbx.url, pbx.secret, { command: 'ask-digits', callId, ...request })
    },
    addRoutes: (app) => {
      app.setGuards({ secrets: { telephony: pbx.secret } })
      const access = { kind: 'secret', name: 'telephony' } as const
      const schema = { body: TelephonyEvent }
      app.post(
        '/telephony/events',
        { config: { access }, schema, bodyLimit: 2_048 },
        async (request, reply) => {
          await takeEvent(options, listeners, request.body)
          return reply.code(204).send()
        },
      )
    },
  }
}

interface Listeners {
  readonly telephony: Pick<Telephony, 'onDigits' | 'onCallBack' | 'onCallEnded'>
  digits(keyed: KeyedDigits): Promise<void>
  callBack(outcome: CallBackOutcome): Promise<void>
  ended(call: { callId: string; desk: string }): Promise<void>
}

function createListeners(): Listeners {
  const digits = new Set<(keyed: KeyedDigits) => Promise<void>>()
  const callBacks = new Set<(outcome: CallBackOutcome) => Promise<void>>()
  const ended = new Set<(call: { callId: string; desk: string }) => Promise<void>>()
  const add = <T>(set: Set<T>, listener: T): (() => void) => {
    set.add(listener)
    return () => set.delete(listener)
  }
  const tell = async <T>(set: Set<(value: T) => Promise<void>>, value: T): Promise<void> => {
    for (const listener of set) await listener(value)
  }
  return {
    telephony: {
      onDigits: (listener) => add(digits, listener),
      onCallBack: (listener) => add(callBacks, listener),
      onCallEnded: (listener) => add(ended, listener),
    },
    digits: (keyed) => tell(digits, keyed),
    callBack: (outcome) => tell(callBacks, outcome),
    ended: (call) => tell(ended, call),
  }
}

/**
 * Takes one event. Every step can be repeated: an event that we answered with an error comes again. Digits go
 * from the request's memory to whoever asked, and nowhere else.
 */
async function takeEvent(
  options: TelephonyOptions,
  listeners: Listeners,
  event: TelephonyEvent,
): Promise<void> {
  const { db, notifications, clock } = options
  const { callId, desk } = event
  if (event.event === 'digits') return takeDigits(options, listeners, event)
  if (event.event === 'call-back-failed') return takeCallBack(options, listeners, event, false)
  if (event.event === 'call-back-answered' && !(await isAskedFor(options, event))) return
  await db.transaction().execute(async (trx) => {
    await noteCall(options, trx, event)
    if (event.event === 'answered' || event.event === 'call-back-answered') {
      await markAnswered(trx, callId, clock.now())
    }
    if (event.event === 'ended') await markEnded(trx, callId, clock.now())
    await notifications.publish(trx, 'call-event', { desk, callId })
  })
  if (event.event === 'call-back-answered') await takeCallBack(options, listeners, event, true)
  if (event.event === 'ended') await listeners.ended({ callId, desk })
}

async function noteCall(options: TelephonyOptions, trx: Trx, event: TelephonyEvent): Promise<void> {
  await upsertCall(trx, {
    callId: event.callId,
    lookup: lookupOf(options, event.number),
    sealed: options.sealer.seal('telephony', callContext(event.callId), Buffer.from(event.number)),
    desk: event.desk,
    networkAsserted: event.networkAsserted,
    callBackRef: event.event === 'call-back-answered' ? (event.ref ?? null) : null,
    at: options.clock.now(),
  })
}

async function takeDigits(
  options: TelephonyOptions,
  listeners: Listeners,
  { callId, ref, digits }: TelephonyEvent,
): Promise<void> {
  if (ref === undefined || digits === undefined) return
  const live = await callById(options.db, callId, options.clock.now() - LONGEST_CALL_MS)
  if (live !== null) await listeners.digits({ callId, ref, digits })
}

async function takeCallBack(
  options: TelephonyOptions,
  listeners: Listeners,
  event: TelephonyEvent,
  answered: boolean,
): Promise<void> {
  const { callId, ref = '', desk } = event
  if (!(await isAskedFor(options, event))) return
  const isNew = await finishCallBack(options.db, ref, answered ? 'answered' : 'failed')
  if (isNew) await listeners.callBack({ callId, ref, desk, answered })
}

/** A call back counts only for the number and the desk that we asked to ring. */
async function isAskedFor(options: TelephonyOptions, event: TelephonyEvent): Promise<boolean> {
  const row = event.ref === undefined ? null : await callBackOf(options.db, event.ref)
  const fits =
    row !== null &&
    row.outcome !== 'failed' &&
    row.desk === event.desk &&
    timingSafeEqual(row.lookup, lookupOf(options, event.number))
  if (!fits) options.log.warn({ callId: event.callId }, 'a call back that nobody asked for was ignored')
  return fits
}

function openCall(sealer: Sealer, row: CallRow): LiveCall {
  return {
    callId: row.call_id,
    number: sealer.open('telephony', callContext(row.call_id), row.sealed).toString(),
    desk: row.desk,
    networkAsserted: row.network_asserted,
    answered: row.answered_at !== null,
    startedAt: row.started_at,
    callBackRef: row.call_back_ref,
  }
}

function lookupOf(options: TelephonyOptions, number: string): Buffer {
  return createHmac('sha256', options.lookupKey).update(number).digest()
}

function callContext(callId: string): string {
  return `platform.telephony_call ${callId}`
}

function callBackContext(ref: string): string {
  return `platform.telephony_call_back ${ref}`
}
