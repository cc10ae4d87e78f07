import type { E164, OtherParty } from '../call-record.ts'
import { type NumberPlan, parseNumber, parseParty } from '../numbers.ts'

const TBCD = '0123456789*#abc'

/**
 * The digits of `bytes` in telephony BCD (3GPP TS 29.002 TBCD-STRING): the lower half of a byte first, `f` fills.
 * Null for a filler that digits follow.
 */
export function telephonyDigits(bytes: Uint8Array, start: number, end: number): string | null {
  let digits = ''
  for (let at = start; at < end; at++) {
    const low = bytes[at]! & 0x0f
    const high = bytes[at]! >> 4
    if (low === 15) return at === end - 1 && high === 15 ? digits : null
    digits += TBCD[low]
    if (high === 15) return at === end - 1 ? digits : null
    digits += TBCD[high]
  }
  return digits
}

/** The digits of `bytes` in plain BCD (GSMA TD.57 BCDString): the upper half of a byte first, `f` fills. */
export function plainBcdDigits(bytes: Uint8Array, start: number, end: number): string | null {
  let digits = ''
  for (let at = start; at < end; at++) {
    for (const half of [bytes[at]! >> 4, bytes[at]! & 0x0f]) {
      if (half === 15) return digits
      digits += TBCD[half]
    }
  }
  return digits
}

/** Types of number, 3GPP TS 24.008 table 10.5.118; the nature of address of TS 29.002 has the same values. */
const INTERNATIONAL = 1
const NATIONAL = 2
const ALPHANUMERIC = 5

/** A party's number as a switch writes it: its digits, their type, and whether it may be shown. */
export interface WrittenNumber {
  readonly type: number
  readonly digits: string
  readonly hidden: boolean
}

/**
 * An AddressString of TS 29.002 (and so an MSISDN): nature of address, then digits. Null when there are none.
 */
export function addressString(bytes: Uint8Array, start: number, end: number): WrittenNumber | null {
  if (end - start < 2) return null
  const digits = telephonyDigits(bytes, start + 1, end)
  return digits === null || digits === '' ? null : { type: (bytes[start]! >> 4) & 7, digits, hidden: false }
}

/**
 * A BCDDirectoryNumber of TS 32.298: octets 3 and 3a of a party number of TS 24.008 (10.5.4.7 to 10.5.4.9), then
 * digits. Octet 3a is there when octet 3 does not say it is the last; it says whether the number is restricted.
 * A number that is hidden may have no digits.
 */
export function directoryNumber(bytes: Uint8Array, start: number, end: number): WrittenNumber | null {
  if (end <= start) return null
  const first = bytes[start]!
  const type = (first >> 4) & 7
  const extended = first < 0x80
  const presentation = extended && start + 1 < end ? (bytes[start + 1]! >> 5) & 3 : 0
  const digits = telephonyDigits(bytes, start + (extended ? 2 : 1), end)
  return digits === null ? null : { type, digits, hidden: presentation === 1 || digits === '' }
}

/**
 * An address field of TS 23.040 (9.1.2.5): count of digits, type of address, digits; or letters of the GSM 7-bit
 * alphabet when the type says so. Some switches leave the count out: `bytes` then begins with the type.
 */
export function messageAddress(bytes: Uint8Array, start: number, end: number): WrittenNumber | null {
  if (end - start < 2) return null
  const counted = bytes[start]! < 0x80 && (bytes[start + 1]! & 0x80) !== 0
  const typeAt = counted ? start + 1 : start
  const type = (bytes[typeAt]! >> 4) & 7
  const digits =
    type === ALPHANUMERIC ? sevenBitText(bytes, typeAt + 1, end) : telephonyDigits(bytes, typeAt + 1, end)
  return digits === null || digits === '' ? null : { type, digits, hidden: false }
}

/** Who a written number is, or null when it is no number, short code or name that the plan knows. */
export function partyOf(written: WrittenNumber, plan: NumberPlan): OtherParty | null {
  if (written.hidden) return { kind: 'withheld' }
  const number = numberOf(written, plan)
  if (number !== null) return { kind: 'number', number }
  return parseParty(written.digits, plan)
}

/** The E.164 number that digits of a type mean, or null. */
export function numberOf({ type, digits }: WrittenNumber, plan: NumberPlan): E164 | null {
  if (type === INTERNATIONAL) return parseNumber(`+${digits}`, plan)
  if (type === NATIONAL)
    return parseNumber(`+${plan.callingCode}${digits}`, plan) ?? parseNumber(digits, plan)
  return type === ALPHANUMERIC ? null : parseNumber(digits, plan)
}

/** GSM 03.38 default alphabet; what needs the extension table, and Greek capitals, are left as question marks. */
const GSM_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅå?_?????????\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'

function sevenBitText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let bits = 0
  let held = 0
  for (let at = start; at < end; at++) {
    held |= bytes[at]! << bits
    bits += 8
    while (bits >= 7) {
      text += GSM_ALPHABET[held & 0x7f] ?? '?'
      held >>= 7
      bits -= 7
    }
  }
  return text.replace(/@$/, '').trim()
}
