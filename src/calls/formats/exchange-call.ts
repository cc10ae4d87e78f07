import type { OtherParty } from '../call-record.ts'
import { parseParty } from '../numbers.ts'
import { implausibleDuration, implausibleStart } from './plausible.ts'
import type { FormatOptions, Reading } from './record-format.ts'

/** A call as a telephone exchange (Asterisk, FreeSWITCH) tells it: one record a call, in both parties' logs. */
export interface ExchangeCall {
  readonly caller: string
  readonly called: string
  readonly hidden: boolean
  readonly answered: boolean
  /** Epoch seconds; null when it cannot be read. */
  readonly start: number | null
  /** Seconds talked; null when they cannot be read. */
  readonly seconds: number | null
  readonly reference: string | null
}

/** Makes a record of an exchange's call, or says what cannot be read. */
export function recordOfExchange(call: ExchangeCall, options: FormatOptions): Reading {
  const caller = partyOf(call.caller, options)
  const called = partyOf(call.called, options)
  if (caller === null) return 'the caller cannot be read'
  if (called === null) return 'the called party cannot be read'
  if (caller.kind !== 'number' && called.kind !== 'number')
    return 'neither party is a number, so nobody has this call'
  const { start, seconds, answered } = call
  if (start === null) return 'the start cannot be read'
  if (seconds === null) return 'the duration is not a number'
  const wrong = implausibleStart(start, options.now) ?? implausibleDuration(seconds)
  if (wrong !== null) return wrong
  return {
    caller,
    called,
    kind: 'voice',
    answered,
    start,
    durationSeconds: answered ? seconds : 0,
    bytes: null,
    callerCell: null,
    calledCell: null,
    chargeMilli: null,
    currency: null,
    tariff: null,
    reference: call.reference,
    served: 'both',
    callerHidden: call.hidden,
  }
}

/** An extension or a user by the list of numbers, anything else as people in the country dial it. */
function partyOf(text: string, { plan, numbers }: FormatOptions): OtherParty | null {
  const known = numbers.get(text.trim())
  return known === undefined ? parseParty(text, plan) : { kind: 'number', number: known }
}

const LOCAL = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/

/** `yyyy-MM-dd HH:mm:ss` as if it were UTC; null for anything else. */
export function localSeconds(text: string): number | null {
  const match = LOCAL.exec(text.trim())
  if (match === null) return null
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return null
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000
  return new Date(seconds * 1000).getUTCDate() === day || second === 60 ? seconds : null
}

/** Whole seconds of a text such as `31`; null for anything else. */
export function wholeSeconds(text: string): number | null {
  return /^-?\d{1,9}(\.\d+)?$/.test(text.trim()) ? Math.round(Number(text)) : null
}
