import smpp, { type Pdu, type PduFields, type Session } from 'smpp'
import { CodedError } from '../coded-error.ts'
import type { SmscConfig } from '../config.ts'
import { describeError } from '../http/problem.ts'
import type { Log } from '../log.ts'
import type { Segment } from './segments.ts'

export type SmsFault =
  /** Not bound, or the answer never came: it may or may not have been taken. */
  | 'smsc-unreachable'
  /** Busy: come again later. */
  | 'smsc-throttled'
  /** Refused for good: this number, this sender, this text. */
  | 'smsc-refused'

export interface SmppLink {
  /** The SMSC's message id. @throws CodedError of `SmsFault` */
  submit(to: string, segment: Segment, messageReference: number): Promise<string>
  readonly bound: boolean
  close(): Promise<void>
}

export interface Receipt {
  readonly messageId: string
  /** SMPP 5.2.28: 2 is delivered. */
  readonly state: 'delivered' | 'failed'
}

const ANSWER_WITHIN_MS = 10_000
const ENQUIRE_EVERY_MS = 30_000
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 30_000
const RECEIPT = 0x04
const DELIVERED = 2
const ESME_RTHROTTLED = 0x58
const ESME_RMSGQFUL = 0x14
const ESME_RSYSERR = 0x08

interface LinkOptions {
  readonly smsc: SmscConfig
  readonly log: Log
  readonly onReceipt: (receipt: Receipt) => void
}

interface LinkState {
  session: Session | null
  bound: boolean
  closed: boolean
  /** Before the next attempt to connect. */
  waitMs: number
  again: NodeJS.Timeout | undefined
  enquiry: NodeJS.Timeout | undefined
  whenBound: PromiseWithResolvers<void>
  /** Submits whose answer has not come. */
  readonly pending: Set<(fault: CodedError<SmsFault>) => void>
}

/**
 * One SMPP v3.4 transceiver session that binds, asks whether the other side lives, and binds anew with a growing
 * wait whenever it is lost. Never logs an address or a text.
 */
export function keepSmppLink(options: LinkOptions): SmppLink {
  const state: LinkState = {
    session: null,
    bound: false,
    closed: false,
    waitMs: FIRST_WAIT_MS,
    again: undefined,
    enquiry: undefined,
    whenBound: Promise.withResolvers<void>(),
    pending: new Set(),
  }
  connect(options, state)
  return {
    submit: (to, segment, messageReference) =>
      submit(state, submitFields(options.smsc.from, to, segment, messageReference)),
    get bound() {
      return state.bound
    },
    close: async () => {
      state.closed = true
      clearTimeout(state.again)
      clearInterval(state.enquiry)
      const ending = state.session
      if (ending === null) return
      const gone = Promise.withResolvers<void>()
      ending.once('close', () => gone.resolve())
      ending.destroy()
      await gone.promise
    },
  }
}

/** Binds once and lets go. @returns the command status of the answer, 0 when it let us in; null without an answer. */
export function tryBind(smsc: SmscConfig, waitMs: number): Promise<number | null> {
  return new Promise((resolve) => {
    const session = smpp.connect({ host: smsc.host, port: smsc.port })
    const end = (status: number | null): void => {
      clearTimeout(late)
      session.destroy()
      resolve(status)
    }
    const late = setTimeout(() => end(null), waitMs)
    session.on('error', () => end(null))
    session.on('close', () => end(null))
    session.on('connect', () => {
      session.bind_transceiver(bindFields(smsc), (answer) => end(answer.command_status))
    })
  })
}

function bindFields({ systemId, password }: SmscConfig) {
  return { system_id: systemId, password, interface_version: 0x34 }
}

function connect(options: LinkOptions, state: LinkState): void {
  const { smsc, log } = options
  const session = smpp.connect({ host: smsc.host, port: smsc.port })
  state.session = session
  session.on('connect', () => bind(options, state, session))
  session.on('error', (error: unknown) => {
    log.debug(describeError(error), 'SMPP connection failed')
    session.destroy()
  })
  session.on('close', () => lost(options, state, session))
  session.on('deliver_sm', (pdu: Pdu) => {
    session.send(pdu.response())
    const receipt = readReceipt(pdu)
    if (receipt !== null) options.onReceipt(receipt)
  })
  session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
  session.on('unbind', (pdu: Pdu) => {
    session.send(pdu.response())
    session.close()
  })
}

