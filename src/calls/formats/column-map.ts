import { readFileSync } from 'node:fs'
import Type, { type Static, type TSchema } from 'typebox'
import { CodedError } from '../../platform/coded-error.ts'
import { describeMistake, placeOf, readPlacedJson } from '../json-place.ts'
import { compileTimePattern } from './local-time.ts'

const Strict = { additionalProperties: false } as const
const ColumnName = Type.Union([
  Type.String({ minLength: 1, maxLength: 200 }),
  Type.Integer({ minimum: 1, maximum: 10_000 }),
])
const Text = Type.String({ maxLength: 200 })
const Fixed = Type.Object({ fixed: Text }, Strict)
const Plain = Type.Object({ column: ColumnName }, Strict)
const Values = <S extends TSchema>(meaning: S) =>
  Type.Object({ column: ColumnName, values: Type.Record(Text, meaning) }, Strict)

const Kind = Type.Union([Type.Literal('voice'), Type.Literal('sms'), Type.Literal('data')])
const Direction = Type.Union([Type.Literal('out'), Type.Literal('in')])

/** A column that holds a party; `prefix` and `digits` make a number of an identifier that is none. */
const Party = Type.Union([
  Type.Object(
    {
      column: ColumnName,
      prefix: Type.Optional(Type.String({ pattern: '^\\+[1-9][0-9]{0,11}$' })),
      digits: Type.Optional(Type.Integer({ minimum: 1, maximum: 14 })),
    },
    Strict,
  ),
  Fixed,
])

const Start = Type.Object(
  {
    column: ColumnName,
    format: Type.String({ minLength: 1, maxLength: 60 }),
    zone: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    epoch: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  },
  Strict,
)

const Duration = Type.Object(
  {
    column: ColumnName,
    unit: Type.Union(['seconds', 'milliseconds', 'minutes', 'hh:mm:ss'].map((unit) => Type.Literal(unit))),
    missed: Type.Optional(Type.Array(Text, { maxItems: 10 })),
  },
  Strict,
)

const Answered = Type.Object(
  { column: ColumnName, yes: Type.Array(Text, { minItems: 1, maxItems: 20 }) },
  Strict,
)

const Charge = Type.Object(
  {
    column: ColumnName,
    unit: Type.Union(['major', 'minor', 'milli'].map((unit) => Type.Literal(unit))),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  },
  Strict,
)

const Bytes = Type.Object(
  {
    column: ColumnName,
    unit: Type.Union(['bytes', 'KB', 'MB', 'KiB', 'MiB'].map((unit) => Type.Literal(unit))),
  },
  Strict,
)

/** What any map of a delimited file says of the file itself. */
export const DELIMITED = {
  name: Type.String({ minLength: 1, maxLength: 120 }),
  about: Type.Optional(Type.String({ maxLength: 1000 })),
  delimiter: Type.Optional(Type.String({ pattern: '^[\\x09\\x20-\\x21\\x23-\\x7e]$' })),
  quote: Type.Optional(
    Type.Union([Type.String({ pattern: '^[\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e]$' }), Type.Null()]),
  ),
  header: Type.Boolean(),
}

const ColumnMapSchema = Type.Object(
  {
    ...DELIMITED,
    served: Type.Optional(Type.Union([Type.Literal('both'), Type.Literal('caller'), Type.Literal('called')])),
    plausible: Type.Optional(Type.Object({ from: Type.Optional(Text), until: Type.Optional(Text) }, Strict)),
    columns: Type.Object(
      {
        caller: Type.Optional(Party),
        called: Type.Optional(Party),
        subscriber: Type.Optional(Party),
        other: Type.Optional(Party),
        direction: Type.Optional(Values(Direction)),
        start: Start,
        duration: Type.Optional(Duration),
        answered: Type.Optional(Answered),
        kind: Type.Union([Type.Object({ fixed: Kind }, Strict), Values(Kind)]),
        bytes: Type.Optional(Bytes),
        callerCell: Type.Optional(Plain),
        calledCell: Type.Optional(Plain),
        charge: Type.Optional(Charge),
        tariff: Type.Optional(Type.Union([Fixed, Plain, Values(Text)])),
        reference: Type.Optional(Plain),
      },
      Strict,
    ),
  },
  Strict,
)

/**
 * How one operator's delimited file is to be read: a JSON file that a person writes. Every field with examples is in
 * `docs/ingest.md`. A column is a name of the header line or a position, counted from 1.
 */
export type ColumnMap = Static<typeof ColumnMapSchema>

