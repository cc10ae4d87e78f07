import { readFileSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import { compileTimePattern, type TimeReader } from '../calls/formats/local-time.ts'
import { describeMistake, placeOf, readPlacedJson } from '../calls/json-place.ts'
import { CodedError } from '../platform/coded-error.ts'

const Strict = { additionalProperties: false } as const
const Name = Type.String({ minLength: 1, maxLength: 200 })
const Column = Type.Object({ column: Name }, Strict)
const Yes = Type.Object(
  { column: Name, yes: Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 50 }) },
  Strict,
)
const Time = Type.Object(
  {
    column: Name,
    format: Type.String({ minLength: 1, maxLength: 60 }),
    zone: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  },
  Strict,
)
const Optional = Type.Optional(Column)
const delimited = {
  delimiter: Type.Optional(Type.String({ pattern: '^[\\x09\\x20-\\x21\\x23-\\x7e]$' })),
}

/** What an event of a log may be; `docs/watch.md` says what each needs. */
export const EVENT_KINDS = [
  'contact',
  'ticket',
  'ticket-closed',
  'transfer',
  'denial',
  'acknowledgement',
  'justification',
  'complaint',
  'tie',
  'account',
  'flag',
  'circle',
  'ignore',
] as const
const EventKind = Type.Union([
  Type.Literal('contact'),
  Type.Literal('ticket'),
  Type.Literal('ticket-closed'),
  Type.Literal('transfer'),
  Type.Literal('denial'),
  Type.Literal('acknowledgement'),
  Type.Literal('justification'),
  Type.Literal('complaint'),
  Type.Literal('tie'),
  Type.Literal('account'),
  Type.Literal('flag'),
  Type.Literal('circle'),
  Type.Literal('ignore'),
])

const LogMapSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    about: Type.Optional(Type.String({ maxLength: 1000 })),
    accesses: Type.Object(
      {
        ...delimited,
        columns: Type.Object(
          {
            id: Optional,
            time: Time,
            employee: Column,
            subject: Column,
            office: Optional,
            contact: Optional,
            ticket: Optional,
            rows: Optional,
            beyond: Optional,
            unmasked: Optional,
            matches: Optional,
            seconds: Optional,
            acted: Type.Optional(Yes),
            note: Optional,
            onShift: Type.Optional(Yes),
            desk: Optional,
            brokenGlass: Type.Optional(Yes),
          },
          Strict,
        ),
      },
      Strict,
    ),
    staff: Type.Optional(
      Type.Object(
        {
          ...delimited,
          columns: Type.Object(
            {
              employee: Column,
              office: Optional,
              kind: Optional,
              role: Optional,
              shift: Optional,
              line: Optional,
              desk: Optional,
            },
            Strict,
          ),
        },
        Strict,
      ),
    ),
    events: Type.Optional(
      Type.Object(
        {
          ...delimited,
          columns: Type.Object(
            {
              time: Time,
              kind: Type.Object({ column: Name, values: Type.Record(Name, EventKind) }, Strict),
              id: Optional,
              subject: Optional,
              employee: Optional,
              other: Optional,
            },
            Strict,
          ),
        },
        Strict,
      ),
    ),
  },
  Strict,
)

/** How another system's log of accesses, its staff list and its events are to be read; fields in `docs/watch.md`. */
export type LogMap = Static<typeof LogMapSchema>
export type EventKindName = (typeof EVENT_KINDS)[number]

/** Codes that a wrong map gives; the message has file, line, place and rule. */
export type LogMapCode = 'map-unreadable' | 'map-invalid'

/** Reads a map from a file. @throws CodedError `map-unreadable`, `map-invalid` with line and place of the mistake. */
export function readLogMap(path: string | URL): LogMap {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CodedError<LogMapCode>('map-unreadable', `cannot read the map ${String(path)}`, { cause })
  }
  return parseLogMap(text, String(path))
}

/** Reads a map from text; `file` is used in messages only. @throws CodedError `map-invalid`. */
export function parseLogMap(text: string, file = 'the map'): LogMap {
  const read = readPlacedJson(text, LogMapSchema)
  if ('mistake' in read) throw new CodedError<LogMapCode>('map-invalid', describeMistake(file, read.mistake))
  for (const part of ['accesses', 'events'] as const) {
    const time = read.value[part]?.columns.time
    if (time === undefined) continue
    const reader = compileTime(time)
    if (typeof reader === 'string') {
      const mistake = { ...placeOf(text, `/${part}/columns/time`), rule: reader }
      throw new CodedError<LogMapCode>('map-invalid', describeMistake(file, mistake))
    }
  }
  return read.value
}

/** Reads the times of a map into milliseconds, null for one that does not fit; or gives the rule that is broken. */
export function compileTime(time: Static<typeof Time>): TimeReader | string {
  if (time.format === 'epoch-seconds') return scaled(1000)
  if (time.format === 'epoch-milliseconds') return scaled(1)
  const pattern = compileTimePattern(time.format, time.zone)
  if (typeof pattern === 'string') return pattern
  return (text) => {
    const seconds = pattern(text)
    return seconds === null ? null : seconds * 1000
  }
}

function scaled(by: number): TimeReader {
  return (text) => (/^-?[0-9]{1,14}(\.[0-9]+)?$/.test(text) ? Math.round(Number(text) * by) : null)
}
