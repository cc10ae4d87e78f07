import type { E164, OtherParty } from '../call-record.ts'
import type { SourceRecord } from '../source-record.ts'
import { createElement, type Element, hexOf, integerOf, readElement } from './ber.ts'
import { CHARGING_FIELDS, CHARGING_LAYOUTS, type ChargingLayout, PASSED_OVER } from './charging-tags.ts'
import {
  addressString,
  directoryNumber,
  messageAddress,
  numberOf,
  partyOf,
  telephonyDigits,
  type WrittenNumber,
} from './digits.ts'
import { implausibleDuration, implausibleStart } from './plausible.ts'
import type { FormatOptions, Reading } from './record-format.ts'

/** Reads one record of TS 32.298 from its element (`CallEventRecord`, or a bare SET). */
export type ChargingReader = (bytes: Buffer, record: Element) => Reading

type Fields = { readonly [field in (typeof CHARGING_FIELDS)[number]]: number }

/** Where each field stands in `places`: its start, and its end behind it. */
const FIELD = Object.fromEntries(CHARGING_FIELDS.map((field, index) => [field, index * 2])) as Fields
const MOST_TAGS = 128
const PARTIAL_CAUSES = new Set([1, 2])
const UNSUCCESSFUL = 3
/** Supplementary services (TS 29.002 SS-Code): the caller hides its number; a forwarding of any kind. */
const CLIR = 0x12
const isForwarding = (code: number): boolean => code >= 0x20 && code <= 0x2f
const MAX_REMEMBERED = 131_072
const NONE: OtherParty = { kind: 'none' }
const WITHHELD: OtherParty = { kind: 'withheld' }

/** What reading one record works with. */
interface Work {
  readonly options: FormatOptions
  readonly bytes: Buffer
  /** Starts and ends of fields; 0 for one that is not there. */
  readonly places: Int32Array
  served(asDirectory: boolean): E164 | string
  other(read: (bytes: Uint8Array, start: number, end: number) => WrittenNumber | null): OtherParty | null
}

/**
 * A reader of TS 32.298 records over one operator's plan. It keeps what it read last of each number, for a
 * subscriber makes hundreds of calls, and scratch space: one reader serves one thread.
 */
export function createChargingReader(options: FormatOptions): ChargingReader {
  const layouts = new Map(
    [...CHARGING_LAYOUTS].map(([type, layout]) => [type, { layout, slots: slotsOf(layout) }]),
  )
  const places = new Int32Array(CHARGING_FIELDS.length * 2)
  const child = createElement()
  const parties = createPartyMemory(options)

  return (bytes, record) => {
    const type = recordTypeOf(bytes, record, child)
    if (type === null) return 'the record does not say what it is'
    const known = layouts.get(type)
    if (known === undefined) return PASSED_OVER.has(type) ? null : `records of type ${type} are not read`
    const { layout, slots } = known
    if (layout.servingNode === true && options.servingNodes === 'pass-over') return null
    places.fill(0)
    for (let at = record.start; at < record.end; ) {
      const next = readElement(bytes, at, record.end, child)
      if (next < 0) return 'a field of the record is longer than the record'
      const slot = child.tagClass === 2 && child.tag < MOST_TAGS ? slots[child.tag]! : -1
      if (slot >= 0) {
        places[slot] = child.start
        places[slot + 1] = child.end
      }
      at = next
    }
    const work: Work = { options, bytes, places, ...parties.of(bytes, places) }
    if (layout.kind === 'call') return readCall(work, layout)
    return layout.kind === 'text' ? readText(work, layout) : readData(work, layout)
  }
}

function slotsOf(layout: ChargingLayout): Int8Array {
  const slots = new Int8Array(MOST_TAGS).fill(-1)
  for (const field of CHARGING_FIELDS) {
    const tag = layout.tags[field]
    if (tag !== undefined) slots[tag] = FIELD[field]
  }
  return slots
}

