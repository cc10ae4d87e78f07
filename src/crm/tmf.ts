import type { BillViewData, RowsViewData, RowViewData } from '../care/look-schemas.ts'

/**
 * What was shown, in TM Forum's shapes: TMF635 usage (v4) and TMF678 customer bill (v5). Nothing is in them that the
 * screen of the same look does not show; the other party stays masked.
 */

export interface TmfPlace {
  /** ISO 4217. */
  readonly currency: string
  readonly offsetMinutes: number
}

type Json = Record<string, unknown>

const money = (milli: number, { currency }: TmfPlace) => ({ unit: currency, value: milli / 1000 })

/** A page of rows as usage. */
export function encodeUsage(rows: RowsViewData, place: TmfPlace): Json[] {
  return rows.rows.map((row) => ({
    '@type': 'Usage',
    id: `${rows.grant.id}.${row.row}`,
    usageDate: `${row.day}T${row.start.length === 5 ? `${row.start}:00` : row.start}${zoneOf(place)}`,
    usageType: row.kind,
    description: row.typeLabel.en,
    status: 'rated',
    ratedProductUsage:
      row.chargeMilli === null
        ? []
        : [
            {
              '@type': 'RatedProductUsage',
              ratingAmountType: 'Total',
              usageRatingTag: 'usage',
              offerTariffType: row.why.en,
              taxIncludedRatingAmount: money(row.chargeMilli, place),
            },
          ],
    usageCharacteristic: characteristicsOf(row),
  }))
}

function characteristicsOf(row: RowViewData): Json[] {
  const one = (name: string, value: string | boolean | null) =>
    value === null ? [] : [{ name, valueType: typeof value, value }]
  return [
    ...one('direction', row.direction),
    ...one('answered', row.answered),
    ...one('duration', row.lasted.en),
    ...one('otherPartyType', row.type),
    ...one('otherPartyMasked', row.digits),
    ...one('otherPartyLetter', row.letter),
  ]
}

/** The bill of a look's month. */
export function encodeBill(bill: BillViewData, place: TmfPlace): Json {
  const { id, month } = bill.grant
  return {
    '@type': 'CustomerBill',
    id: `${id}.bill`,
    category: 'normal',
    runType: 'onCycle',
    state: 'validated',
    billingPeriod: periodOf(month, place),
    taxIncludedAmount: money(bill.wholeMilli, place),
    taxItem: bill.others
      .filter(({ kind }) => kind === 'tax')
      .map(({ label, amountMilli }) => ({ taxCategory: label.en, taxAmount: money(amountMilli, place) })),
    appliedPayment: bill.others
      .filter(({ kind }) => kind === 'top-up')
      .map(({ amountMilli }) => ({ appliedAmount: money(-amountMilli, place) })),
  }
}

/** What the bill is made of: calls by category, then the other charges. */
export function encodeRates(bill: BillViewData, place: TmfPlace): Json[] {
  const { id, month } = bill.grant
  const rate = (key: string, type: string, name: string, milli: number, more: Json) => ({
    '@type': 'AppliedCustomerBillingRate',
    id: `${id}.${key}`,
    type,
    name,
    isBilled: true,
    bill: { id: `${id}.bill` },
    taxIncludedAmount: money(milli, place),
    ...more,
  })
  return [
    ...bill.categories.map((sum) =>
      rate(sum.category, 'appliedBillingCharge', sum.label.en, sum.chargeMilli, {
        periodCoverage: periodOf(month, place),
        characteristic: [{ name: 'records', valueType: 'number', value: sum.records }],
      }),
    ),
    ...bill.others
      .filter(({ kind }) => kind !== 'top-up')
      .map(({ kind, label, day, amountMilli }, at) =>
        rate(
          `other-${at + 1}`,
          amountMilli < 0 ? 'appliedBillingCredit' : 'appliedBillingCharge',
          label.en,
          amountMilli,
          { date: `${day}T00:00:00${zoneOf(place)}`, description: kind },
        ),
      ),
  ]
}

function periodOf(month: string, place: TmfPlace): Json {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const next = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10)
  const zone = zoneOf(place)
  return { startDateTime: `${month}-01T00:00:00${zone}`, endDateTime: `${next}T00:00:00${zone}` }
}

function zoneOf({ offsetMinutes }: TmfPlace): string {
  const size = Math.abs(offsetMinutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.trunc(size / 60))}:${two(size % 60)}`
}
