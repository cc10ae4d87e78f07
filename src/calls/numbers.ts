import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { E164, OtherParty } from './call-record.ts'
import type { Jurisdiction } from './jurisdiction.ts'
import { myanmarInternational, plainDigits } from './myanmar-numbers.ts'

/** What one operator adds to its country's plan; national prefixes are written without the leading 0. */
export interface OperatorNumbers {
  readonly ownPrefixes: readonly string[]
  readonly premiumPrefixes: readonly string[]
  readonly servicePrefixes: readonly string[]
}

/** The country's plan with the operator's own ranges in it. */
export type NumberPlan = Jurisdiction['numberPlan'] & OperatorNumbers & { readonly country: string }

/** What kind of number this is, as a bill would call it; `country` (ISO 3166) only for numbers abroad. */
export interface NumberDescription {
  readonly type: 'own-network' | 'other-mobile' | 'landline' | 'abroad' | 'premium' | 'service' | 'toll-free'
  readonly country?: string
}

/** Joins a jurisdiction's plan and an operator's ranges. */
export function createNumberPlan(jurisdiction: Jurisdiction, operator: OperatorNumbers): NumberPlan {
  return { ...jurisdiction.numberPlan, ...operator, country: jurisdiction.country }
}

/** The shortest numbers that can be dialled from abroad, country code and all, without the plus (Niue's landlines). */
const FEWEST_DIGITS = 7

/**
 * The E.164 number that `text` means to somebody in the plan's country, or null. Takes Burmese digits, spaces,
 * dashes, dots and brackets, `0`, `00`, `0095` and `95` in front, and bare mobiles. A number of a length that its
 * country does not have is null; whether a range is in use today is not asked, for call records name numbers that
 * were taken away long ago.
 */
export function parseNumber(text: string, plan: NumberPlan): E164 | null {
  if (text.length > 64) return null
  const plain = plainDigits(text)
  const international = plan.country === 'MM' ? myanmarInternational(plain) : plain
  if (international === null) return null
  const home = `+${plan.callingCode}`
  if (international.startsWith(home)) {
    return isHomeNumber(international.slice(home.length), plan) ? (international as E164) : null
  }
  const read = (of: string): string | null => {
    const parsed = parsePhoneNumberFromString(of, plan.country as CountryCode)
    return parsed?.isPossible() === true && parsed.ext === undefined ? parsed.number : null
  }
  const number = read(international)
  // Some countries' short codes are possible numbers, too: nobody abroad can dial them.
  if (number === null || number.length <= FEWEST_DIGITS) return null
  // A prefix that is dialled at home is taken off, once: what has it twice is no number.
  return read(number) === number ? (number as E164) : null
}

/**
 * The other party of a call as a switch writes it: a number, a short code (as many digits as the plan allows and
 * no meaning as a number), a sender's name, or withheld (empty, `anonymous`, `withheld`, `unknown`, `private`).
 * Null when it is none of these, such as nine digits that no plan knows.
 */
export function parseParty(text: string, plan: NumberPlan): OtherParty | null {
  const trimmed = text.trim()
  if (trimmed === '' || /^(anonymous|withheld|unknown|private|restricted)$/i.test(trimmed)) {
    return { kind: 'withheld' }
  }
  const number = parseNumber(trimmed, plan)
  if (number !== null) return { kind: 'number', number }
  const plain = plainDigits(trimmed)
  if (/^[*#0-9]+$/.test(plain)) {
    const { min, max } = plan.shortCodeDigits
    return plain.length >= min && plain.length <= max ? { kind: 'short-code', code: plain } : null
  }
  // 11 characters is what an alphanumeric sender may have in GSM 03.40; gateways abroad allow a few more.
  return /\p{L}/u.test(trimmed) && trimmed.length <= 32 && !/[\p{Cc}\ufffd]/u.test(trimmed)
    ? { kind: 'name', name: trimmed.normalize('NFC') }
    : null
}

/** Tells what kind of number this is under the plan. The operator's own ranges win over the country's. */
export function describeNumber(number: E164, plan: NumberPlan): NumberDescription {
  const home = `+${plan.callingCode}`
  if (!number.startsWith(home)) {
    const country = parsePhoneNumberFromString(number)?.country
    return country === undefined ? { type: 'abroad' } : { type: 'abroad', country }
  }
  const national = number.slice(home.length)
  const within = (prefixes: readonly string[]) => prefixes.some((prefix) => national.startsWith(prefix))
  if (within(plan.premiumPrefixes)) return { type: 'premium' }
  if (within(plan.servicePrefixes)) return { type: 'service' }
  if (within(plan.tollFreePrefixes)) return { type: 'toll-free' }
  if (within(plan.ownPrefixes)) return { type: 'own-network' }
  return { type: national.startsWith(plan.mobilePrefix) ? 'other-mobile' : 'landline' }
}

/**
 * A number as people write it: at home (calling code `home`) in national form, `09 791 204 412`, elsewhere with
 * its country, `+66 81 234 5678`. Digits stay Latin, so that they can be read aloud and typed.
 */
export function formatNumber(number: E164, home = '95'): string {
  const mobile = home === '95' ? /^\+959([0-9]{7,9})$/.exec(number) : null
  // The library groups these in a way that nobody in the country writes.
  if (mobile !== null) return `09 ${grouped(mobile[1]!)}`
  const parsed = parsePhoneNumberFromString(number)
  if (parsed === undefined) return number
  return number.startsWith(`+${home}`) && parsed.isValid()
    ? parsed.formatNational()
    : parsed.formatInternational()
}

/** 7 digits as 3 and 4, 8 as 4 and 4, 9 as three threes. */
function grouped(digits: string): string {
  if (digits.length === 9) return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`
  return `${digits.slice(0, -4)} ${digits.slice(-4)}`
}

function isHomeNumber(national: string, plan: NumberPlan): boolean {
  if (plan.tollFreePrefixes.some((prefix) => national.startsWith(prefix))) return true
  if (national.startsWith(plan.mobilePrefix)) {
    return national.length >= plan.mobileDigits.min && national.length <= plan.mobileDigits.max
  }
  return (
    national.length >= 6 && national.length <= 9 && plan.areaCodes.some((code) => national.startsWith(code))
  )
}