/** The record's own type: its field [0]. It stands first in all that we have seen, but a SET has no order. */
function recordTypeOf(bytes: Buffer, record: Element, child: Element): number | null {
  for (let at = record.start; at < record.end; ) {
    const next = readElement(bytes, at, record.end, child)
    if (next < 0) return null
    if (child.tagClass === 2 && child.tag === 0) return integerOf(bytes, child.start, child.end)
    at = next
  }
  return null
}

function readCall(work: Work, layout: ChargingLayout): Reading {
  const { places, options } = work
  const isCaller = layout.served === 'caller'
  const served = work.served(!isCaller)
  if (typeof served === 'string' && !served.startsWith('+')) return served
  const other = has(places, FIELD.other) ? work.other(directoryNumber) : isCaller ? null : WITHHELD
  if (other === null) return isCaller ? 'the called party cannot be read' : 'the caller cannot be read'
  const cause = integerAt(work, FIELD.cause)
  const duration = integerAt(work, FIELD.duration)
  if (cause === null || duration === null) return 'the record lacks its cause or its duration'
  const answer = timeAt(work, FIELD.answer)
  const begun = answer ?? timeAt(work, FIELD.seizure) ?? beforeRelease(work, duration)
  if (begun === null) return 'the record has no time that can be read'
  const wrong = implausibleStart(begun, options.now) ?? implausibleDuration(duration)
  if (wrong !== null) return wrong
  const answered = cause !== UNSUCCESSFUL && (answer !== null || PARTIAL_CAUSES.has(cause))
  const services = servicesOf(work)
  const cell = cellOf(work)
  const sequence = integerAt(work, FIELD.sequence)
  const own: OtherParty = { kind: 'number', number: served as E164 }
  return {
    ...EMPTY,
    kind: 'voice',
    caller: isCaller ? own : other,
    called: isCaller ? other : own,
    answered,
    start: begun,
    durationSeconds: answered ? duration : 0,
    callerCell: isCaller ? cell : null,
    calledCell: isCaller ? null : cell,
    reference: `cs/${hexAt(work, FIELD.entity)}/${hexAt(work, FIELD.reference)}/${served}`,
    part: `${sequence ?? 0}@${begun}`,
    served: layout.served,
    callerHidden: isCaller && services.includes(CLIR),
    forwarded: isCaller && services.some(isForwarding),
  }
}

function readText(work: Work, layout: ChargingLayout): Reading {
  const { places, options } = work
  const isCaller = layout.served === 'caller'
  const served = work.served(false)
  if (!served.startsWith('+')) return served
  // A terminated text's record (7) has no field for who sent it.
  const other = has(places, FIELD.other)
    ? work.other(isCaller ? messageAddress : addressString)
    : isCaller
      ? null
      : WITHHELD
  if (other === null) return isCaller ? 'the called party cannot be read' : 'the caller cannot be read'
  const start = timeAt(work, FIELD.seizure)
  if (start === null) return 'the record has no time that can be read'
  const wrong = implausibleStart(start, options.now)
  if (wrong !== null) return wrong
  const own: OtherParty = { kind: 'number', number: served as E164 }
  const cell = cellOf(work)
  const reference = has(places, FIELD.reference)
    ? `sms/${hexAt(work, FIELD.entity)}/${hexAt(work, FIELD.reference)}/${served}`
    : null
  return {
    ...EMPTY,
    kind: 'sms',
    caller: isCaller ? own : other,
    called: isCaller ? other : own,
    answered: !has(places, FIELD.failure),
    start,
    callerCell: isCaller ? cell : null,
    calledCell: isCaller ? null : cell,
    reference,
    part: reference === null ? null : `@${start}`,
    served: layout.served,
  }
}

function readData(work: Work, layout: ChargingLayout): Reading {
  const served = work.served(false)
  if (!served.startsWith('+')) return served
  const start = timeAt(work, FIELD.seizure)
  if (start === null) return 'the record has no time that can be read'
  const durationSeconds = integerAt(work, FIELD.duration)
  if (durationSeconds === null) return 'the record lacks its duration'
  const wrong = implausibleStart(start, work.options.now) ?? implausibleDuration(durationSeconds)
  if (wrong !== null) return wrong
  const bytes = volumeOf(work)
  if (bytes === null) return 'the volumes of the record cannot be read'
  const node = layout.servingNode === true ? 'serving' : 'gateway'
  return {
    ...EMPTY,
    kind: 'data',
    caller: { kind: 'number', number: served as E164 },
    called: NONE,
    answered: true,
    start,
    durationSeconds,
    bytes,
    callerCell: sessionCell(work),
    reference: `ps/${node}/${hexAt(work, FIELD.gateway)}/${hexAt(work, FIELD.reference)}/${served}`,
    part: `${integerAt(work, FIELD.sequence) ?? 0}@${start}`,
    served: 'caller',
  }
}

