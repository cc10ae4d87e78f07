import type { E164 } from '../calls/call-record.ts'
import type { Bulk, FactsLine, HolderLine } from '../customers/bulk.ts'
import type { ChargeKind, ChargeLine, Charges } from '../customers/charges.ts'
import type { LineFacts } from '../customers/line-facts.ts'
import type { PersonName } from '../customers/subscriber.ts'
import type { Append } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { faulty, type Taken } from '../platform/taken.ts'
import type { EmployeeLine, Employment } from '../staff/employment.ts'
import type { OfficeId, Role, System } from '../staff/staff.ts'
import type { LineKind, Values } from './kinds.ts'

/** The rooms that lines go to. */
export interface Takers {
  readonly bulk: Bulk
  readonly charges: Charges
  readonly employment: Employment
  /** The country's currency, where a charge names none. */
  readonly currency: string
}

/** Who imports, and whether roles are given at once: at the command line only. */
export interface Importer {
  readonly by: System
  readonly giveRoles: boolean
}

/** Hands a batch of lines to the room they belong to, in its transaction; gives what became of each, in order. */
export async function takeLines(
  takers: Takers,
  trx: Trx,
  append: Append,
  batch: { kind: LineKind; lines: readonly Values[]; importer: Importer },
): Promise<Taken[]> {
  const { kind, lines, importer } = batch
  const { by, giveRoles } = importer
  switch (kind) {
    case 'subscribers':
      return each(lines, holderOf, (good) => takers.bulk.takeHolders(trx, append, good))
    case 'lines':
      return each(
        lines,
        (values): FactsLine | string => {
          const facts = factsOf(values)
          return typeof facts === 'string' ? facts : { number: values.number as E164, facts }
        },
        (good) => takers.bulk.takeFacts(trx, append, good),
      )
    case 'charges':
      return each(
        lines,
        (values) => chargeOf(values, takers.currency),
        (good) => takers.charges.take(trx, append, good),
      )
    case 'employees':
      return each(lines, employeeOf, (good) =>
        takers.employment.takeEmployees(trx, append, by, good, giveRoles),
      )
    case 'shifts':
      return each(
        lines,
        ({ staffNumber, from, until }) => ({
          staffNumber: staffNumber as string,
          from: (from as number) * 1000,
          until: (until as number) * 1000,
        }),
        (good) => takers.employment.takeShifts(trx, append, by, good),
      )
    case 'circles':
      return each(
        lines,
        ({ staffNumber, tie, number }) => ({
          staffNumber: staffNumber as string,
          kind: tie as 'own' | 'household' | 'declared',
          number: number as E164,
        }),
        (good) => takers.employment.takeCircles(trx, append, by, good),
      )
  }
}

/** Makes each line what its room takes, and hands over those that can be made; the others are faulty. */
async function each<T>(
  lines: readonly Values[],
  make: (values: Values) => T | string,
  take: (good: readonly T[]) => Promise<Taken[]>,
): Promise<Taken[]> {
  const made = lines.map(make)
  const good = made.filter((one): one is Exclude<T | string, string> & T => typeof one !== 'string')
  const taken = (good.length === 0 ? [] : await take(good))[Symbol.iterator]()
  return made.map((one) => (typeof one === 'string' ? faulty(one) : (taken.next().value as Taken)))
}

function holderOf(values: Values): HolderLine | string {
  const { number, nameLatn, nameMy, honorific, language, region, from, until } = values
  if (nameLatn === undefined && nameMy === undefined) return 'nameLatn and nameMy are both missing'
  const facts = factsOf(values)
  if (typeof facts === 'string') return facts
  const name: PersonName = {
    latn: (nameLatn ?? nameMy) as string,
    my: (nameMy ?? nameLatn) as string,
    honorific: (honorific ?? '') as string,
  }
  return {
    number: number as E164,
    name,
    language: (language ?? 'my') as 'en' | 'my',
    region: (region ?? '') as string,
    from: from as number,
    until: (until ?? null) as number | null,
    facts,
  }
}

function factsOf(values: Values): LineFacts | string {
  const { simChangedAt, forwarded, addressKind, address, addressSince, second, secondSince } = values
  const given = [addressKind, address, addressSince].filter((part) => part !== undefined).length
  if (given !== 0 && given !== 3) return 'addressKind, address and addressSince stand together'
  if ((second === undefined) !== (secondSince === undefined)) return 'second and secondSince stand together'
  if (addressKind === 'email' && !/^[^\s@]+@[^\s@]+$/.test(String(address)))
    return 'address is no mail address'
  const { shopOnly, safeMode } = values
  return {
    ...(simChangedAt === undefined ? {} : { simChangedAt: (simChangedAt as number) * 1000 }),
    ...(forwarded === undefined ? {} : { forwarded: forwarded as boolean }),
    ...(given === 0
      ? {}
      : {
          address: {
            kind: addressKind as 'post' | 'email',
            address: address as string,
            since: (addressSince as number) * 1000,
          },
        }),
    ...(second === undefined
      ? {}
      : { second: { number: second as E164, since: (secondSince as number) * 1000 } }),
    ...(shopOnly === undefined ? {} : { shopOnly: shopOnly as boolean }),
    ...(safeMode === undefined ? {} : { safeMode: safeMode as 'off' | 'neutral' | 'page' | 'shop' }),
  }
}

const CHARGE_WORDS: Record<ChargeKind, { en: string; my: string }> = {
  'top-up': { en: 'Top-up', my: 'ငွေဖြည့်' },
  package: { en: 'Package', my: 'ပက်ကေ့ချ်' },
  subscription: { en: 'Subscription', my: 'လစဉ်ကြေး' },
  tax: { en: 'Tax', my: 'အခွန်' },
  fee: { en: 'Fee', my: 'ဝန်ဆောင်ခ' },
  credit: { en: 'Credit', my: 'ပြန်အမ်းငွေ' },
}

function chargeOf(values: Values, home: string): ChargeLine | string {
  const kind = values.kind as ChargeKind
  const amount = values.amount as number
  const currency = (values.currency ?? home) as string
  if (!/^[A-Z]{3}$/.test(currency)) return 'currency is no code of three capital letters'
  if (amount < 0) return 'amount is below zero: credits and top-ups are written as what they are, above it'
  const words = CHARGE_WORDS[kind]
  const label = {
    en: (values.labelEn ?? values.labelMy ?? words.en) as string,
    my: (values.labelMy ?? values.labelEn ?? words.my) as string,
  }
  const paidIn = kind === 'top-up' || kind === 'credit'
  const amountMilli = paidIn ? 0 - amount : amount
  const { number, reference, at } = values
  return {
    ...{ number: number as E164, reference: reference as string, at: at as number },
    ...{ kind, label, amountMilli, currency },
  }
}

function employeeOf(values: Values): EmployeeLine {
  const { staffNumber, name, formerName, office, team, roles, from, until } = values
  return {
    staffNumber: staffNumber as string,
    name: name as string,
    ...(formerName === undefined ? {} : { formerName: formerName as string }),
    office: office as OfficeId,
    team: (team ?? 'first') as string,
    roles: (roles ?? []) as readonly Role[],
    from: (from as number) * 1000,
    until: until === undefined ? null : (until as number) * 1000,
  }
}
