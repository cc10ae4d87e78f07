import type { E164, OtherParty } from '../call-record.ts'
import type { NumberPlan } from '../numbers.ts'
import { parseNumber, parseParty } from '../numbers.ts'
import { ROAMING } from '../rating.ts'
import type { SourceRecord } from '../source-record.ts'
import { implausibleDuration, implausibleStart } from './plausible.ts'
import type { FormatOptions, Reading } from './record-format.ts'

/** A call made or received abroad, as TAP and NRTRDE both tell it. Times and numbers are texts as they stand there. */
export interface RoamingEvent {
  readonly kind: SourceRecord['kind']
  readonly served: 'caller' | 'called'
  readonly imsi: string | null
  readonly msisdn: string | null
  /** Null when the event names none. */
  readonly other: string | null
  readonly hidden: boolean
  /** `YYYYMMDDhhmmss`, and `+hhmm`. */
  readonly localTime: string | null
  readonly offset: string | null
  readonly durationSeconds: number | null
  readonly bytes: number | null
  readonly answered: boolean
  readonly cell: string | null
  readonly chargeMilli: number | null
  readonly currency: string | null
  /** Exchange and its own reference of the call; the same in NRTRDE and in the TAP file that follows it. */
  readonly reference: string | null
}

/** Makes a record of a roaming event, or says what it lacks. */
export function recordOfRoaming(event: RoamingEvent, options: FormatOptions): Reading {
  const number = subscriberOf(event, options)
  if (number === null)
    return 'the record names its subscriber by IMSI only, and the list of numbers does not have it'
  const other = otherOf(event, options.plan)
  if (other === null)
    return event.other === null ? 'the call names no called party' : 'the other party cannot be read'
  const start = startOf(event)
  if (start === null) return 'the record has no time that can be read'
  const wrong = implausibleStart(start, options.now) ?? implausibleDuration(event.durationSeconds ?? 0)
  if (wrong !== null) return wrong
  const subscriber: OtherParty = { kind: 'number', number }
  const isCaller = event.served === 'caller'
  // No customer pays in special drawing rights: a wholesale price is no charge of theirs.
  const own = event.chargeMilli !== null && event.currency === options.currency
  return {
    caller: isCaller ? subscriber : other,
    called: isCaller ? other : subscriber,
    kind: event.kind,
    answered: event.answered,
    start,
    durationSeconds: event.kind === 'sms' ? null : event.durationSeconds,
    bytes: event.kind === 'data' ? event.bytes : null,
    callerCell: isCaller ? event.cell : null,
    calledCell: isCaller ? null : event.cell,
    chargeMilli: own ? event.chargeMilli : null,
    currency: own ? event.currency : null,
    tariff: ROAMING,
    reference: event.reference === null ? null : `roaming/${event.reference}/${number}`,
    part: event.reference === null ? null : `@${start}`,
    served: event.served,
  }
}

function subscriberOf(event: RoamingEvent, { plan, numbers }: FormatOptions): E164 | null {
  const known = event.imsi === null ? undefined : numbers.get(event.imsi)
  if (known !== undefined) return known
  return event.msisdn === null ? null : internationalNumber(event.msisdn, plan)
}

function otherOf(event: RoamingEvent, plan: NumberPlan): OtherParty | null {
  if (event.kind === 'data') return { kind: 'none' }
  if (event.hidden || (event.other === null && event.served === 'called')) return { kind: 'withheld' }
  if (event.other === null) return null
  const number = internationalNumber(event.other, plan)
  return number === null ? parseParty(event.other, plan) : { kind: 'number', number }
}

/** Roaming partners write numbers in international form and leave the plus sign out. */
function internationalNumber(text: string, plan: NumberPlan): E164 | null {
  const digits = text.replace(/^\+|^00/, '')
  return /^[1-9][0-9]{6,14}$/.test(digits) ? parseNumber(`+${digits}`, plan) : null
}

function startOf({ localTime, offset }: RoamingEvent): number | null {
  const time = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(localTime ?? '')
  const zone = /^([+-])(\d\d)(\d\d)$/.exec(offset ?? '')
  if (time === null || zone === null) return null
  const [year, month, day, hour, minute, second] = time.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null
  const east = (Number(zone[2]) * 60 + Number(zone[3])) * 60
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - (zone[1] === '-' ? -east : east)
}
