import type { BatchMaker, CallBatch } from '../call-batch.ts'
import type { ColumnMap } from './column-map.ts'
import { createInterpreter, type DelimitedOptions, withoutMark } from './delimited.ts'
import { compileIdRow, type IdRow } from './delimited-ids.ts'
import { type DelimitedLine, LineSplitter, MAX_RECORD_LENGTH } from './delimited-lines.ts'
import type { FillBatches } from './fill.ts'

const NEWLINE = 10
const CARRIAGE_RETURN = 13
const MARK_BYTES = 3
const NO_BYTES = Buffer.alloc(0)
/** Lines of more go the other way. */
const MOST_FIELDS = 1024

/**
 * Reads delimited text into batches by its bytes: no text and no record is made of a line that is like the ones before.
 * Whatever is out of the ordinary (quotes, faults, a value that was not met yet) goes the way of `readDelimited`, line by
 * line, and means the same; both ways are compared by property.
 */
export function fillDelimited(map: ColumnMap, options: DelimitedOptions): FillBatches {
  return async function* fill(bytes, maker) {
    const file = createFileFill(map, options, maker)
    for await (const chunk of bytes) yield* file.take(chunk)
    yield* file.end()
  }
}

interface FileFill {
  take(chunk: Buffer): Generator<CallBatch>
  end(): Generator<CallBatch>
}

function createFileFill(map: ColumnMap, options: DelimitedOptions, maker: BatchMaker): FileFill {
  const { delimiter, quoteByte, splitter } = splittingOf(map)
  let ordinary: OrdinaryRows | null = null
  const interpret = createInterpreter(map, options, (fields, indexOf) => {
    const row = idRowOf(map, options, maker, { fields, indexOf })
    ordinary = row === null ? null : { row, width: fields.length, delimiter, maker, splitter }
  })
  /** The beginning of a line, while lines are read by their bytes. */
  let rest: Buffer = NO_BYTES
  /** Nothing was read that could be a byte order mark. */
  let marked = true
  const line: ScannedLine = { count: 0, ends: new Int32Array(MOST_FIELDS), end: 0, textEnd: 0 }
  let bySplitter = false

  function* add(lines: readonly DelimitedLine[]): Generator<CallBatch> {
    for (const item of interpret(lines)) {
      maker.add(item)
      if (maker.full) yield maker.take()
    }
  }
  function* split(data: Buffer): Generator<CallBatch> {
    const lines: DelimitedLine[] = []
    splitter.push(data.toString('latin1'), lines)
    yield* add(lines)
    const left = splitter.takeRest()
    bySplitter = left === null
    rest = left === null ? NO_BYTES : Buffer.from(left, 'latin1')
  }
  function* byBytes(data: Buffer): Generator<CallBatch> {
    let from = 0
    for (;;) {
      if (ordinary !== null) from = takeOrdinary(data, from, ordinary, line)
      if (maker.full) yield maker.take()
      else if (scanLine(data, from, delimiter, line)) {
        if (line.textEnd > from) yield* add([asText(data, from, line, splitter.line, map.delimiter ?? ',')])
        splitter.pass(1)
        from = line.end + 1
      } else break
    }
    rest = data.subarray(from)
  }
  function* takeData(piece: Buffer): Generator<CallBatch> {
    let data = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    rest = NO_BYTES
    if (marked && data.length < MARK_BYTES) {
      rest = data
      return
    }
    if (marked) data = data.subarray(markLength(data))
    marked = false
    const isQuoted = quoteByte !== null && data.includes(quoteByte)
    if (bySplitter || isQuoted || isOverlong(data)) yield* split(data)
    else yield* byBytes(data)
  }
  return {
    *take(chunk) {
      // Only a line that began in the chunk before is put together, not all of the chunk with it.
      const end = rest.length === 0 || marked ? 0 : chunk.indexOf(NEWLINE) + 1
      if (end > 0) yield* takeData(chunk.subarray(0, end))
      yield* takeData(chunk.subarray(end))
    },
    *end() {
      const lines: DelimitedLine[] = []
      splitter.push(marked ? withoutMark(rest.toString('latin1')) : rest.toString('latin1'), lines)
      splitter.end(lines)
      yield* add(lines)
      yield maker.take()
    },
  }
}

