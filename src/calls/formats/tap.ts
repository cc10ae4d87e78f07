import type { RawForm, ReadItem } from '../source-record.ts'
import { asciiOf, createElement, type Element, hexOf, integerOf, readElement } from './ber.ts'
import { createByteQueue } from './byte-queue.ts'
import { plainBcdDigits } from './digits.ts'
import { elementsOf, fieldsOf, streamElements } from './element-stream.ts'
import { type FormatOptions, itemOf, type Reading, type RecordFormat } from './record-format.ts'
import { recordOfRoaming } from './roaming.ts'
import { TAP } from './tap-tags.ts'

/** What stands at the head of a TAP file and its events refer to. */
interface TapHead {
  currency: string | null
  decimals: number | null
  /** UTC offsets and exchanges by their codes. */
  readonly offsets: Record<string, string>
  readonly exchanges: Record<string, string>
}

const MESSAGE_SERVICES = new Set(['21', '22'])
/** Charge type 00 is the total of the others. */
const TOTAL = '00'
const NOTIFICATION = 0x62
const MOST_CODES = 10_000

/**
 * GSMA TAP 3 (TD.57, 3.12; older 3.x files have the same tags where we look): calls, texts and data sessions that
 * our subscribers had abroad. Other kinds of events (value-added services, supplementary services, locations) are
 * in nobody's log.
 */
export function createTapFormat(options: FormatOptions): RecordFormat {
  const element = createElement()
  const read = (bytes: Buffer, at: number, end: number, head: TapHead): Reading => {
    if (readElement(bytes, at, end, element) < 0) return 'no record can begin like this'
    return eventOf(bytes, element, head, options)
  }
  return {
    read: (bytes) => readFile(bytes, read),
    reread: (raw, head) => read(raw, 0, raw.length, JSON.parse(head) as TapHead),
  }
}

async function* readFile(
  bytes: AsyncIterable<Buffer>,
  read: (bytes: Buffer, at: number, end: number, head: TapHead) => Reading,
): AsyncGenerator<ReadItem[]> {
  const opens = (depth: number, tag: number): boolean =>
    (depth === 0 && tag === TAP.transferBatch) || (depth === 1 && tag === TAP.callEventDetails)
  const head: TapHead = { currency: null, decimals: null, offsets: {}, exchanges: {} }
  let form: RawForm | undefined
  for await (const found of streamElements(createByteQueue(bytes), opens)) {
    const raw = (): Buffer => Buffer.from(found.bytes.subarray(found.at, found.next))
    if (found.broken !== null) {
      yield [{ position: found.position, fault: { reason: found.broken, raw: raw() } }]
      return
    }
    // A notification says that there is nothing to charge.
    if (found.depth === 0 && found.bytes[found.at] === NOTIFICATION) continue
    if (found.depth === 0) {
      yield [{ position: found.position, fault: { reason: 'this is no TAP file', raw: raw() } }]
      return
    }
    if (found.depth === 1) takeHead(head, found.bytes, found.at, found.next)
    if (found.depth !== 2) continue
    const reading = read(found.bytes, found.at, found.next, head)
    if (typeof reading === 'string') form ??= { format: 'tap3', head: JSON.stringify(head) }
    const item = itemOf(found.position, reading, raw, form)
    if (item !== null) yield [item]
  }
}

function takeHead(head: TapHead, bytes: Buffer, at: number, end: number): void {
  const element = createElement()
  if (readElement(bytes, at, end, element) < 0) return
  const fields = fieldsOf(bytes, element.start, element.end)
  if (element.tag === TAP.accountingInfo) {
    head.currency = textOf(bytes, fields.get(TAP.tapCurrency)) ?? textOf(bytes, fields.get(TAP.localCurrency))
    head.decimals = integerIn(bytes, fields.get(TAP.tapDecimalPlaces))
  }
  if (element.tag !== TAP.networkInfo) return
  takeCodes(head.offsets, bytes, fields.get(TAP.utcTimeOffsets), TAP.utcTimeOffsetCode, TAP.utcTimeOffset)
  takeCodes(head.exchanges, bytes, fields.get(TAP.recEntities), TAP.recEntityCode, TAP.recEntityId)
}

function takeCodes(
  into: Record<string, string>,
  bytes: Buffer,
  list: Element | undefined,
  code: number,
  value: number,
): void {
  if (list === undefined) return
  for (const info of elementsOf(bytes, list.start, list.end).slice(0, MOST_CODES)) {
    const fields = fieldsOf(bytes, info.start, info.end)
    const [key, text] = [integerIn(bytes, fields.get(code)), textOf(bytes, fields.get(value))]
    if (key !== null && text !== null) into[`c${key}`] = text
  }
}

