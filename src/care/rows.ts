import type { Direction, Kind, OtherParty } from '../calls/call-record.ts'
import type { NumberPlan } from '../calls/numbers.ts'
import type { Words } from '../platform/words.ts'
import type { RowViewData } from './look-schemas.ts'
import { letterOf, type RowMask } from './mask.ts'
import { type PartyType, partyType, partyWords } from './party.ts'
import { localStart, moneyText, myanmarDigits } from './period.ts'

/** A row as a champion sees it: true in all it says, and no more than its look shows. */

/** What the vault's lens leaves of the other party. */
export interface MaskedParty {
  readonly type: PartyType
  readonly country: string | null
  readonly digits: string | null
}

/** A row of a page's opening. */
export interface PageRow {
  readonly name: string
  readonly start: number
  readonly durationSeconds: number | null
  readonly bytes: number | null
  readonly kind: Kind
  readonly direction: Direction
  readonly answered: boolean
  readonly chargeMilli: number | null
  readonly other: MaskedParty
}

/** The lens of a page: type, country and two digits; the number stays behind. */
export function maskParty(
  other: OtherParty,
  plan: NumberPlan,
  mask: (number: string) => string | null,
): MaskedParty {
  return { ...partyType(other, plan), digits: other.kind === 'number' ? mask(other.number) : null }
}

/** Renders one row of a look. `party` is its index among the look's parties; `row` names it within the look. */
export function renderRow(
  row: PageRow,
  look: {
    row: string
    party: number | null
    answers: boolean
    flags: RowMask['flags']
    offsetMinutes: number
  },
): RowViewData {
  const { day, minute, second } = localStart(row.start, look.offsetMinutes)
  return {
    row: look.row,
    day,
    start: look.flags.secondsShown ? second : minute,
    secondsShown: look.flags.secondsShown,
    kind: row.kind,
    direction: row.direction,
    answered: row.answered,
    type: row.other.type,
    typeLabel: partyWords(row.other.type, row.other.country),
    letter: look.party === null ? null : letterOf(look.party),
    digits: row.other.digits,
    unmasked: false,
    lasted: lastedWords(row, look.flags.durationExact),
    chargeMilli: row.chargeMilli,
    why: whyWords(row),
    answers: look.answers,
  }
}

/** `8:02` exact, `9 min` as billed, `1.2 MB`, `1 message`. */
export function lastedWords(row: Omit<PageRow, 'other'>, exact: boolean): Words {
  if (row.kind === 'sms') return { en: '1 message', my: 'မက်ဆေ့ခ်ျ ၁ စောင်' }
  if (!row.answered) return { en: 'Not answered', my: 'မဖြေဆိုပါ' }
  if (row.kind === 'data' && row.bytes !== null) {
    const megabytes = row.bytes / 1_048_576
    const text = exact ? megabytes.toFixed(1) : String(Math.max(1, Math.ceil(megabytes)))
    return both(text, ' MB')
  }
  if (row.durationSeconds === null) return { en: '–', my: '–' }
  if (exact) {
    const seconds = String(row.durationSeconds % 60).padStart(2, '0')
    return both(`${Math.floor(row.durationSeconds / 60)}:${seconds}`, '')
  }
  const minutes = String(billedMinutes(row.durationSeconds))
  return { en: `${minutes} min`, my: `${myanmarDigits(minutes)} မိနစ်` }
}

/**
 * `250 × 9 min`: the charge taken apart into what was counted. It is worked out from the row itself, so it holds
 * for every tariff; where the charge does not divide, it is one sum.
 */
function whyWords(row: PageRow): Words {
  if (row.chargeMilli === null) return { en: 'No charge recorded', my: 'ကျသင့်ငွေ မှတ်တမ်းမရှိပါ' }
  if (row.chargeMilli === 0)
    return row.direction === 'in' ? { en: 'Incoming is free', my: 'အဝင်ခေါ်ဆိုမှု အခမဲ့' } : { en: 'Free', my: 'အခမဲ့' }
  const { units, en, my } = countedUnits(row)
  const each = row.chargeMilli / units
  if (units < 1 || !Number.isInteger(each / 10)) return { en: 'One charge', my: 'တစ်ကြိမ်တည်း ကျသင့်ငွေ' }
  const price = moneyText(each)
  return {
    en: `${price} × ${units} ${en}`,
    my: `${myanmarDigits(price)} × ${myanmarDigits(String(units))} ${my}`,
  }
}

function countedUnits(row: PageRow): { units: number; en: string; my: string } {
  if (row.kind === 'voice') return { units: billedMinutes(row.durationSeconds ?? 0), en: 'min', my: 'မိနစ်' }
  if (row.kind === 'data')
    return { units: Math.max(1, Math.ceil((row.bytes ?? 0) / 1_048_576)), en: 'MB', my: 'MB' }
  return { units: 1, en: 'message', my: 'စောင်' }
}

function billedMinutes(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / 60))
}

function both(digits: string, unit: string): Words {
  return { en: digits + unit, my: myanmarDigits(digits) + unit }
}
