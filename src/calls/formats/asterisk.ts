import { localSeconds, recordOfExchange, wholeSeconds } from './exchange-call.ts'
import type { FormatOptions, Reading, RecordFormat } from './record-format.ts'
import { createRowFormat } from './row-format.ts'

/** Where the columns of a layout stand, from 0. */
interface Layout {
  readonly source: number
  readonly destination: number
  readonly start: number
  readonly talked: number
  readonly disposition: number
  readonly flags: number
  readonly unique: number
  readonly sequence: number
}

/** `cdr_csv` of Asterisk (account first), with `loguniqueid`; the columns of `cdr_custom`'s sample (caller id first). */
const PLAIN: Layout = {
  source: 1,
  destination: 2,
  start: 9,
  talked: 13,
  disposition: 14,
  flags: 15,
  unique: 16,
  sequence: -1,
}
const CUSTOM: Layout = {
  source: 1,
  destination: 2,
  start: 8,
  talked: 12,
  disposition: 13,
  flags: 14,
  unique: 16,
  sequence: 18,
}

const DISPOSITIONS = new Set(['ANSWERED', 'NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION', 'UNKNOWN'])
const FLAGS = new Set(['DOCUMENTATION', 'BILLING', 'OMIT', 'DEFAULT', '1', '2', '3'])
const QUARTER = 900
const MOST_EAST = 14 * 3600

/**
 * Asterisk's call records as `cdr_csv` and `cdr_custom` write them; which of the two, each row tells. Times are the
 * exchange's local time; the time zone follows from `uniqueid`, which begins with the same moment in epoch seconds,
 * and where there is none the operator's own is meant.
 */
export function createAsteriskFormat(options: FormatOptions): RecordFormat {
  return createRowFormat('asterisk-csv', (fields) => rowOf(fields, options))
}

/** Tells whether a row is one of Asterisk's. */
export function isAsteriskRow(fields: readonly string[]): boolean {
  return layoutOf(fields) !== null
}

function layoutOf(fields: readonly string[]): Layout | null {
  return (
    [PLAIN, CUSTOM].find(
      ({ disposition, flags, start }) =>
        DISPOSITIONS.has(fields[disposition] ?? '') &&
        FLAGS.has(fields[flags] ?? '') &&
        localSeconds(fields[start] ?? '') !== null,
    ) ?? null
  )
}

function rowOf(fields: readonly string[], options: FormatOptions): Reading {
  const layout = layoutOf(fields)
  if (layout === null) return 'the row has neither the columns of cdr_csv nor of cdr_custom'
  const unique = fields[layout.unique] ?? ''
  const sequence = fields[layout.sequence] ?? ''
  return recordOfExchange(
    {
      caller: fields[layout.source]!,
      called: fields[layout.destination]!,
      hidden: false,
      answered: fields[layout.disposition] === 'ANSWERED',
      start: startOf(localSeconds(fields[layout.start]!)!, unique, options),
      seconds: wholeSeconds(fields[layout.talked]!),
      // A call that was forked has several rows of one uniqueid, told apart by their sequence.
      reference: unique === '' ? null : `asterisk/${unique}/${sequence}`,
    },
    options,
  )
}

function startOf(local: number, unique: string, { offsetMinutes }: FormatOptions): number {
  const created = /(?:^|-)(\d{9,10})\.\d+$/.exec(unique)
  if (created === null) return local - offsetMinutes * 60
  const east = Math.round((local - Number(created[1])) / QUARTER) * QUARTER
  return Math.abs(east) <= MOST_EAST ? local - east : local - offsetMinutes * 60
}