function splittingOf(map: ColumnMap) {
  const quote = map.quote === undefined ? '"' : map.quote
  return {
    delimiter: (map.delimiter ?? ',').charCodeAt(0),
    // Texts are latin1 here, so a character beyond is in none of them.
    quoteByte: quote === null || quote.charCodeAt(0) > 255 ? null : quote.charCodeAt(0),
    splitter: new LineSplitter(map.delimiter ?? ',', quote),
  }
}

/** The bytes of the mark that a file begins with, of which the first bytes are here; 0 without one. */
function markLength(data: Buffer): number {
  return MARK_BYTES - withoutMark(data.toString('latin1', 0, MARK_BYTES)).length
}

interface CompiledRow {
  readonly map: ColumnMap
  readonly options: DelimitedOptions
  readonly first: string
  readonly row: IdRow | null
}

/** The last row compiled for a maker: small files that share one mostly begin alike, and what it remembers is as good. */
const compiled = new WeakMap<BatchMaker, CompiledRow>()

function idRowOf(
  map: ColumnMap,
  options: DelimitedOptions,
  maker: BatchMaker,
  { fields, indexOf }: { fields: readonly string[]; indexOf: (column: string | number) => number },
): IdRow | null {
  // Without a header the first line is a record, and only its width decides.
  const first = map.header ? fields.join('\n') : String(fields.length)
  const known = compiled.get(maker)
  if (known?.map === map && known.options === options && known.first === first) return known.row
  const row = compileIdRow(map, { plan: options.plan, now: Math.floor(options.now / 1000), indexOf }, maker)
  compiled.set(maker, { map, options, first, row })
  return row
}

interface ScannedLine {
  /** How many fields it has. */
  count: number
  /** Where each field ends, of the first `MOST_FIELDS`. */
  readonly ends: Int32Array
  /** Where its newline is, and where its text ends. */
  end: number
  textEnd: number
}

interface OrdinaryRows {
  readonly row: IdRow
  readonly width: number
  readonly delimiter: number
  readonly maker: BatchMaker
  readonly splitter: LineSplitter
}

/**
 * Takes the ordinary rows from `from` on, up to one that is none, or until the batch is full; gives where it stands then. It
 * is no part of the generator, and of no file: what is compiled for it lasts from chunk to chunk and from file to file.
 */
function takeOrdinary(
  data: Buffer,
  from: number,
  { row, width, delimiter, maker, splitter }: OrdinaryRows,
  line: ScannedLine,
): number {
  const position = splitter.line
  let at = from
  let taken = 0
  while (!maker.full && scanLine(data, at, delimiter, line)) {
    const isPlain = line.count === width && line.end - at <= MAX_RECORD_LENGTH
    if (!isPlain || !row.take(data, at, line.ends, position + taken)) break
    taken++
    at = line.end + 1
  }
  splitter.pass(taken)
  return at
}

/** Finds the fields of the line at `from`; false when it does not end in `data`. */
function scanLine(data: Buffer, from: number, delimiter: number, line: ScannedLine): boolean {
  const { ends } = line
  const highest = Math.max(delimiter, NEWLINE)
  let count = 0
  for (let at = from; at < data.length; at++) {
    const byte = data[at]!
    // Digits and letters are, before a comma.
    if (byte > highest) continue
    if (byte === delimiter) {
      if (count < MOST_FIELDS) ends[count] = at
      count++
    } else if (byte === NEWLINE) {
      line.end = at
      line.textEnd = at > from && data[at - 1] === CARRIAGE_RETURN ? at - 1 : at
      if (count < MOST_FIELDS) ends[count] = line.textEnd
      // More fields than there is room for are no row of any map.
      line.count = count < MOST_FIELDS ? count + 1 : -1
      return true
    }
  }
  return false
}

/** A line without a quote, as the splitter gives it. */
function asText(
  data: Buffer,
  from: number,
  { end, textEnd }: ScannedLine,
  position: number,
  delimiter: string,
): DelimitedLine {
  if (end - from > MAX_RECORD_LENGTH) {
    const raw = data.toString('latin1', from, from + MAX_RECORD_LENGTH)
    const fault = 'the line is longer than 65,536 bytes'
    return { position, fields: [], fault, raw: raw.endsWith('\r') ? raw.slice(0, -1) : raw, ended: true }
  }
  const raw = data.toString('latin1', from, textEnd)
  return { position, fields: raw.split(delimiter), fault: null, raw, ended: true }
}

/** A line that does not end must not be looked through again and again: the splitter passes over it. */
function isOverlong(data: Buffer): boolean {
  return data.length > 2 * MAX_RECORD_LENGTH && !data.includes(NEWLINE)
}
