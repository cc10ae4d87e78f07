import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import smpp, { type Pdu, type Session } from 'smpp'
import type { Clock } from '../clock.ts'
import { readConcatenation } from './segments.ts'

/** A text as it arrives at a phone, its parts put together. */
export interface DeliveredText {
  /** E.164. */
  readonly to: string
  readonly from: string
  readonly text: string
  readonly at: number
}

/** What the SMSC does with a submitted part: the ways in which real ones behave and fail. */
export type SmscBehaviour = 'accept' | 'throttle' | 'refuse' | 'drop' | 'accept-and-drop'

export interface SimulatedSmsc {
  readonly port: number
  /** Parts taken, repetitions not counted. */
  readonly taken: number
  close(): Promise<void>
}

export interface SimulatedSmscOptions {
  /** 0: a free one. */
  readonly port: number
  readonly systemId: string
  readonly password: string
  readonly clock: Clock
  readonly deliver: (text: DeliveredText) => Promise<void>
  /** Asked for each submit; default: always accept. */
  readonly behave?: () => SmscBehaviour
}

const ESME_RINVPASWD = 0x0e
const ESME_RINVBNDSTS = 0x04
const ESME_RINVDSTADR = 0x0b
const ESME_RTHROTTLED = 0x58
const DELIVERED = 2
/** As many parts and texts are remembered, to know repetitions and to wait for missing parts. */
const MOST_REMEMBERED = 10_000

/**
 * An SMSC that speaks real SMPP on localhost: binds with a password, takes texts in parts, knows a repeated part
 * by its `user_message_reference`, delivers, and sends receipts. For the demo and for tests.
 */
export async function startSimulatedSmsc(options: SimulatedSmscOptions): Promise<SimulatedSmsc> {
  const network = createNetwork(options)
  const server = smpp.createServer((session) => serveSession(session, options, network))
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get taken() {
      return network.taken()
    },
    close: async () => {
      for (const session of [...server.sessions]) session.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

interface Network {
  /** Message id, and whether this part was new. */
  take(pdu: Pdu): { messageId: string; isNew: boolean }
  /** The whole text, when `pdu` was its last missing part. */
  complete(pdu: Pdu): DeliveredText | null
  taken(): number
}

function createNetwork(options: SimulatedSmscOptions): Network {
  const messageIds = new Map<string, string>()
  const waiting = new Map<string, Map<number, string>>()
  let taken = 0
  return {
    take: (pdu) => {
      const part = readConcatenation(elementsOf(pdu))?.part ?? 0
      const key = `${pdu.destination_addr} ${pdu.user_message_reference} ${part}`
      const known = pdu.user_message_reference === undefined ? undefined : messageIds.get(key)
      if (known !== undefined) return { messageId: known, isNew: false }
      taken += 1
      const messageId = `${options.clock.now().toString(16)}-${taken}`
      remember(messageIds, key, messageId)
      return { messageId, isNew: true }
    },
    complete: (pdu) => {
      const text = String(pdu.short_message?.message ?? '')
      const arrived = { to: `+${pdu.destination_addr}`, from: pdu.source_addr ?? '', at: options.clock.now() }
      const place = readConcatenation(elementsOf(pdu))
      if (place === null) return { ...arrived, text }
      const key = `${pdu.destination_addr} ${pdu.source_addr} ${place.reference}`
      const parts = waiting.get(key) ?? new Map<number, string>()
      parts.set(place.part, text)
      remember(waiting, key, parts)
      if (parts.size < place.parts) return null
      waiting.delete(key)
      const inOrder = [...parts].sort(([a], [b]) => a - b)
      return { ...arrived, text: inOrder.map(([, piece]) => piece).join('') }
    },
    taken: () => taken,
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value)
  const oldest = map.keys().next().value
  if (map.size > MOST_REMEMBERED && oldest !== undefined) map.delete(oldest)
}

function elementsOf(pdu: Pdu): readonly Buffer[] {
  const udh = pdu.short_message?.udh
  return Array.isArray(udh) ? udh : []
}

function serveSession(session: Session, options: SimulatedSmscOptions, network: Network): void {
  let bound = false
  session.on('error', () => session.destroy())
  session.on('bind_transceiver', (pdu: Pdu) => {
    bound = pdu.system_id === options.systemId && pdu.password === options.password
    session.send(pdu.response(bound ? {} : { command_status: ESME_RINVPASWD }))
    if (!bound) session.close()
  })
  session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
  session.on('unbind', (pdu: Pdu) => {
    session.send(pdu.response())
    session.close()
  })
  session.on('submit_sm', async (pdu: Pdu) => {
    const behaviour = bound ? (options.behave?.() ?? 'accept') : 'not-bound'
    if (behaviour === 'not-bound') return session.send(pdu.response({ command_status: ESME_RINVBNDSTS }))
    if (behaviour === 'throttle') return session.send(pdu.response({ command_status: ESME_RTHROTTLED }))
    if (behaviour === 'refuse') return session.send(pdu.response({ command_status: ESME_RINVDSTADR }))
    if (behaviour === 'drop') return session.destroy()
    const { messageId, isNew } = network.take(pdu)
    const whole = isNew ? network.complete(pdu) : null
    if (whole !== null) await options.deliver(whole)
    if (behaviour === 'accept-and-drop') return session.destroy()
    session.send(pdu.response({ message_id: messageId }))
    if (pdu.registered_delivery === 1) sendReceipt(session, pdu, messageId)
  })
}

function sendReceipt(session: Session, pdu: Pdu, messageId: string): void {
  session.deliver_sm({
    source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    esm_class: 0x04,
    short_message: { message: `id:${messageId} sub:001 dlvrd:001 stat:DELIVRD err:000` },
    receipted_message_id: messageId,
    message_state: DELIVERED,
  })
}
