import { CodedError } from '../../platform/coded-error.ts'
import type { NumberPlan } from '../numbers.ts'
import type { ReadItem, ReadRecords } from '../source-record.ts'
import type { ColumnMap } from './column-map.ts'
import { fillDelimited } from './delimited-fill.ts'
import { type DelimitedLine, LineSplitter } from './delimited-lines.ts'
import { compileRow, type RowReader, utf8 } from './delimited-row.ts'
import type { RecordFormat } from './record-format.ts'

/** What reading needs besides the map. `now` (epoch milliseconds) decides which starts lie in the future. */
export interface DelimitedOptions {
  readonly plan: NumberPlan
  readonly now: number
}

/** Codes of a file that the map does not fit, or that is no text in UTF-8; nothing of it was given yet. */
export type DelimitedCode = 'map-column-missing' | 'source-encoding'

/** The items of one chunk of the file, in order; batches spare a promise for each of millions of records. */
export type ReadBatches = (bytes: AsyncIterable<Buffer>) => AsyncIterable<ReadItem[]>

/**
 * Reads delimited text through a column map: each record an item with the number of its first line (from 1), each
 * line that cannot be read an item with its reason and its bytes. Memory is a chunk and a record of at most 64 KiB.
 * The whole table of what happens to which line is in `docs/ingest.md`.
 * @throws CodedError `map-column-missing` when the header lacks a column of the map, `source-encoding` for UTF-16.
 */
export function readDelimited(map: ColumnMap, options: DelimitedOptions): ReadRecords {
  const batches = readDelimitedBatches(map, options)
  return async function* read(bytes) {
    for await (const batch of batches(bytes)) yield* batch
  }
}

/** Delimited text as one of the formats. */
export function createDelimitedFormat(map: ColumnMap, options: DelimitedOptions): RecordFormat {
  const read = readDelimitedBatches(map, options)
  return {
    read: (bytes) => read(bytes),
    fill: fillDelimited(map, options),
    reread(raw, head) {
      const interpret = createInterpreter(map, options)
      const lines: DelimitedLine[] = []
      const splitter = new LineSplitter(map.delimiter ?? ',', map.quote === undefined ? '"' : map.quote)
      if (map.header) splitter.push(`${head}\n`, lines)
      splitter.push(raw.toString('latin1'), lines)
      splitter.end(lines)
      const items = interpret(lines)
      if (items.length !== 1) return 'it is not one line'
      return 'record' in items[0]! ? items[0].record : items[0]!.fault.reason
    },
  }
}

/** As {@link readDelimited}, a batch for each chunk of the stream. */
export function readDelimitedBatches(map: ColumnMap, options: DelimitedOptions): ReadBatches {
  return async function* read(bytes) {
    const splitter = new LineSplitter(map.delimiter ?? ',', map.quote === undefined ? '"' : map.quote)
    const interpret = createInterpreter(map, options)
    const chunks = withoutByteOrderMark(bytes)
    let lines: DelimitedLine[] = []
    for await (const chunk of chunks) {
      splitter.push(chunk, lines)
      if (lines.length === 0) continue
      yield interpret(lines)
      lines = []
    }
    splitter.end(lines)
    if (lines.length > 0) yield interpret(lines)
  }
}

const UTF8_MARK = '\u00ef\u00bb\u00bf'

async function* withoutByteOrderMark(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let head: string | null = ''
  for await (const chunk of bytes) {
    const text: string = chunk.toString('latin1')
    if (head === null) {
      yield text
      continue
    }
    head += text
    if (head.length < 3) continue
    yield withoutMark(head)
    head = null
  }
  if (head !== null && head !== '') yield withoutMark(head)
}

/** The text behind a byte order mark. @throws CodedError `source-encoding` for UTF-16. */
export function withoutMark(head: string): string {
  if (head.startsWith('\u00ff\u00fe') || head.startsWith('\u00fe\u00ff')) {
    throw new CodedError<DelimitedCode>('source-encoding', 'the file is UTF-16: export it as UTF-8')
  }
  return head.startsWith(UTF8_MARK) ? head.slice(3) : head
}

/** Takes the header line, if there is one, and then makes items of lines; `onFirst` is told the fields of the first. */
export function createInterpreter(
  map: ColumnMap,
  options: DelimitedOptions,
  onFirst: (fields: readonly string[], indexOf: (column: string | number) => number) => void = () => {},
): (lines: readonly DelimitedLine[]) => ReadItem[] {
  let rows: Rows | null = null

  const begin = ({ fields: first, raw }: DelimitedLine) => {
    const indexOf = (column: string | number) => indexOfColumn(first, column, map.header)
    const now = Math.floor(options.now / 1000)
    const read = compileRow(map, { plan: options.plan, now, indexOf })
    onFirst(first, indexOf)
    return { read, width: first.length, head: map.header ? raw : '' }
  }

  return (lines) => {
    const items: ReadItem[] = []
    for (const line of lines) {
      if (rows === null && line.fault === null) {
        rows = begin(line)
        if (map.header) continue
      }
      items.push(itemOf(line, rows))
    }
    return items
  }
}

interface Rows {
  readonly read: RowReader
  readonly width: number
  /** The header line as it stood, latin1; empty without one. */
  readonly head: string
}

function itemOf(line: DelimitedLine, rows: Rows | null): ReadItem {
  if (line.fault !== null || rows === null)
    return faultOf(line, line.fault ?? 'there is no header line before it', rows)
  if (line.fields.length !== rows.width) {
    const cut = !line.ended && line.fields.length < rows.width
    const rule = cut ? 'the file ends inside this line' : widthRule(line.fields.length, rows.width)
    return faultOf(line, rule, rows)
  }
  const result = rows.read(line.fields)
  return typeof result === 'string'
    ? faultOf(line, result, rows)
    : { position: line.position, record: result }
}

function widthRule(has: number, wants: number): string {
  return `the line has ${has} columns where ${wants} are expected`
}

function faultOf(line: DelimitedLine, reason: string, rows: Rows | null): ReadItem {
  const raw = Buffer.from(line.raw, 'latin1')
  const form = rows === null ? {} : { form: { format: 'delimited', head: rows.head } }
  return { position: line.position, fault: { reason, raw, ...form } }
}

function indexOfColumn(first: readonly string[], column: string | number, header: boolean): number {
  const index =
    typeof column === 'number' ? column - 1 : first.findIndex((name) => utf8(name).trim() === column)
  if (index >= 0 && index < first.length) return index
  const named = typeof column === 'number' ? `position ${column}` : `"${column}"`
  const where = header ? 'the header line' : 'the first line'
  throw new CodedError<DelimitedCode>(
    'map-column-missing',
    `the map names the column ${named}, which ${where} does not have (${first.length} columns)`,
  )
}
