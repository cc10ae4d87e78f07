import { OFFICES, ROLES } from '../staff/staff.ts'

/** What one field of a line is. */
export type FieldType =
  /** A telephone number, as people in the country write it. */
  | { readonly is: 'number' }
  | { readonly is: 'text'; readonly longest: number }
  /** One of these words. */
  | { readonly is: 'choice'; readonly of: readonly string[] }
  /** Some of these words, parted by blanks or semicolons. */
  | { readonly is: 'choices'; readonly of: readonly string[] }
  /** A day (its first moment, local) or an instant. */
  | { readonly is: 'instant' }
  | { readonly is: 'yes-no' }
  /** An amount in the major unit, read exactly. */
  | { readonly is: 'money' }

export interface Field {
  readonly type: FieldType
  readonly required?: boolean
}

export type Fields = Readonly<Record<string, Field>>

const text = (longest: number, required = false): Field => ({ type: { is: 'text', longest }, required })
const number: Field = { type: { is: 'number' }, required: true }
const instant: Field = { type: { is: 'instant' } }
const yesNo: Field = { type: { is: 'yes-no' } }
const choice = (...of: string[]): Field => ({ type: { is: 'choice', of } })

/** What the operator's systems say of a line: channels of record with their day, SIM, forwarding, protection. */
const LINE_FACTS = {
  simChangedAt: instant,
  forwarded: yesNo,
  addressKind: choice('post', 'email'),
  address: text(200),
  addressSince: instant,
  second: { type: { is: 'number' } },
  secondSince: instant,
  shopOnly: yesNo,
  safeMode: choice('off', 'neutral', 'page', 'shop'),
} as const satisfies Fields

/** Every kind of line that is imported, with its fields; `docs/import.md` says the same in words. */
export const KINDS = {
  subscribers: {
    number,
    nameLatn: text(120),
    nameMy: text(120),
    honorific: choice('U', 'Daw', 'Ma', 'Ko', 'Mg'),
    language: choice('en', 'my'),
    region: text(60),
    from: { type: { is: 'instant' }, required: true },
    until: instant,
    ...LINE_FACTS,
  },
  lines: { number, ...LINE_FACTS },
  employees: {
    staffNumber: text(40, true),
    name: text(120, true),
    formerName: text(120),
    office: { type: { is: 'choice', of: OFFICES.map(({ id }) => id) }, required: true },
    team: text(40),
    roles: { type: { is: 'choices', of: ROLES } },
    from: { type: { is: 'instant' }, required: true },
    until: instant,
  },
  shifts: {
    staffNumber: text(40, true),
    from: { type: { is: 'instant' }, required: true },
    until: { type: { is: 'instant' }, required: true },
  },
  circles: {
    staffNumber: text(40, true),
    tie: { type: { is: 'choice', of: ['own', 'household', 'declared'] }, required: true },
    number,
  },
  charges: {
    number,
    reference: text(80, true),
    at: { type: { is: 'instant' }, required: true },
    kind: {
      type: { is: 'choice', of: ['top-up', 'package', 'subscription', 'tax', 'fee', 'credit'] },
      required: true,
    },
    labelEn: text(80),
    labelMy: text(80),
    amount: { type: { is: 'money' }, required: true },
    currency: text(3),
  },
} as const satisfies Record<string, Fields>

/** Kinds that come as lines. */
export type LineKind = keyof typeof KINDS
/** Kinds that are documents: a price list, a directory of articles. */
export type DocumentKind = 'tariffs' | 'articles'
export type ImportKind = LineKind | DocumentKind

export const LINE_KINDS = Object.keys(KINDS) as LineKind[]
export const DOCUMENT_KINDS: readonly DocumentKind[] = ['tariffs', 'articles']

/** Tells whether a name is a kind of line. */
export function isLineKind(name: string): name is LineKind {
  return Object.hasOwn(KINDS, name)
}

/** The fields of a kind. */
export function fieldsOf(kind: LineKind): Fields {
  return KINDS[kind]
}

/** A line's values by field; a field that is empty is absent. Instants in epoch seconds, money in thousandths. */
export type Values = Readonly<Record<string, string | number | boolean | readonly string[]>>