const EMPTY: Omit<SourceRecord, 'caller' | 'called' | 'kind' | 'answered' | 'start' | 'served'> = {
  durationSeconds: null,
  bytes: null,
  callerCell: null,
  calledCell: null,
  chargeMilli: null,
  currency: null,
  tariff: null,
  reference: null,
}

/** Remembers what numbers, by their bytes, were read as. */
function createPartyMemory(options: FormatOptions) {
  const known = new Map<string, OtherParty | null>()
  const remember = (key: string, party: OtherParty | null): OtherParty | null => {
    if (known.size >= MAX_REMEMBERED) known.clear()
    known.set(key, party)
    return party
  }
  return {
    of: (bytes: Buffer, places: Int32Array): Pick<Work, 'served' | 'other'> => ({
      served(asDirectory) {
        const [start, end] = [places[FIELD.served]!, places[FIELD.served + 1]!]
        if (start === 0) return byImsi(bytes, places, options)
        const key = bytes.toString('latin1', start, end)
        const party = known.get(`s${key}`)
        if (party?.kind === 'number') return party.number
        const written = servedNumber(bytes, start, end, asDirectory)
        const number = written === null ? null : numberOf(written, options.plan)
        if (number === null) return byImsi(bytes, places, options)
        remember(`s${key}`, { kind: 'number', number })
        return number
      },
      other(read) {
        const [start, end] = [places[FIELD.other]!, places[FIELD.other + 1]!]
        const key = bytes.toString('latin1', start, end)
        const before = known.get(key)
        if (before !== undefined) return before
        const written = read(bytes, start, end)
        return remember(key, written === null ? null : partyOf(written, options.plan))
      },
    }),
  }
}

/**
 * The served number. In records of terminated calls it is typed as a called number, with an octet 3a where the
 * first octet does not end; elsewhere as an MSISDN, whose first octet always does.
 */
function servedNumber(bytes: Buffer, start: number, end: number, asDirectory: boolean): WrittenNumber | null {
  return asDirectory ? directoryNumber(bytes, start, end) : addressString(bytes, start, end)
}

function byImsi(bytes: Buffer, places: Int32Array, { numbers }: FormatOptions): E164 | string {
  const imsi = has(places, FIELD.imsi)
    ? telephonyDigits(bytes, places[FIELD.imsi]!, places[FIELD.imsi + 1]!)
    : null
  if (imsi === null) return 'the record names no subscriber that can be read'
  return (
    numbers.get(imsi) ??
    'the record names its subscriber by IMSI only, and the list of numbers does not have it'
  )
}

function has(places: Int32Array, field: number): boolean {
  return places[field]! !== 0
}

function integerAt({ bytes, places }: Work, field: number): number | null {
  return has(places, field) ? integerOf(bytes, places[field]!, places[field + 1]!) : null
}

function hexAt({ bytes, places }: Work, field: number): string {
  return has(places, field)
    ? hexOf(bytes, places[field]!, Math.min(places[field + 1]!, places[field]! + 64))
    : ''
}

function timeAt({ bytes, places }: Work, field: number): number | null {
  return has(places, field) ? timeStampOf(bytes, places[field]!, places[field + 1]!) : null
}

function beforeRelease(work: Work, duration: number): number | null {
  const release = timeAt(work, FIELD.release)
  return release === null ? null : release - duration
}

/**
 * A TimeStamp of TS 32.298: local time in BCD with its sign (ASCII) and offset, `YYMMDDhhmmss+hhmm`, nine octets;
 * epoch seconds, or null when it is none. Years are 1990 to 2089.
 */
