import type { ReadItem } from '../source-record.ts'
import { asciiOf, createElement, type Element, hexOf, integerOf, readElement } from './ber.ts'
import { createByteQueue } from './byte-queue.ts'
import { plainBcdDigits } from './digits.ts'
import { fieldsOf, streamElements } from './element-stream.ts'
import { type FormatOptions, itemOf, type Reading, type RecordFormat } from './record-format.ts'
import { recordOfRoaming } from './roaming.ts'

/** Application tags of NRTRDE 2.1 (GSMA TD.35), a table of our own. */
const TAG = {
  file: 1,
  events: 2,
  originated: 3,
  terminated: 4,
  session: 5,
  duration: 19,
  start: 21,
  callingNumber: 22,
  callReference: 23,
  charge: 25,
  chargingId: 26,
  connectedNumber: 27,
  incoming: 28,
  outgoing: 29,
  dialledDigits: 30,
  imsi: 34,
  exchange: 35,
  teleService: 43,
  offset: 45,
  service: 46,
} as const

const FORM = { format: 'nrtrde', head: '' }
/** TS 29.002: short messages, terminated and originated. */
const MESSAGE_SERVICES = new Set(['21', '22'])

/**
 * NRTRDE 2.1: what roaming partners report within hours. Events name their subscriber by IMSI only, so a list of
 * numbers is needed. Charges are left out: their currency and decimals are agreed elsewhere, and the TAP file of
 * the same call brings them.
 */
export function createNrtrdeFormat(options: FormatOptions): RecordFormat {
  const element = createElement()
  const read = (bytes: Buffer, at: number, end: number): Reading => {
    if (readElement(bytes, at, end, element) < 0) return 'no record can begin like this'
    return eventOf(bytes, element, options)
  }
  return {
    read: (bytes) => readFile(bytes, read),
    reread: (raw) => read(raw, 0, raw.length),
  }
}

async function* readFile(
  bytes: AsyncIterable<Buffer>,
  read: (bytes: Buffer, at: number, end: number) => Reading,
): AsyncGenerator<ReadItem[]> {
  const opens = (depth: number, tag: number): boolean =>
    (depth === 0 && tag === TAG.file) || (depth === 1 && tag === TAG.events)
  for await (const found of streamElements(createByteQueue(bytes), opens)) {
    const raw = (): Buffer => Buffer.from(found.bytes.subarray(found.at, found.next))
    if (found.broken !== null) {
      yield [{ position: found.position, fault: { reason: found.broken, raw: raw() } }]
      return
    }
    if (found.depth === 0) {
      yield [{ position: found.position, fault: { reason: 'this is no NRTRDE file', raw: raw() } }]
      return
    }
    if (found.depth !== 2) continue
    const item = itemOf(found.position, read(found.bytes, found.at, found.next), raw, FORM)
    if (item !== null) yield [item]
  }
}

function eventOf(bytes: Buffer, event: Element, options: FormatOptions): Reading {
  const { originated, terminated, session } = TAG
  if (event.tagClass !== 1 || ![originated, terminated, session].includes(event.tag as 3)) {
    return 'the event is neither a call nor a session'
  }
  const fields = fieldsOf(bytes, event.start, event.end)
  const text = (tag: number): string | null => {
    const field = fields.get(tag)
    return field === undefined ? null : asciiOf(bytes, field.start, field.end)
  }
  const integer = (tag: number): number | null => {
    const field = fields.get(tag)
    return field === undefined ? null : integerOf(bytes, field.start, field.end)
  }
  const isData = event.tag === session
  const service = fields.get(TAG.service)
  const isText = service !== undefined && MESSAGE_SERVICES.has(teleService(bytes, service) ?? '')
  const [incoming, outgoing] = [integer(TAG.incoming) ?? 0, integer(TAG.outgoing) ?? 0]
  const reference = fields.get(isData ? TAG.chargingId : TAG.callReference)
  const imsi = fields.get(TAG.imsi)
  return recordOfRoaming(
    {
      kind: isData ? 'data' : isText ? 'sms' : 'voice',
      served: event.tag === terminated ? 'called' : 'caller',
      imsi: imsi === undefined ? null : plainBcdDigits(bytes, imsi.start, imsi.end),
      msisdn: null,
      other:
        event.tag === terminated
          ? text(TAG.callingNumber)
          : (text(TAG.connectedNumber) ?? text(TAG.dialledDigits)),
      hidden: false,
      localTime: text(TAG.start),
      offset: text(TAG.offset),
      durationSeconds: integer(TAG.duration),
      bytes: isData ? incoming + outgoing : null,
      answered: isData || isText || (integer(TAG.duration) ?? 0) > 0,
      cell: null,
      chargeMilli: null,
      currency: null,
      reference:
        reference === undefined
          ? null
          : `${text(TAG.exchange) ?? ''}/${hexOf(bytes, reference.start, Math.min(reference.end, reference.start + 32))}`,
    },
    options,
  )
}

function teleService(bytes: Buffer, service: Element): string | null {
  const code = fieldsOf(bytes, service.start, service.end).get(TAG.teleService)
  return code === undefined ? null : asciiOf(bytes, code.start, code.end)
}