function eventOf(bytes: Buffer, event: Element, head: TapHead, options: FormatOptions): Reading {
  if (event.tagClass !== 1) return 'the event is none of TAP'
  switch (event.tag) {
    case TAP.originated:
      return callOf(bytes, event, head, options, 'caller')
    case TAP.terminated:
      return callOf(bytes, event, head, options, 'called')
    case TAP.gprsCall:
      return sessionOf(bytes, event, head, options)
    default:
      return TAP.passedOver.has(event.tag) ? null : `events with the tag ${event.tag} are not read`
  }
}

function callOf(
  bytes: Buffer,
  event: Element,
  head: TapHead,
  options: FormatOptions,
  served: 'caller' | 'called',
): Reading {
  const fields = fieldsOf(bytes, event.start, event.end)
  const basic = inside(bytes, fields.get(served === 'caller' ? TAP.moBasic : TAP.mtBasic))
  if (basic === null) return 'the call lacks its basic information'
  const subscriber = subscriberOf(bytes, basic.get(TAP.chargeableSubscriber))
  const services = inside(bytes, fields.get(TAP.basicServices), TAP.basicServiceUsed)
  const basicService = inside(bytes, services?.get(TAP.basicService), TAP.serviceCode)
  const isText = MESSAGE_SERVICES.has(textOf(bytes, basicService?.get(TAP.teleService)) ?? '')
  const location = inside(bytes, inside(bytes, fields.get(TAP.location))?.get(TAP.networkLocation))
  const duration = integerIn(bytes, basic.get(TAP.duration))
  const charges = fields.get(TAP.basicServices)
  return recordOfRoaming(
    {
      kind: isText ? 'sms' : 'voice',
      served,
      ...subscriber,
      ...(served === 'caller' ? destinationOf(bytes, basic) : originatorOf(bytes, basic)),
      ...timeOf(bytes, basic, head),
      durationSeconds: duration,
      bytes: null,
      answered: isText || (duration ?? 0) > 0,
      cell: cellOf(bytes, location),
      ...chargeOf(bytes, charges, head),
      reference: referenceOf(bytes, location?.get(TAP.callReference), exchangeOf(bytes, location, head)),
    },
    options,
  )
}

function sessionOf(bytes: Buffer, event: Element, head: TapHead, options: FormatOptions): Reading {
  const fields = fieldsOf(bytes, event.start, event.end)
  const basic = inside(bytes, fields.get(TAP.gprsBasic))
  if (basic === null) return 'the session lacks its basic information'
  const chargeable = inside(bytes, basic.get(TAP.gprsSubscriber))
  const used = inside(bytes, fields.get(TAP.gprsServiceUsed))
  const location = inside(bytes, inside(bytes, fields.get(TAP.gprsLocation))?.get(TAP.gprsNetworkLocation))
  const [incoming, outgoing] = [
    integerIn(bytes, used?.get(TAP.incoming)) ?? 0,
    integerIn(bytes, used?.get(TAP.outgoing)) ?? 0,
  ]
  if (incoming < 0 || outgoing < 0) return 'the volumes of the record cannot be read'
  return recordOfRoaming(
    {
      kind: 'data',
      served: 'caller',
      ...subscriberOf(bytes, chargeable?.get(TAP.chargeableSubscriber)),
      other: null,
      hidden: false,
      ...timeOf(bytes, basic, head),
      durationSeconds: integerIn(bytes, basic.get(TAP.duration)),
      bytes: incoming + outgoing,
      answered: true,
      cell: cellOf(bytes, location),
      ...chargeOf(bytes, fields.get(TAP.gprsServiceUsed), head),
      reference: integerIn(bytes, basic.get(TAP.chargingId))
        ? referenceOf(bytes, basic.get(TAP.chargingId), '')
        : null,
    },
    options,
  )
}

type Fields = ReadonlyMap<number, Element>

/** The fields of an element; with `tag`, those of the first such element in it. */
function inside(bytes: Buffer, element: Element | undefined, tag?: number): Fields | null {
  if (element === undefined) return null
  const fields = fieldsOf(bytes, element.start, element.end)
  return tag === undefined ? fields : inside(bytes, fields.get(tag))
}

