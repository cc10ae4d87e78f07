import { readFileSync } from 'node:fs'
import type { Words } from '../src/platform/words.ts'

/** One category of the price list; prices in thousandths of the major unit (a kyat), each begun minute or MiB. */
export interface TariffCategory {
  readonly id: string
  readonly label: Words
  readonly perMinuteMilli?: number
  /** From this local hour to midnight `latePerMinuteMilli` holds. */
  readonly lateFromHour?: number
  readonly latePerMinuteMilli?: number
  readonly perTextMilli?: number
  readonly perMebibyteMilli?: number
}

/** The operator's price list. */
export interface TariffList {
  /** ISO 4217. */
  readonly currency: string
  readonly categories: readonly TariffCategory[]
}

/** The demo operator's price list, `demo/tariffs.json`. */
export function readDemoTariffs(): TariffList {
  return JSON.parse(readFileSync(new URL('./tariffs.json', import.meta.url), 'utf8')) as TariffList
}

/** What one use costs, in thousandths of a kyat; `hour` is local. A category that has no such price costs 0. */
export function chargeOf(
  category: TariffCategory,
  use: { kind: 'voice' | 'sms' | 'data'; seconds: number; bytes: number; hour: number },
): number {
  if (use.kind === 'sms') return category.perTextMilli ?? 0
  if (use.kind === 'data') return Math.ceil(use.bytes / 1_048_576) * (category.perMebibyteMilli ?? 0)
  const late = category.lateFromHour !== undefined && use.hour >= category.lateFromHour
  const perMinute = (late ? category.latePerMinuteMilli : category.perMinuteMilli) ?? 0
  return Math.ceil(use.seconds / 60) * perMinute
}