export function timeStampOf(bytes: Uint8Array, start: number, end: number): number | null {
  if (end - start !== 9) return null
  let part = 0
  const digits = (at: number): number => {
    const byte = bytes[start + at]!
    if (byte >> 4 > 9 || (byte & 15) > 9) part = -1
    return (byte >> 4) * 10 + (byte & 15)
  }
  const [year, month, day] = [digits(0), digits(1), digits(2)]
  const [hour, minute, second] = [digits(3), digits(4), digits(5)]
  const sign = bytes[start + 6]!
  const offset = digits(7) * 60 + digits(8)
  if (part < 0 || month < 1 || month > 12 || day < 1 || day > 31) return null
  if (hour > 23 || minute > 59 || second > 60 || offset > 14 * 60 || (sign !== 0x2b && sign !== 0x2d))
    return null
  const local = Date.UTC(year + (year < 90 ? 2000 : 1900), month - 1, day, hour, minute, second) / 1000
  return sign === 0x2b ? local - offset * 60 : local + offset * 60
}

/** The supplementary services used: SuppServiceUsed is a SEQUENCE of an SS-Code [0] and a time. */
function servicesOf(work: Work): number[] {
  if (!has(work.places, FIELD.services)) return []
  const codes: number[] = []
  eachOf(work.bytes, work.places[FIELD.services]!, work.places[FIELD.services + 1]!, (used) => {
    eachOf(work.bytes, used.start, used.end, (field) => {
      if (field.tag === 0 && field.end > field.start) codes.push(work.bytes[field.start]!)
    })
  })
  return codes
}

/** Location area [0] and cell [1] in decimal: `1201-40417`. */
function cellOf(work: Work): string | null {
  if (!has(work.places, FIELD.cell)) return null
  let area: number | null = null
  let cell: number | null = null
  eachOf(work.bytes, work.places[FIELD.cell]!, work.places[FIELD.cell + 1]!, (field) => {
    if (field.end - field.start !== 2) return
    if (field.tag === 0) area = work.bytes.readUInt16BE(field.start)
    if (field.tag === 1) cell = work.bytes.readUInt16BE(field.start)
  })
  return area === null || cell === null ? null : `${area}-${cell}`
}

/** User location of TS 29.061 16.4.7.2: a CGI (0), an ECGI (129), or TAI and ECGI (130); others say no cell. */
function sessionCell({ bytes, places }: Work): string | null {
  if (!has(places, FIELD.location)) return null
  const [start, end] = [places[FIELD.location]!, places[FIELD.location + 1]!]
  const type = bytes[start]
  if (type === 0 && end - start === 8)
    return `${bytes.readUInt16BE(start + 4)}-${bytes.readUInt16BE(start + 6)}`
  const evolved = type === 129 ? start + 1 : type === 130 ? start + 6 : end
  return evolved + 7 === end ? `${bytes.readUInt32BE(evolved + 3) & 0x0fffffff}` : null
}

/** Both ways together: of the containers of services where there are any, else of the traffic volumes. */
function volumeOf(work: Work): number | null {
  const [field, up, down] = has(work.places, FIELD.serviceData)
    ? [FIELD.serviceData, 12, 13]
    : [FIELD.volumes, 3, 4]
  if (!has(work.places, field)) return 0
  let sum: number | null = 0
  eachOf(work.bytes, work.places[field]!, work.places[field + 1]!, (container) => {
    eachOf(work.bytes, container.start, container.end, ({ tagClass, tag, start, end }) => {
      if (tagClass !== 2 || (tag !== up && tag !== down)) return
      const volume = integerOf(work.bytes, start, end)
      sum = volume === null || volume < 0 || sum === null ? null : sum + volume
    })
  })
  return sum === null || !Number.isSafeInteger(sum) ? null : sum
}

function eachOf(bytes: Buffer, start: number, end: number, visit: (element: Element) => void): void {
  for (let at = start; at < end; ) {
    const element = createElement()
    const next = readElement(bytes, at, end, element)
    if (next < 0) return
    visit(element)
    at = next
  }
}