function bind({ smsc, log }: LinkOptions, state: LinkState, session: Session): void {
  session.bind_transceiver(bindFields(smsc), (answer) => {
    if (answer.command_status !== 0) {
      log.error({ status: answer.command_status }, 'the SMSC refused our bind')
      session.destroy()
      return
    }
    state.bound = true
    state.waitMs = FIRST_WAIT_MS
    state.enquiry = setInterval(() => enquire(session), ENQUIRE_EVERY_MS)
    state.enquiry.unref()
    state.whenBound.resolve()
    log.info({}, 'bound to the SMSC')
  })
}

/** A side that does not answer is gone, whatever TCP believes. */
function enquire(session: Session): void {
  const silence = setTimeout(() => session.destroy(), ANSWER_WITHIN_MS)
  silence.unref()
  session.enquire_link(() => clearTimeout(silence))
}

function lost(options: LinkOptions, state: LinkState, session: Session): void {
  if (state.session !== session) return
  state.session = null
  clearInterval(state.enquiry)
  if (state.bound) state.whenBound = Promise.withResolvers<void>()
  state.bound = false
  for (const fail of state.pending) fail(new CodedError('smsc-unreachable', 'the SMPP session was lost'))
  state.pending.clear()
  if (state.closed) return
  state.again = setTimeout(() => connect(options, state), state.waitMs)
  state.again.unref()
  state.waitMs = Math.min(state.waitMs * 2, LONGEST_WAIT_MS)
}

async function submit(state: LinkState, fields: PduFields): Promise<string> {
  await within(state.whenBound.promise, ANSWER_WITHIN_MS)
  const { promise, resolve, reject } = Promise.withResolvers<Pdu>()
  state.pending.add(reject)
  const silence = new CodedError<SmsFault>('smsc-unreachable', 'the SMSC does not answer')
  const timer = setTimeout(() => reject(silence), ANSWER_WITHIN_MS)
  try {
    const sent = state.session?.submit_sm(fields, resolve) ?? false
    if (!sent) throw new CodedError('smsc-unreachable', 'the SMPP session is gone')
    const answer = await promise
    if (answer.command_status !== 0) throw faultOf(answer.command_status)
    return answer.message_id ?? ''
  } finally {
    state.pending.delete(reject)
    clearTimeout(timer)
  }
}

function submitFields(from: string, to: string, segment: Segment, messageReference: number): PduFields {
  const shortCode = /^\d+$/.test(from)
  return {
    // Type of number: 3 a short code of this network, 5 letters; the destination is international (1, E.164).
    source_addr_ton: shortCode ? 3 : 5,
    source_addr_npi: 0,
    source_addr: from,
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: to.replace(/^\+/, ''),
    registered_delivery: 1,
    data_coding: segment.dataCoding,
    short_message:
      segment.header === null ? { message: segment.text } : { udh: segment.header, message: segment.text },
    user_message_reference: messageReference,
  }
}

function faultOf(status: number): CodedError<SmsFault> {
  const later = status === ESME_RTHROTTLED || status === ESME_RMSGQFUL || status === ESME_RSYSERR
  return new CodedError(later ? 'smsc-throttled' : 'smsc-refused', `the SMSC answered with status ${status}`)
}

/** A receipt says its message id and state in TLVs, or, from older SMSCs, only in its text (SMPP, appendix B). */
function readReceipt(pdu: Pdu): Receipt | null {
  if (((pdu.esm_class ?? 0) & 0x3c) !== RECEIPT) return null
  const text = String(pdu.short_message?.message ?? '')
  const messageId = pdu.receipted_message_id ?? /\bid:(\S{1,64})/.exec(text)?.[1]
  if (messageId === undefined) return null
  const delivered =
    pdu.message_state === undefined ? /\bstat:DELIVRD/.test(text) : pdu.message_state === DELIVERED
  return { messageId, state: delivered ? 'delivered' : 'failed' }
}

async function within(promise: Promise<void>, ms: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new CodedError('smsc-unreachable', 'not bound to the SMSC')), ms)
  try {
    await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
