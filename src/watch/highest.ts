import { type Kept, TOTAL } from './reservoir.ts'
import { OWN_HISTORY_MS } from './rules.ts'

/**
 * The highest combined scores among all looks of a peer group in the last 30 days. The 4,096 looks of a reservoir hold
 * four of a thousandth, and four tell a rate to a half; all looks of a month tell it to a fifth or better. What is kept
 * is bounded: the highest 1,024, and for each day how many looks each person made. A person is compared with the others
 * alone. Pure.
 */
export class Highest {
  /** From the highest down. */
  #kept: Kept[] = []
  #days: Day[] = []
  #looks = 0
  readonly #looksOf = new Map<number, number>()
  /** Above this every look of the 30 days is kept. */
  #floor = Number.NEGATIVE_INFINITY

  constructor(from: HighestData = { kept: [], days: [] }) {
    this.#kept = [...from.kept]
    this.#days = from.days.map(({ looks, ...day }) => ({ ...day, looks: new Map(looks) }))
    for (const { looks } of this.#days)
      for (const [employee, count] of looks) this.#countLooks(employee, count)
    this.#findFloor()
  }

  data(): HighestData {
    return { kept: this.#kept, days: this.#days.map(({ looks, ...day }) => ({ ...day, looks: [...looks] })) }
  }

  /** How many looks of others a look of this person is compared with. */
  others(employee: number): number {
    return this.#looks - (this.#looksOf.get(employee) ?? 0)
  }

  /**
   * The share of others' looks that reach a score: (1 + how many) / (1 + of how many). Above the highest it falls as the
   * highest 64 fell (exponentially), where there are enough for that to be a tail. Null where too many reach it for all of them to be kept.
   */
  share(score: number, employee: number): number | null {
    if (score <= this.#floor) return null
    const others = this.others(employee)
    const highest: number[] = []
    let reach = 0
    for (const kept of this.#kept) {
      const value = kept.values[TOTAL]!
      if (value < score && (reach > 0 || highest.length === TAIL)) break
      if (kept.employee === employee) continue
      if (value >= score) reach += 1
      else highest.push(value)
    }
    if (reach > 0 || highest.length < TAIL || others < FEWEST_FOR_TAIL) return (1 + reach) / (1 + others)
    const excess = highest.reduce((sum, one) => sum + one - highest.at(-1)!, 0)
    const fallen = excess <= 0 ? 1 : Math.exp((-(score - highest[0]!) * TAIL) / excess)
    return fallen / (1 + others)
  }

  /** Takes in a look at its moment. */
  offer(kept: Kept): void {
    const day = dayOf(kept.at)
    if (day > (this.#days.at(-1)?.day ?? Number.NEGATIVE_INFINITY)) this.#begin(day)
    const today = this.#days.findLast((one) => one.day === day)
    if (today === undefined) return
    today.looks.set(kept.employee, (today.looks.get(kept.employee) ?? 0) + 1)
    this.#countLooks(kept.employee, 1)
    this.#insert(kept)
  }

  /** Puts a look's newer score in the place of its older one. */
  amend(kept: Kept): void {
    const at = this.#kept.findIndex(({ look }) => look === kept.look)
    if (at >= 0) this.#kept.splice(at, 1)
    if (dayOf(kept.at) >= (this.#days[0]?.day ?? Number.POSITIVE_INFINITY)) this.#insert(kept)
  }

  /** Takes out those of one person that this says yes to: confirmed misuse. */
  remove(employee: number, is: (kept: Kept) => boolean): void {
    const isWrong = (kept: Kept) => kept.employee === employee && is(kept)
    for (const { at } of this.#kept.filter(isWrong)) {
      const looks = this.#days.find(({ day }) => day === dayOf(at))!.looks
      looks.set(employee, looks.get(employee)! - 1)
      this.#countLooks(employee, -1)
    }
    this.#kept = this.#kept.filter((kept) => !isWrong(kept))
  }

  #begin(day: number): void {
    const from = day - DAYS + 1
    for (const gone of this.#days.filter((one) => one.day < from))
      for (const [employee, count] of gone.looks) this.#countLooks(employee, -count)
    this.#days = [...this.#days.filter((one) => one.day >= from), { day, looks: new Map(), dropped: null }]
    this.#kept = this.#kept.filter(({ at }) => dayOf(at) >= from)
    this.#findFloor()
  }

  #insert(kept: Kept): void {
    const score = kept.values[TOTAL]!
    if (score <= this.#floor) return
    let low = 0
    let high = this.#kept.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#kept[middle]!.values[TOTAL]! >= score) low = middle + 1
      else high = middle
    }
    this.#kept.splice(low, 0, kept)
    if (this.#kept.length <= MOST_KEPT) return
    const { at, values } = this.#kept.pop()!
    const day = this.#days.find((one) => one.day === dayOf(at))
    if (day !== undefined) day.dropped = Math.max(day.dropped ?? values[TOTAL]!, values[TOTAL]!)
    this.#findFloor()
  }

  /** What was dropped says up to where looks are missing, until its day is over. */
  #findFloor(): void {
    this.#floor = this.#days.reduce(
      (most, { dropped }) => Math.max(most, dropped ?? most),
      Number.NEGATIVE_INFINITY,
    )
  }

  #countLooks(employee: number, count: number): void {
    this.#looks += count
    this.#looksOf.set(employee, (this.#looksOf.get(employee) ?? 0) + count)
  }
}

export interface HighestData {
  readonly kept: readonly Kept[]
  readonly days: readonly {
    readonly day: number
    readonly looks: readonly (readonly [number, number])[]
    readonly dropped: number | null
  }[]
}

interface Day {
  readonly day: number
  /** How many looks each person made. */
  readonly looks: Map<number, number>
  /** The highest score of this day that is not kept; null when all are. */
  dropped: number | null
}

const DAY_MS = 86_400_000
const DAYS = OWN_HISTORY_MS / DAY_MS
const MOST_KEPT = 1_024
/** Among fewer, the highest 64 are no tail. */
const FEWEST_FOR_TAIL = 256
const TAIL = 64

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}
