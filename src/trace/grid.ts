import { parse } from 'csv-parse/sync'
import { maskedToken, plainText } from './cells.ts'

/** A found list as lines of cells, whatever it was pasted from. */
export interface Grid {
  readonly rows: readonly (readonly string[])[]
  /** How the cells were told apart. */
  readonly by: 'delimiter' | 'shape' | 'workbook'
}

/** More is no list that somebody carried out of an office; it is refused in words. */
export const MOST_ROWS = 5_000
const MOST_CELLS = 40

/**
 * Takes text apart: by tab, semicolon, bar or comma where every line has the same, otherwise by the shape of what
 * stands in it (a day, a time, a number with hidden places, a length), as it is when a list was retyped.
 */
export function gridOf(text: string): Grid {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
  const delimiter = ['\t', ';', '|', ','].find((mark) => isDelimiter(mark, lines))
  if (delimiter !== undefined) return { rows: splitBy(delimiter, text), by: 'delimiter' }
  return { rows: lines.slice(0, MOST_ROWS + 2).map(cellsByShape), by: 'shape' }
}

function isDelimiter(mark: string, lines: readonly string[]): boolean {
  const counts = lines.map((line) => line.split(mark).length - 1)
  const often = counts.filter((count) => count > 0).length
  return lines.length > 0 && often >= lines.length * 0.9
}

function splitBy(delimiter: string, text: string): string[][] {
  const rows = parse(text, {
    delimiter,
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    to: MOST_ROWS + 2,
    max_record_size: 16_384,
  }) as string[][]
  return rows.map((row) => row.slice(0, MOST_CELLS).map((cell) => cell.trim()))
}

const DAY =
  /(?<![0-9:])(?:(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[/.-][0-9]{1,2}(?:[/.-][0-9]{2,4})?(?![0-9:])|[0-9]{1,2}[\s-]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:\s+(?:19|20)[0-9]{2})?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+[0-9]{1,2}(?:,?\s+(?:19|20)[0-9]{2})?)/i
const TIME =
  /(?<![0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\s*[ap]\.?m\.?)?(?:\s*(?:Z|UTC|[+-][0-9]{2}:[0-9]{2}))?(?![0-9:])/i
const LENGTH =
  /(?<![0-9:])(?:[0-9]{1,3}\s*(?:hours?|h|minutes?|mins?|m|မိနစ်)(?![a-z])(?:\s*[0-9]{1,2}\s*(?:seconds?|secs?|s)(?![a-z]))?|[0-9]{1,5}\s*(?:seconds?|secs?|s)(?![a-z])|[0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?)(?![0-9:])/i
const WHOLE_NUMBER = /(?<![0-9:])\+?[0-9]{1,15}(?:[ -][0-9]{1,10}){0,6}(?<=(?:[0-9][ -]?){7})(?![0-9:])/

/** Day, time, number, length, and whatever words and figures are left. */
function cellsByShape(line: string): string[] {
  let rest = plainText(line)
  const take = (pattern: RegExp): string => {
    const found = pattern.exec(rest)?.[0] ?? ''
    if (found !== '') rest = rest.replace(found, '  ')
    return found.trim()
  }
  // A number with dots for hidden digits reads like a day, so it goes first.
  const raw = rest
    .split(/\s+/)
    .find((token) => maskedToken(token) !== null && !/^[0-9]{1,2}[./-][0-9]{1,2}[./-]?/.test(token))
  if (raw !== undefined) rest = rest.replace(raw, '  ')
  const iso = take(
    /(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?/,
  )
  const day = iso === '' ? take(DAY) : iso
  const time = iso === '' ? take(TIME) : ''
  // `0979... 2 min`: the 2 is no part of the number.
  const length = take(LENGTH)
  const number = raw ?? take(WHOLE_NUMBER)
  return [day, time, number, length, ...rest.trim().split(/\s{2,}/)].slice(0, MOST_CELLS)
}
