import type { OtherParty } from '../calls/call-record.ts'
import type { NumberPlan } from '../calls/numbers.ts'
import { type Bill, billOf, type LogRow } from '../care/bill.ts'
import { countParties } from '../care/party.ts'
import { monthBounds } from '../care/period.ts'
import { billedMilli, type Charge, chargesOfMonth } from '../customers/charges.ts'
import type { Subscriber } from '../customers/customers.ts'
import { clipToTenure } from '../customers/subscriber.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Field } from '../ledger/receipt.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Db } from '../platform/database.ts'
import type { Lens, OpenedRow, Vault } from '../vault/vault.ts'

/** Her own records, read by herself. Each opening is an entry on her page, and never counted as a look. */

export type OwnView = 'bill' | 'calls' | 'download'

/** What the entry `own-records` says. */
export interface OwnRecordsBody {
  readonly what: OwnView
  /** `2026-08` */
  readonly month: string
}

export interface OwnRecordsParties {
  readonly db: Db
  readonly keys: Pick<KeyService, 'sealer'>
  readonly ledger: Ledger
  readonly vault: Vault
  readonly plan: NumberPlan
  readonly offsetMinutes: number
}

/** One of her own calls, with the number in full. */
export type OwnRow = OpenedRow<OtherParty>

const BILL_FIELDS: readonly Field[] = [
  'start',
  'kind',
  'direction',
  'answered',
  'charge',
  'tariff',
  'otherMasked',
]
const CALL_FIELDS: readonly Field[] = [
  'start',
  'duration',
  'kind',
  'direction',
  'answered',
  'charge',
  'tariff',
  'otherFull',
]

/** A bill as a whole: what her calls cost, what is charged beside them, and the sum of both. */
export interface OwnBill {
  readonly bill: Bill
  /** In order of time; what was topped up is among them and in no sum. */
  readonly charges: readonly Charge[]
  readonly wholeMilli: number
}

/** Her bill of a month: totals, what stands out, and what is charged beside calls. */
export async function openOwnBill(
  parties: OwnRecordsParties,
  subscriber: Subscriber,
  month: string,
): Promise<OwnBill> {
  const party = countParties(parties.plan)
  const rows = await open(parties, subscriber, { what: 'bill', month }, BILL_FIELDS, {
    other: ({ other }) => party(other),
  })
  const ask = { question: 'higher' as const, days: [], categories: [] }
  const bill = billOf(rows.map(logRowOf), month, parties.offsetMinutes, ask)
  const charges = await chargesOfMonth(parties.db, parties.keys, subscriber.tenure, month)
  return { bill, charges, wholeMilli: bill.totalMilli + billedMilli(charges) }
}

/** Her calls of a month, in order of time. */
export async function openOwnCalls(
  parties: OwnRecordsParties,
  subscriber: Subscriber,
  month: string,
  what: 'calls' | 'download',
): Promise<OwnRow[]> {
  return open(parties, subscriber, { what, month }, CALL_FIELDS, { other: ({ other }) => other })
}

async function open<M>(
  parties: OwnRecordsParties,
  subscriber: Subscriber,
  body: OwnRecordsBody,
  fields: readonly Field[],
  lens: Lens<M>,
): Promise<OpenedRow<M>[]> {
  const { ledger, vault, offsetMinutes } = parties
  const id = await ledger.record({
    kind: 'own-records',
    header: null,
    subject: subscriber.subject,
    body: { ...body },
    opening: {
      subject: subscriber.subject,
      tenure: subscriber.tenure,
      ...clipToTenure(monthBounds(body.month, offsetMinutes), subscriber),
      fields,
    },
  })
  return vault.open(await ledger.receiptFor(id), lens)
}

function logRowOf(row: OpenedRow<LogRow['other']>): LogRow {
  const { name, start, kind, direction, answered, chargeMilli, currency, tariff, other } = row
  invariant(start !== undefined && kind && direction && other, 'a row has the fields of its opening')
  return {
    name,
    start,
    kind,
    direction,
    answered: answered ?? false,
    chargeMilli: chargeMilli ?? null,
    currency: currency ?? null,
    tariff: tariff ?? null,
    other,
  }
}
