import { readFileSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import { DELIMITED } from '../calls/formats/column-map.ts'
import { compileTimePattern, type TimeReader } from '../calls/formats/local-time.ts'
import { describeMistake, placeOf, readPlacedJson } from '../calls/json-place.ts'
import { CodedError } from '../platform/coded-error.ts'
import { fieldsOf, type LineKind } from './kinds.ts'

const Strict = { additionalProperties: false } as const
const Text = Type.String({ maxLength: 200 })
const ColumnName = Type.Union([
  Type.String({ minLength: 1, maxLength: 200 }),
  Type.Integer({ minimum: 1, maximum: 10_000 }),
])
const Column = Type.Union([
  Type.Object(
    {
      column: ColumnName,
      /** What a value of the file means; a value that is not here goes to quarantine. */
      values: Type.Optional(Type.Record(Text, Text)),
      /** For instants: `dd/MM/yyyy HH:mm` and the like, with its zone. */
      format: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
      zone: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    },
    Strict,
  ),
  Type.Object({ fixed: Text }, Strict),
])

const ImportMapSchema = Type.Object(
  {
    ...DELIMITED,
    columns: Type.Record(Type.String(), Column),
  },
  Strict,
)

/** Which column of an operator's file holds which field: a JSON file, explained in `docs/import.md`. */
export type ImportMap = Static<typeof ImportMapSchema>
export type ImportMapCode = 'map-unreadable' | 'map-invalid'

/** The map of a file whose header names our own fields. */
export function ownMap(kind: LineKind): ImportMap {
  const columns = Object.fromEntries(Object.keys(fieldsOf(kind)).map((field) => [field, { column: field }]))
  return { name: 'our own fields', header: true, columns }
}

/** Reads a map for a kind from a file. @throws CodedError `map-unreadable`, or as {@link parseImportMap}. */
export function readImportMap(path: string, kind: LineKind): ImportMap {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CodedError<ImportMapCode>('map-unreadable', `cannot read the map ${path}`, { cause })
  }
  return parseImportMap(text, kind, path)
}

/** Reads a map from text; `file` is for messages. @throws CodedError `map-invalid` with line and place. */
export function parseImportMap(text: string, kind: LineKind, file = 'the map'): ImportMap {
  const read = readPlacedJson(text, ImportMapSchema)
  if ('mistake' in read)
    throw new CodedError<ImportMapCode>('map-invalid', describeMistake(file, read.mistake))
  const broken = brokenRule(read.value, kind)
  if (broken === null) return read.value
  const mistake = { ...placeOf(text, broken.pointer), rule: broken.rule }
  throw new CodedError<ImportMapCode>('map-invalid', describeMistake(file, mistake))
}

function brokenRule(map: ImportMap, kind: LineKind): { pointer: string; rule: string } | null {
  const fields = fieldsOf(kind)
  for (const [name, column] of Object.entries(map.columns)) {
    const pointer = `/columns/${name}`
    const field = fields[name]
    if (field === undefined) return { pointer, rule: `is no field of ${kind}` }
    if ('fixed' in column) continue
    if (!map.header && typeof column.column === 'string')
      return { pointer, rule: 'must be a position (1, 2, ...), because there is no header line' }
    if (column.format === undefined) continue
    if (field.type.is !== 'instant') return { pointer, rule: 'takes no format: it is no instant' }
    const reader = readerOf(column.format, column.zone)
    if (typeof reader === 'string') return { pointer: `${pointer}/format`, rule: reader }
  }
  const missing = Object.entries(fields).find(
    ([name, { required }]) => required === true && map.columns[name] === undefined,
  )
  return missing === undefined ? null : { pointer: '/columns', rule: `lacks ${missing[0]}` }
}

/** Reads instants by a pattern; one without hours is a day, and means its first moment. */
export function readerOf(format: string, zone: string | undefined): TimeReader | string {
  if (/H/.test(format)) return compileTimePattern(format, zone)
  const reader = compileTimePattern(`${format} HH:mm`, zone)
  return typeof reader === 'string' ? reader : (text) => reader(`${text} 00:00`)
}
