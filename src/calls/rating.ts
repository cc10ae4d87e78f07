import type { Direction, Kind, OtherParty } from './call-record.ts'
import { describeNumber, type NumberPlan } from './numbers.ts'
import type { TariffBundle, TariffRule, TariffTable, TariffVersion } from './tariffs.ts'

/** What a record must say to be priced. */
export interface Usage {
  readonly kind: Kind
  readonly direction: Direction
  readonly answered: boolean
  /** Epoch seconds, UTC. */
  readonly start: number
  readonly durationSeconds: number | null
  readonly bytes: number | null
  readonly other: OtherParty
  /** As the source has it; null: to be rated. */
  readonly chargeMilli: number | null
  /** `roaming` for what was used abroad. */
  readonly tariff: string | null
}

/** What a record costs, and under which category; null where no rule fits, and for what others pay. */
export interface Rated {
  readonly chargeMilli: number
  readonly tariff: string
}

/** The tariff that readers of roaming files give. */
export const ROAMING = 'roaming'

const MEBIBYTE = 1_048_576

/**
 * Prices one subscriber's records of whole months, in order of start, each of which says no charge of its own: the
 * first rule that fits, less what is left of the month's bundles. Bundles are used in order of start, so all of a
 * month must be given, late arrivals too, and the answer is the same whenever it is asked. What is received costs
 * nothing; neither does what was not answered.
 */
export function rateMonths(
  usages: readonly Usage[],
  table: TariffTable,
  place: { plan: NumberPlan; offsetMinutes: number },
): (Rated | null)[] {
  const left = new Map<string, number>()
  return usages.map((usage) => {
    if (usage.chargeMilli !== null || usage.direction === 'in') return null
    const local = new Date((usage.start + place.offsetMinutes * 60) * 1000)
    const day = local.toISOString().slice(0, 10)
    const version = table.versions.findLast(({ from }) => from <= day)
    if (version === undefined) return null
    const rule = version.rules.find((candidate) => fits(candidate, usage, local.getUTCHours(), place.plan))
    if (rule === undefined) return null
    const units = usage.answered ? unitsOf(rule, usage) : 0
    const paid = units - takeFree(units, rule, version, day.slice(0, 7), left)
    return { chargeMilli: chargeOf(rule, paid), tariff: rule.id }
  })
}

function fits(rule: TariffRule, usage: Usage, hour: number, plan: NumberPlan): boolean {
  if (rule.kind !== usage.kind || (rule.roaming ?? false) !== (usage.tariff === ROAMING)) return false
  if (rule.hours !== undefined && (hour < rule.hours[0] || hour >= rule.hours[1])) return false
  if (usage.kind === 'data') return true
  const { other } = usage
  const described = other.kind === 'number' ? describeNumber(other.number, plan) : { type: other.kind }
  if (rule.to !== undefined && !rule.to.some((type) => type === described.type)) return false
  if (rule.prefixes?.some((prefix) => other.kind === 'number' && other.number.startsWith(prefix)) === false)
    return false
  return rule.countries?.includes(('country' in described ? described.country : undefined) ?? '') ?? true
}

/** What counts: seconds after the steps of the price, texts, or bytes; of started units, all that were started. */
function unitsOf({ price }: TariffRule, { durationSeconds, bytes }: Usage): number {
  const seconds = durationSeconds ?? 0
  switch (price.per) {
    case 'second': {
      const step = price.step ?? 1
      return seconds === 0 ? 0 : Math.ceil(Math.max(seconds, price.first ?? 0) / step) * step
    }
    case 'minute':
      return seconds
    case 'started-minute':
      return Math.ceil(seconds / 60) * 60
    case 'text':
      return 1
    case 'mebibyte':
      return bytes ?? 0
    case 'started-mebibyte':
      return Math.ceil((bytes ?? 0) / MEBIBYTE) * MEBIBYTE
  }
}

/** Takes what the month's bundles still have for this rule, one bundle after the other. */
function takeFree(
  units: number,
  rule: TariffRule,
  { bundles = [] }: TariffVersion,
  month: string,
  left: Map<string, number>,
): number {
  let free = 0
  for (const bundle of bundles.filter(({ rules }: TariffBundle) => rules.includes(rule.id))) {
    const key = `${month} ${bundle.id}`
    const there = left.get(key) ?? bundle.free
    const taken = Math.min(there, units - free)
    left.set(key, there - taken)
    free += taken
  }
  return free
}

/** In thousandths, halves up: only `minute` and `mebibyte` prices have parts to round. */
function chargeOf({ price }: TariffRule, units: number): number {
  switch (price.per) {
    case 'second':
    case 'text':
      return units * price.milli
    case 'minute':
      return Math.floor((units * price.milli) / 60 + 0.5)
    case 'started-minute':
      return Math.ceil(units / 60) * price.milli
    case 'mebibyte':
      return Math.floor((units * price.milli) / MEBIBYTE + 0.5)
    case 'started-mebibyte':
      return Math.ceil(units / MEBIBYTE) * price.milli
  }
}
