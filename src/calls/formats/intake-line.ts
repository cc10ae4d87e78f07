import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { OtherParty } from '../call-record.ts'
import { parseParty } from '../numbers.ts'
import type { ReadItem } from '../source-record.ts'
import { type DelimitedLine, LineSplitter } from './delimited-lines.ts'
import { utf8 } from './delimited-row.ts'
import { implausibleDuration, implausibleStart } from './plausible.ts'
import { type FormatOptions, itemOf, type Reading, type RecordFormat } from './record-format.ts'
import { createRowFormat } from './row-format.ts'

const Text = Type.String({ maxLength: 200 })
const Count = Type.Integer({ minimum: 0, maximum: 2 ** 51 })

/** One line of the NDJSON that `POST /api/intake` takes; `docs/ingest.md` says each field. */
export const IntakeLine = Type.Object(
  {
    kind: Type.Union([Type.Literal('voice'), Type.Literal('sms'), Type.Literal('data')]),
    caller: Type.Optional(Text),
    called: Type.Optional(Text),
    /** RFC 3339 with its offset, or epoch seconds. */
    start: Type.Union([Type.String({ maxLength: 40 }), Type.Integer({ minimum: 0 })]),
    answered: Type.Optional(Type.Boolean()),
    durationSeconds: Type.Optional(Count),
    bytes: Type.Optional(Count),
    callerCell: Type.Optional(Text),
    calledCell: Type.Optional(Text),
    /** Thousandths of the currency's major unit. */
    chargeMilli: Type.Optional(Type.Integer({ minimum: -(2 ** 51), maximum: 2 ** 51 })),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    tariff: Type.Optional(Text),
    reference: Type.Optional(Text),
    part: Type.Optional(Text),
    served: Type.Optional(Type.Union([Type.Literal('both'), Type.Literal('caller'), Type.Literal('called')])),
    callerHidden: Type.Optional(Type.Boolean()),
    forwarded: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

const compiled = Compile(IntakeLine)
/** A file of such lines; a position is a line number, from 1. */
export function createLinesFormat(options: FormatOptions): RecordFormat {
  return createRowFormat('ndjson', ([line]) => readLine(line!, options), { delimiter: '\0', quote: null })
}

/**
 * Reads lines of a stream, of which the first is number `first`. A last line without its end is left out: the
 * connection may have broken inside it, and it comes again.
 */
export async function* readIntakeLines(
  bytes: AsyncIterable<Buffer>,
  first: number,
  options: FormatOptions,
): AsyncGenerator<ReadItem[]> {
  const splitter = new LineSplitter('\0', null)
  const itemsOf = (lines: readonly DelimitedLine[]): ReadItem[] =>
    lines.flatMap((line) => {
      const reading = line.fault ?? readLine(utf8(line.raw), options)
      const raw = (): Buffer => Buffer.from(line.raw, 'latin1')
      return itemOf(first + line.position - 1, reading, raw, { format: 'ndjson', head: '' }) ?? []
    })
  for await (const chunk of bytes) {
    const lines: DelimitedLine[] = []
    splitter.push(chunk.toString('latin1'), lines)
    yield itemsOf(lines)
  }
}

/** Reads one line as text. */
export function readLine(line: string, options: FormatOptions): Reading {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'the line is not JSON'
  }
  return recordOfLine(value, options)
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/** Makes a record of one line's value, or says what is wrong with it, naming the field. */
export function recordOfLine(value: unknown, options: FormatOptions): Reading {
  if (!compiled.Check(value)) {
    const [first] = compiled.Errors(value)
    return `${first?.instancePath.slice(1) || 'the line'} ${first?.message ?? 'is not as expected'}`.slice(
      0,
      200,
    )
  }
  const line: Static<typeof IntakeLine> = value
  const isData = line.kind === 'data'
  const caller = partyOf(line.caller, options)
  const called: OtherParty | null = isData ? { kind: 'none' } : partyOf(line.called, options)
  if (caller === null) return 'the caller cannot be read'
  if (called === null) return 'the called party cannot be read'
  if (caller.kind !== 'number' && called.kind !== 'number')
    return 'neither party is a number, so nobody has this call'
  const start = startOf(line.start)
  if (start === null) return 'start is neither RFC 3339 with an offset nor epoch seconds'
  const wrong = implausibleStart(start, options.now) ?? implausibleDuration(line.durationSeconds ?? 0)
  if (wrong !== null) return wrong
  if (line.chargeMilli !== undefined && line.currency === undefined) return 'chargeMilli needs a currency'
  return {
    caller,
    called,
    kind: line.kind,
    answered: line.answered ?? true,
    start,
    durationSeconds: line.kind === 'sms' ? null : (line.durationSeconds ?? null),
    bytes: isData ? (line.bytes ?? null) : null,
    callerCell: line.callerCell ?? null,
    calledCell: line.calledCell ?? null,
    chargeMilli: line.chargeMilli ?? null,
    currency: line.chargeMilli === undefined ? null : line.currency!,
    tariff: line.tariff ?? null,
    reference: line.reference ?? null,
    part: line.part ?? null,
    served: line.served ?? (isData ? 'caller' : 'both'),
    callerHidden: line.callerHidden ?? false,
    forwarded: line.forwarded ?? false,
  }
}

function partyOf(text: string | undefined, { plan, numbers }: FormatOptions): OtherParty | null {
  const known = text === undefined ? undefined : numbers.get(text)
  return known === undefined ? parseParty(text ?? '', plan) : { kind: 'number', number: known }
}

function startOf(start: string | number): number | null {
  if (typeof start === 'number') return start
  if (!INSTANT.test(start)) return null
  const milliseconds = Date.parse(start)
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}
