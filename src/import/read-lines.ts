import { type DelimitedLine, LineSplitter } from '../calls/formats/delimited-lines.ts'
import { utf8 } from '../calls/formats/delimited-row.ts'
import { CodedError } from '../platform/coded-error.ts'
import { type ImportMap, readerOf } from './import-map.ts'
import { fieldsOf, type LineKind, type Values } from './kinds.ts'
import { type Place, readValues } from './read-values.ts'

/** One line of a source: what it says, or why it cannot be read. `raw` is the line as it stood, latin1. */
export interface ImportLine {
  readonly line: number
  readonly raw: string
  readonly values: Values | null
  readonly fault: string | null
}

export type ReadLinesCode = 'map-column-missing' | 'source-encoding'
type Bytes = AsyncIterable<Buffer>

/**
 * The lines of a delimited file, a batch for each chunk of it, so memory is a chunk whatever the file's size.
 * @throws CodedError `map-column-missing`, `source-encoding`; nothing was given then.
 */
export async function* readDelimited(
  bytes: Bytes,
  how: { kind: LineKind; map: ImportMap; place: Place; ownFields: boolean },
): AsyncGenerator<ImportLine[]> {
  const { map } = how
  const splitter = new LineSplitter(map.delimiter ?? ',', map.quote === undefined ? '"' : map.quote)
  let read: ((line: DelimitedLine) => ImportLine) | null = null
  const interpret = (lines: readonly DelimitedLine[]): ImportLine[] => {
    const items: ImportLine[] = []
    for (const line of lines) {
      if (read === null && line.fault === null) {
        read = rowReader(line.fields, how)
        if (map.header) continue
      }
      items.push(read === null ? faulty(line, line.fault ?? 'there is no header line before it') : read(line))
    }
    return items
  }
  for await (const text of withoutMark(bytes)) {
    const lines: DelimitedLine[] = []
    splitter.push(text, lines)
    if (lines.length > 0) yield interpret(lines)
  }
  const rest: DelimitedLine[] = []
  splitter.end(rest)
  if (rest.length > 0) yield interpret(rest)
}

/**
 * Lines of JSON, the first of which is number `first`; keys are our own fields. A last line without its end is left
 * out when `whole` is false: the connection may have broken inside it, and it comes again.
 */
export async function* readJsonLines(
  bytes: Bytes,
  how: { kind: LineKind; place: Place; first: number; whole: boolean },
): AsyncGenerator<ImportLine[]> {
  const splitter = new LineSplitter('\0', null)
  const interpret = (lines: readonly DelimitedLine[]): ImportLine[] =>
    lines.map((line) => {
      const at = { ...line, position: how.first + line.position - 1 }
      return line.fault === null ? jsonLine(at, how) : faulty(at, line.fault)
    })
  for await (const text of withoutMark(bytes)) {
    const lines: DelimitedLine[] = []
    splitter.push(text, lines)
    if (lines.length > 0) yield interpret(lines)
  }
  if (!how.whole) return
  const rest: DelimitedLine[] = []
  splitter.end(rest)
  if (rest.length > 0) yield interpret(rest)
}

function jsonLine(line: DelimitedLine, { kind, place }: { kind: LineKind; place: Place }): ImportLine {
  let told: unknown
  try {
    told = JSON.parse(utf8(line.raw))
  } catch {
    return faulty(line, 'the line is not JSON')
  }
  if (typeof told !== 'object' || told === null || Array.isArray(told))
    return faulty(line, 'the line is no JSON object')
  const fields = fieldsOf(kind)
  const said = told as Record<string, unknown>
  const odd = Object.entries(said).find(
    ([name, value]) => !Object.hasOwn(fields, name) || (value !== null && typeof value === 'object'),
  )
  if (odd !== undefined) {
    const [name] = odd
    return faulty(line, Object.hasOwn(fields, name) ? `${name} is no plain value` : 'a field is not known')
  }
  const values = readValues(
    fields,
    {
      text: (field) => {
        const value = said[field]
        return value === undefined || value === null ? undefined : String(value)
      },
    },
    place,
  )
  return typeof values === 'string' ? faulty(line, values) : given(line, values)
}

function rowReader(
  first: readonly string[],
  { kind, map, place, ownFields }: { kind: LineKind; map: ImportMap; place: Place; ownFields: boolean },
): (line: DelimitedLine) => ImportLine {
  const fields = fieldsOf(kind)
  const cells = new Map<string, (row: readonly string[]) => string | undefined | null>()
  const times = new Map<string, (text: string) => number | null>()
  for (const [name, column] of Object.entries(map.columns)) {
    if ('fixed' in column) {
      cells.set(name, () => column.fixed)
      continue
    }
    const at = indexOf(first, column.column, map.header)
    if (at === null) {
      // Where the header names our own fields, those that may be left out may be left out.
      if (ownFields && fields[name]?.required !== true) continue
      throw new CodedError<ReadLinesCode>(
        'map-column-missing',
        `the file has no column ${JSON.stringify(column.column)} for ${name}: ${map.header ? 'its first line must name it' : 'it has fewer columns'}`,
      )
    }
    const { values } = column
    const cell = (row: readonly string[]) => utf8(row[at] ?? '').trim()
    cells.set(
      name,
      values === undefined
        ? cell
        : (row) => {
            const text = cell(row)
            return text === '' ? undefined : Object.hasOwn(values, text) ? values[text] : null
          },
    )
    const time = column.format === undefined ? undefined : readerOf(column.format, column.zone)
    if (typeof time === 'function') times.set(name, time)
  }
  return (line) => {
    if (line.fault !== null) return faulty(line, line.fault)
    if (line.fields.length !== first.length) {
      const cut = !line.ended && line.fields.length < first.length
      return faulty(
        line,
        cut
          ? 'the file ends inside this line'
          : `the line has ${line.fields.length} columns where ${first.length} are expected`,
      )
    }
    let unknown: string | null = null
    const text = (field: string): string | undefined => {
      const found = cells.get(field)?.(line.fields)
      if (found === null) unknown ??= field
      return found ?? undefined
    }
    const values = readValues(fields, { text, at: (field) => times.get(field) }, place)
    if (unknown !== null) return faulty(line, `${String(unknown)} has a value that the map does not name`)
    return typeof values === 'string' ? faulty(line, values) : given(line, values)
  }
}

function indexOf(first: readonly string[], column: string | number, header: boolean): number | null {
  if (typeof column === 'number') return column <= first.length ? column - 1 : null
  const found = header ? first.findIndex((cell) => utf8(cell).trim() === column) : -1
  return found === -1 ? null : found
}

function faulty({ position, raw }: DelimitedLine, fault: string): ImportLine {
  return { line: position, raw, values: null, fault }
}

function given({ position, raw }: DelimitedLine, values: Values): ImportLine {
  return { line: position, raw, values, fault: null }
}

async function* withoutMark(bytes: Bytes): AsyncGenerator<string> {
  let head: string | null = ''
  const cut = (text: string): string => {
    if (text.startsWith('\u00ff\u00fe') || text.startsWith('\u00fe\u00ff'))
      throw new CodedError<ReadLinesCode>('source-encoding', 'the file is UTF-16: export it as UTF-8')
    return text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(3) : text
  }
  for await (const chunk of bytes) {
    const text: string = chunk.toString('latin1')
    if (head === null) yield text
    else {
      head += text
      if (head.length < 3) continue
      yield cut(head)
      head = null
    }
  }
  if (head !== null && head !== '') yield cut(head)
}
