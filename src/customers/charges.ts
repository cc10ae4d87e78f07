import { createHmac } from 'node:crypto'
import type { E164 } from '../calls/call-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Append } from '../ledger/commit.ts'
import type { Db, Trx } from '../platform/database.ts'
import { faultyYet, type Taken } from '../platform/taken.ts'
import type { Words } from '../platform/words.ts'
import { PSEUDONYM_KEY, subjectOf } from '../vault/subject.ts'
import { type ChargeRow, putCharges, readCharges, readHolders, readMonthCharges } from './bulk-store.ts'

export type ChargeKind = 'top-up' | 'package' | 'subscription' | 'tax' | 'fee' | 'credit'

/** A charge that is no call. */
export interface Charge {
  readonly kind: ChargeKind
  /** Epoch seconds. */
  readonly at: number
  readonly label: Words
  /** Thousandths of the major unit, as a bill adds them: what was paid in and credits are below zero. */
  readonly amountMilli: number
  readonly currency: string
}

export interface ChargeLine extends Charge {
  readonly number: E164
  /** The billing system's own reference: the same one again is the same charge. */
  readonly reference: string
}

const PURPOSE = 'customers/charge'

/** Top-ups, packages, subscriptions, tax: what makes a bill whole. Sealed; a charge is its tenure's. */
export interface Charges {
  take(trx: Trx, append: Append, lines: readonly ChargeLine[]): Promise<Taken[]>
}

/** The use case over these keys; `offsetMinutes` is the local time by which months are counted. */
export function createCharges(
  keys: Pick<KeyService, 'sealer' | 'prfKey'>,
  place: { readonly offsetMinutes: number },
): Charges {
  const pseudonymKey = keys.prfKey(PSEUDONYM_KEY)
  const referenceKey = keys.prfKey('customers/charge-reference')
  const keyOf = (reference: string): Buffer =>
    createHmac('sha256', referenceKey).update(reference).digest().subarray(0, 16)
  return {
    async take(trx, append, lines) {
      const subjects = lines.map(({ number }) => subjectOf(pseudonymKey, number) as string)
      const held = Map.groupBy(await readHolders(trx, [...new Set(subjects)]), ({ subject }) => subject)
      const rowKeys = lines.map(({ reference }) => keyOf(reference))
      const onRecord = new Map((await readCharges(trx, rowKeys)).map((row) => [row.key.toString('hex'), row]))
      const writing = new Map<string, ChargeRow>()
      const taken = lines.map((line, i): Taken => {
        const { kind, at, label, amountMilli, currency } = line
        const holder = held
          .get(subjects[i]!)
          ?.find((row) => row.tenure_from <= at && (row.tenure_until === null || at < row.tenure_until))
        if (holder === undefined) return faultyYet('nobody held this number at that time')
        const key = rowKeys[i]!
        const hex = key.toString('hex')
        const plain = JSON.stringify({ kind, at, label, amountMilli, currency })
        const before = writing.get(hex) ?? onRecord.get(hex)
        const sameHolder = before?.subscriber_id === holder.id
        if (before !== undefined && sameHolder && openText(keys, before) === plain) return 'same'
        const month = monthOf(at, place.offsetMinutes)
        const row = { key, subscriber_id: holder.id, month }
        writing.set(hex, { ...row, sealed: keys.sealer.seal(PURPOSE, contextOf(row), Buffer.from(plain)) })
        return before === undefined ? 'added' : 'changed'
      })
      if (writing.size > 0) {
        await putCharges(trx, [...writing.values()])
        await append({ kind: 'charges-imported', header: null, body: { charges: writing.size } })
      }
      return taken
    },
  }
}

/** One tenure's charges of a local month (`2026-08`), in order of time. Whoever asks has a receipt for the bill. */
export async function chargesOfMonth(
  on: Db | Trx,
  keys: Pick<KeyService, 'sealer'>,
  tenure: string,
  month: string,
): Promise<Charge[]> {
  const rows = await readMonthCharges(on, tenure, Number(month.replace('-', '')))
  return rows.map((row) => JSON.parse(openText(keys, row)) as Charge).sort((a, b) => a.at - b.at)
}

/** What these add to a bill, thousandths of the major unit: what was topped up is shown there and adds nothing. */
export function billedMilli(charges: readonly Charge[]): number {
  return charges
    .filter(({ kind }) => kind !== 'top-up')
    .reduce((sum, { amountMilli }) => sum + amountMilli, 0)
}

function openText(keys: Pick<KeyService, 'sealer'>, row: ChargeRow): string {
  return keys.sealer.open(PURPOSE, contextOf(row), row.sealed).toString('utf8')
}

function contextOf({ key, subscriber_id, month }: Omit<ChargeRow, 'sealed'>): string {
  return `${key.toString('hex')} ${subscriber_id} ${month}`
}

function monthOf(at: number, offsetMinutes: number): number {
  const local = new Date((at + offsetMinutes * 60) * 1000)
  return local.getUTCFullYear() * 100 + local.getUTCMonth() + 1
}