function subscriberOf(
  bytes: Buffer,
  choice: Element | undefined,
): { imsi: string | null; msisdn: string | null } {
  const fields = inside(bytes, choice, TAP.simSubscriber)
  const digits = (tag: number): string | null => {
    const field = fields?.get(tag)
    return field === undefined ? null : plainBcdDigits(bytes, field.start, field.end)
  }
  return { imsi: digits(TAP.imsi), msisdn: digits(TAP.msisdn) }
}

function destinationOf(bytes: Buffer, basic: Fields): { other: string | null; hidden: boolean } {
  const fields = inside(bytes, basic.get(TAP.destination))
  const called = fields?.get(TAP.calledNumber)
  const other =
    textOf(bytes, fields?.get(TAP.smsDestination)) ??
    (called === undefined ? null : plainBcdDigits(bytes, called.start, called.end)) ??
    textOf(bytes, fields?.get(TAP.dialledDigits))
  return { other, hidden: false }
}

function originatorOf(bytes: Buffer, basic: Fields): { other: string | null; hidden: boolean } {
  const fields = inside(bytes, basic.get(TAP.originator))
  const calling = fields?.get(TAP.callingNumber)
  const other =
    textOf(bytes, fields?.get(TAP.smsOriginator)) ??
    (calling === undefined ? null : plainBcdDigits(bytes, calling.start, calling.end))
  // The indicator tells whether the caller asked to be hidden: 1 is yes.
  return { other, hidden: integerIn(bytes, fields?.get(TAP.clir)) === 1 }
}

function timeOf(
  bytes: Buffer,
  basic: Fields,
  head: TapHead,
): { localTime: string | null; offset: string | null } {
  const fields = inside(bytes, basic.get(TAP.start))
  const code = integerIn(bytes, fields?.get(TAP.utcTimeOffsetCode))
  return {
    localTime: textOf(bytes, fields?.get(TAP.localTime)),
    offset: code === null ? null : (head.offsets[`c${code}`] ?? null),
  }
}

function cellOf(bytes: Buffer, location: Fields | null): string | null {
  const area = integerIn(bytes, location?.get(TAP.locationArea))
  const cell = integerIn(bytes, location?.get(TAP.cellId))
  return area === null || cell === null ? null : `${area}-${cell}`
}

function exchangeOf(bytes: Buffer, location: Fields | null, head: TapHead): string {
  const code = integerIn(bytes, location?.get(TAP.recEntityCode))
  return code === null ? '' : (head.exchanges[`c${code}`] ?? '')
}

function referenceOf(bytes: Buffer, reference: Element | undefined, exchange: string): string | null {
  if (reference === undefined) return null
  return `${exchange}/${hexOf(bytes, reference.start, Math.min(reference.end, reference.start + 32))}`
}

/** The sum of the totals of every charge information below `services`, in thousandths, rounded half up. */
function chargeOf(
  bytes: Buffer,
  services: Element | undefined,
  head: TapHead,
): { chargeMilli: number | null; currency: string | null } {
  const none = { chargeMilli: null, currency: null }
  if (services === undefined || head.currency === null || head.decimals === null) return none
  let sum: number | null = null
  for (const detail of detailsOf(bytes, services)) {
    const fields = fieldsOf(bytes, detail.start, detail.end)
    const charge = integerIn(bytes, fields.get(TAP.charge))
    if (textOf(bytes, fields.get(TAP.chargeType)) === TOTAL && charge !== null) sum = (sum ?? 0) + charge
  }
  if (sum === null || head.decimals < 0 || head.decimals > 9) return none
  const chargeMilli = Math.floor((sum * 1000) / 10 ** head.decimals + 0.5)
  return Number.isSafeInteger(chargeMilli) ? { chargeMilli, currency: head.currency } : none
}

/** Every charge detail, five levels down at most: services, service, informations, information, details. */
function detailsOf(bytes: Buffer, services: Element): Element[] {
  const details: Element[] = []
  let level: Element[] = [services]
  for (let depth = 0; depth < 6; depth++) {
    const inner = level.flatMap((element) =>
      element.constructed ? elementsOf(bytes, element.start, element.end) : [],
    )
    details.push(...inner.filter((element) => element.tagClass === 1 && element.tag === TAP.chargeDetail))
    level = inner.filter((element) => TAP.aroundCharges.has(element.tag))
  }
  return details
}

function textOf(bytes: Buffer, element: Element | undefined): string | null {
  return element === undefined
    ? null
    : asciiOf(bytes, element.start, Math.min(element.end, element.start + 256))
}

function integerIn(bytes: Buffer, element: Element | undefined): number | null {
  return element === undefined ? null : integerOf(bytes, element.start, element.end)
}
