import { readFileSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import { CodedError } from '../platform/coded-error.ts'
import { describeMistake, readPlacedJson } from './json-place.ts'

const closed = { additionalProperties: false } as const
const Name = Type.String({ pattern: '^[a-z0-9-]{1,40}$' })
const Milli = Type.Integer({ minimum: 0, maximum: 2_000_000_000 })
const Kind = Type.Union([Type.Literal('voice'), Type.Literal('sms'), Type.Literal('data')])
const PartyTypes = Type.Array(
  Type.Enum([
    'own-network',
    'other-mobile',
    'landline',
    'abroad',
    'premium',
    'service',
    'toll-free',
    'short-code',
    'name',
    'withheld',
  ]),
  { minItems: 1 },
)
const Seconds = Type.Integer({ minimum: 1, maximum: 86_400 })

const Price = Type.Union([
  Type.Object(
    {
      per: Type.Literal('second'),
      milli: Milli,
      /** At least so many seconds count, and then whole steps of `step`: 30/6 is `first` 30, `step` 6. */
      first: Type.Optional(Seconds),
      step: Type.Optional(Seconds),
    },
    closed,
  ),
  Type.Object({ per: Type.Literal('minute'), milli: Milli }, closed),
  Type.Object({ per: Type.Literal('started-minute'), milli: Milli }, closed),
  Type.Object({ per: Type.Literal('text'), milli: Milli }, closed),
  Type.Object({ per: Type.Literal('mebibyte'), milli: Milli }, closed),
  Type.Object({ per: Type.Literal('started-mebibyte'), milli: Milli }, closed),
])

const Matches = {
  kind: Kind,
  /** What kinds of other party; all when left out. */
  to: Type.Optional(PartyTypes),
  /** Numbers that begin so, `+6681`. */
  prefixes: Type.Optional(Type.Array(Type.String({ pattern: '^\\+[1-9][0-9]{0,14}$' }), { minItems: 1 })),
  /** Abroad: ISO 3166 codes. */
  countries: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { minItems: 1 })),
  /** Made abroad (from TAP or NRTRDE); at home when left out. */
  roaming: Type.Optional(Type.Boolean()),
} as const

const Rule = Type.Object(
  {
    /** The tariff category that the bill shows. */
    id: Name,
    ...Matches,
    /** Local hours at whose start a record began: from, until; `[21, 24]`. */
    hours: Type.Optional(
      Type.Tuple([Type.Integer({ minimum: 0, maximum: 23 }), Type.Integer({ minimum: 1, maximum: 24 })]),
    ),
    price: Price,
  },
  closed,
)

const Bundle = Type.Object(
  {
    id: Name,
    /** Rules whose records it pays for. */
    rules: Type.Array(Name, { minItems: 1, maxItems: 50 }),
    /** Free each month: seconds of voice, texts, or bytes. */
    free: Type.Integer({ minimum: 1, maximum: 2 ** 51 }),
  },
  closed,
)

const Version = Type.Object(
  {
    /** The first local day it holds for. */
    from: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
    /** The first rule that fits a record prices it. */
    rules: Type.Array(Rule, { minItems: 1, maxItems: 500 }),
    bundles: Type.Optional(Type.Array(Bundle, { maxItems: 50 })),
  },
  closed,
)

const Tariffs = Type.Object(
  {
    /** ISO 4217. */
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    versions: Type.Array(Version, { minItems: 1, maxItems: 200 }),
  },
  closed,
)

/** What an operator charges where its records say no charge: `tariffs.json`; every field is in `docs/bills.md`. */
export type TariffTable = Static<typeof Tariffs>
export type TariffRule = Static<typeof Rule>
export type TariffBundle = Static<typeof Bundle>
export type TariffVersion = Static<typeof Version>

export type TariffCode = 'config-invalid'

/** Reads a tariff table from a file. @throws CodedError `config-invalid` with file, line, place and rule. */
export function readTariffs(path: string): TariffTable {
  return parseTariffs(readFileSync(path, 'utf8'), path)
}

/**
 * As {@link readTariffs}, from text; `file` is used in messages only. Beyond the schema: a price fits its kind, a
 * bundle names rules of its version that are all of one kind, and no two rules of a version have one name.
 */
export function parseTariffs(text: string, file = 'the tariff table'): TariffTable {
  const read = readPlacedJson(text, Tariffs)
  if ('mistake' in read) throw invalid(describeMistake(file, read.mistake))
  for (const version of read.value.versions) {
    const broken = brokenVersion(version)
    if (broken !== null) throw invalid(`${file}, version from ${version.from}: ${broken}`)
  }
  const starts = read.value.versions.map(({ from }) => from)
  if (starts.some((from, at) => at > 0 && from <= starts[at - 1]!)) {
    throw invalid(`${file}: versions must stand in order of time`)
  }
  return read.value
}

const UNITS: Record<string, TariffRule['kind']> = {
  second: 'voice',
  minute: 'voice',
  'started-minute': 'voice',
  text: 'sms',
  mebibyte: 'data',
  'started-mebibyte': 'data',
}

function brokenVersion({ rules, bundles = [] }: TariffVersion): string | null {
  const kinds = new Map<string, TariffRule['kind']>()
  for (const { id, kind, price } of rules) {
    if (UNITS[price.per] !== kind) return `the rule ${id} prices ${kind} per ${price.per}`
    const known = kinds.get(id)
    if (known !== undefined && known !== kind) return `the rule ${id} is there for two kinds`
    kinds.set(id, kind)
  }
  for (const { id, rules: named } of bundles) {
    const missing = named.find((rule) => !kinds.has(rule))
    if (missing !== undefined) return `the bundle ${id} names the rule ${missing}, which there is not`
    if (new Set(named.map((rule) => kinds.get(rule))).size > 1) return `the bundle ${id} mixes kinds`
  }
  return null
}

function invalid(message: string): CodedError<TariffCode> {
  return new CodedError('config-invalid', message)
}
