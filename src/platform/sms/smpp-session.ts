import smpp, { type Pdu, type Session } from 'smpp'
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

/**
 * One SMPP v3.4 transceiver session that binds, asks whether the other side lives, and binds anew with a growing
 * wait whenever it is lost. Never logs an address or a text.
 */
export function keepSmppLink(options: {
  smsc: SmscConfig
  log: Log
  onReceipt: (receipt: Receipt) => void
}): SmppLink {
  const { smsc, log } = options
  const pending = new Set<(fault: CodedError<SmsFault>) => void>()
  let session: Session | null = null
  let bound = false
  let closed = false
  let waitMs = FIRST_WAIT_MS
  let again: NodeJS.Timeout | undefined
  let enquiry: NodeJS.Timeout | undefined
  let whenBound = Promise.withResolvers<void>()

  function connect(): void {
    const opening = smpp.connect({ host: smsc.host, port: smsc.port })
    session = opening
    opening.on('connect', () => bind(opening))
    opening.on('error', (error: unknown) => {
      log.debug(describeError(error), 'SMPP connection failed')
      opening.destroy()
    })
    opening.on('close', () => lost(opening))
    opening.on('deliver_sm', (pdu: Pdu) => {
      opening.send(pdu.response())
      const receipt = readReceipt(pdu)
      if (receipt !== null) options.onReceipt(receipt)
    })
    opening.on('enquire_link', (pdu: Pdu) => opening.send(pdu.response()))
    opening.on('unbind', (pdu: Pdu) => {
      opening.send(pdu.response())
      opening.close()
    })
  }

  function bind(opening: Session): void {
    const fields = { system_id: smsc.systemId, password: smsc.password, interface_version: 0x34 }
    opening.bind_transceiver(fields, (answer) => {
      if (answer.command_status !== 0) {
        log.error({ status: answer.command_status }, 'the SMSC refused our bind')
        opening.destroy()
        return
      }
      bound = true
      waitMs = FIRST_WAIT_MS
      enquiry = setInterval(() => enquire(opening), ENQUIRE_EVERY_MS)
      enquiry.unref()
      whenBound.resolve()
      log.info({}, 'bound to the SMSC')
    })
  }

  function enquire(opening: Session): void {
    const silence = setTimeout(() => opening.destroy(), ANSWER_WITHIN_MS)
    silence.unref()
    opening.enquire_link(() => clearTimeout(silence))
  }

  function lost(closing: Session): void {
    if (session !== closing) return
    session = null
    clearInterval(enquiry)
    if (bound) whenBound = Promise.withResolvers<void>()
    bound = false
    for (const fail of pending) fail(new CodedError('smsc-unreachable', 'the SMPP session was lost'))
    pending.clear()
    if (closed) return
    again = setTimeout(connect, waitMs)
    again.unref()
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }

  async function submit(to: string, segment: Segment, messageReference: number): Promise<string> {
    await within(whenBound.promise, ANSWER_WITHIN_MS)
    const { promise, resolve, reject } = Promise.withResolvers<Pdu>()
    pending.add(reject)
    const timer = setTimeout(
      () => reject(new CodedError('smsc-unreachable', 'the SMSC does not answer')),
      ANSWER_WITHIN_MS,
    )
    try {
      const sent =
        session?.submit_sm(submitFields(smsc.from, to, segment, messageReference), resolve) ?? false
      if (!sent) throw new CodedError('smsc-unreachable', 'the SMPP session is gone')
      const answer = await promise
      if (answer.command_status !== 0) throw faultOf(answer.command_status)
      return answer.message_id ?? ''
    } finally {
      pending.delete(reject)
      clearTimeout(timer)
    }
  }

  connect()
  return {
    submit,
    get bound() {
      return bound
    },
    close: async () => {
      closed = true
      clearTimeout(again)
      clearInterval(enquiry)
      const ending = session
      if (ending === null) return
      const gone = Promise.withResolvers<void>()
      ending.once('close', () => gone.resolve())
      ending.destroy()
      await gone.promise
    },
  }
}

function submitFields(from: string, to: string, segment: Segment, messageReference: number) {
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