/** Codes that a wrong map gives; the message has file, line, place and rule. */
export type ColumnMapCode = 'map-unreadable' | 'map-invalid'

/** Reads a column map from a file. @throws CodedError `map-unreadable`, or as {@link parseColumnMap}. */
export function readColumnMap(path: string | URL): ColumnMap {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CodedError<ColumnMapCode>('map-unreadable', `cannot read the column map ${String(path)}`, {
      cause,
    })
  }
  return parseColumnMap(text, String(path))
}

/**
 * Reads a column map from text; `file` is used in messages only. Beyond the schema it asks what no schema can:
 * names need a header, the parties are given one way, and a time that names no zone gets one.
 * @throws CodedError `map-invalid` with line and place of the first mistake.
 */
export function parseColumnMap(text: string, file = 'the column map'): ColumnMap {
  const read = readPlacedJson(text, ColumnMapSchema)
  if ('mistake' in read)
    throw new CodedError<ColumnMapCode>('map-invalid', describeMistake(file, read.mistake))
  const broken = brokenRule(read.value)
  if (broken === null) return read.value
  const mistake = { ...placeOf(text, broken.pointer), rule: broken.rule }
  throw new CodedError<ColumnMapCode>('map-invalid', describeMistake(file, mistake))
}

interface BrokenRule {
  readonly pointer: string
  readonly rule: string
}

function brokenRule(map: ColumnMap): BrokenRule | null {
  return brokenNames(map) ?? brokenParties(map) ?? brokenStart(map) ?? brokenWindow(map)
}

function brokenNames(map: ColumnMap): BrokenRule | null {
  if (map.quote !== undefined && map.quote === (map.delimiter ?? ',')) {
    return { pointer: '/quote', rule: 'must differ from the delimiter' }
  }
  if (map.header) return null
  for (const [field, column] of Object.entries(map.columns)) {
    if ('column' in column && typeof column.column === 'string') {
      return {
        pointer: `/columns/${field}/column`,
        rule: 'must be a position (1, 2, ...), because the map says there is no header line',
      }
    }
  }
  return null
}

function brokenParties({ columns, served }: ColumnMap): BrokenRule | null {
  const ownLog = [columns.subscriber, columns.other, columns.direction]
  if (ownLog.some((given) => given !== undefined)) {
    if (ownLog.some((given) => given === undefined)) {
      return { pointer: '/columns', rule: 'needs subscriber, other and direction together' }
    }
    if (columns.caller !== undefined || columns.called !== undefined) {
      return {
        pointer: '/columns',
        rule: 'takes caller and called, or subscriber, other and direction, not both',
      }
    }
    if (served !== undefined) {
      return {
        pointer: '/served',
        rule: 'must be left out: with a direction column the subscriber is served',
      }
    }
  } else if (columns.caller === undefined) {
    return { pointer: '/columns', rule: 'needs caller (and called), or subscriber, other and direction' }
  }
  for (const [field, party] of Object.entries({ ...columns })) {
    const { prefix, digits } = party as { prefix?: string; digits?: number }
    if ((prefix === undefined) !== (digits === undefined)) {
      return { pointer: `/columns/${field}`, rule: 'needs prefix and digits together' }
    }
    if (
      prefix !== undefined &&
      digits !== undefined &&
      (prefix.length - 1 + digits < 7 || prefix.length - 1 + digits > 15)
    ) {
      return { pointer: `/columns/${field}`, rule: 'must make numbers of 7 to 15 digits (E.164)' }
    }
  }
  return null
}

function brokenStart({ columns: { start } }: ColumnMap): BrokenRule | null {
  if (start.format === 'epoch-seconds' || start.format === 'epoch-milliseconds') return null
  if (start.format === 'seconds-since') {
    const good = start.epoch !== undefined && !Number.isNaN(Date.parse(start.epoch))
    return good ? null : { pointer: '/columns/start', rule: 'needs an epoch such as 2013-09-01T00:00:00Z' }
  }
  const pattern = compileTimePattern(start.format, start.zone)
  return typeof pattern === 'string' ? { pointer: '/columns/start', rule: pattern } : null
}

function brokenWindow({ plausible }: ColumnMap): BrokenRule | null {
  for (const edge of ['from', 'until'] as const) {
    const text = plausible?.[edge]
    if (text !== undefined && Number.isNaN(Date.parse(text))) {
      return {
        pointer: `/plausible/${edge}`,
        rule: 'must be a date such as 2005-01-01 or 2005-01-01T00:00:00Z',
      }
    }
  }
  return null
}
