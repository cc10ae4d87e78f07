import type { Opening } from '../ledger/receipt.ts'
import type { NamedRecord } from './join-parts.ts'
import type { RateMonths } from './vault.ts'

/** A stretch of time: `from <= start < until`, epoch seconds. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** Whether an opening shows what a price list could say. */
export function showsCharges({ fields }: Pick<Opening, 'fields'>): boolean {
  return fields.includes('charge') || fields.includes('tariff')
}

/** The whole local months that a span touches: bundles are used up from the first of a month on. */
export function wholeMonths({ from, until }: Span, offsetMinutes: number): Span {
  const first = new Date((from + offsetMinutes * 60) * 1000)
  const last = new Date((until - 1 + offsetMinutes * 60) * 1000)
  const edge = (date: Date, months: number): number =>
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / 1000 - offsetMinutes * 60
  return { from: edge(first, 0), until: edge(last, 1) }
}

/** Gives rows without a charge the one that the price list has for them. */
export function rateRows(rows: readonly NamedRecord[], rate: RateMonths): NamedRecord[] {
  const prices = rate(rows.map(({ record }) => record))
  return rows.map(({ name, record }, at) => {
    const price = prices[at] ?? null
    return price === null ? { name, record } : { name, record: { ...record, ...price } }
  })
}
