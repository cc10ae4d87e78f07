/** Longest record and longest run of lines inside one pair of quotes; a wrong quote costs no more than this. */
export const MAX_RECORD_LENGTH = 64 * 1024

/** Plain words why a line is no row; none holds a value of the line. */
export type LineFault =
  | 'a quote is opened and never closed'
  | 'a quote stands where none may stand'
  | 'the line is longer than 65,536 bytes'

/** A row of fields, or the line that is none; `position` is the number of its first line, from 1. */
export interface DelimitedLine {
  readonly position: number
  /** Fields as latin1 text: one character a byte, so that the bytes of a bad field are never lost. */
  readonly fields: readonly string[]
  readonly fault: LineFault | null
  /** The record as it stood, latin1, without its line end; cut at 65,536 characters. */
  readonly raw: string
  /** False only for a last line that no line end follows. */
  readonly ended: boolean
}

/**
 * Splits delimited text as RFC 4180 says: fields may stand in quotes, a doubled quote inside is one quote, line
 * ends inside quotes belong to the field, records end with LF or CRLF. Lines with nothing in them are passed over
 * but counted. Where a quote is never closed, the line that opens it is the fault, and reading goes on with the
 * next line, so that one stray quote costs one line and not the rest of the file.
 *
 * Lines without a quote, nearly all, are cut by `split`; both ways are compared with csv-parse by property.
 */
export class LineSplitter {
  readonly #delimiter: string
  readonly #quote: string | null
  /** What no record was cut from yet. */
  #rest = ''
  /** Number of the line at which `#rest` begins. */
  #line = 1
  /** Inside a line that was too long and is passed over. */
  #skipping = false

  constructor(delimiter: string, quote: string | null) {
    this.#delimiter = delimiter
    this.#quote = quote
  }

  /** The number of the line at which what was not given yet begins. */
  get line(): number {
    return this.#line
  }

  /** So many lines were read by somebody else, from where this stands at the beginning of one. */
  pass(lines: number): void {
    this.#line += lines
  }

  /** Gives back the beginning of a line, for somebody else to go on with; null where only this can go on. */
  takeRest(): string | null {
    if (this.#skipping || (this.#quote !== null && this.#rest.includes(this.#quote))) return null
    const rest = this.#rest
    this.#rest = ''
    return rest
  }

  /** Takes the next piece of the file and appends the rows that it completes to `into`. */
  push(latin1: string, into: DelimitedLine[]): void {
    let text = latin1
    if (this.#skipping) {
      const newline = text.indexOf('\n')
      if (newline === -1) return
      this.#skipping = false
      this.#line += 1
      text = text.slice(newline + 1)
    }
    this.#rest = this.#rest === '' ? text : this.#rest + text
    this.#drain(false, into)
    // A line without an end must not grow in memory: its beginning is the fault, the rest is passed over.
    if (this.#rest.length > 2 * MAX_RECORD_LENGTH && !this.#rest.includes('\n')) {
      into.push(this.#fault(0, this.#rest.length, 'the line is longer than 65,536 bytes', true))
      this.#rest = ''
      this.#skipping = true
    }
  }

  /** The file ends here: gives what is left as the last line or lines. */
  end(into: DelimitedLine[]): void {
    this.#drain(true, into)
  }

  #drain(last: boolean, into: DelimitedLine[]): void {
    let from = 0
    while (from < this.#rest.length) {
      const next = this.#cut(from, last, into)
      if (next === -1) break
      from = next
    }
    this.#rest = this.#rest.slice(from)
  }

  /** Cuts one record at `from`; gives where the next begins, or -1 when more text is needed. */
  #cut(from: number, last: boolean, into: DelimitedLine[]): number {
    const rest = this.#rest
    const newline = rest.indexOf('\n', from)
    const ended = newline !== -1
    if (!ended && !last) return -1
    const lineEnd = ended ? newline : rest.length
    const next = ended ? newline + 1 : rest.length
    if (lineEnd - from > MAX_RECORD_LENGTH) {
      into.push(this.#fault(from, lineEnd, 'the line is longer than 65,536 bytes', ended))
      this.#line += 1
      return next
    }
    const textEnd = lineEnd > from && rest.charCodeAt(lineEnd - 1) === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd
    const text = rest.slice(from, textEnd)
    if (this.#quote !== null && text.includes(this.#quote)) return this.#cutQuoted(from, lineEnd, last, into)
    if (text !== '') {
      into.push({ position: this.#line, fields: text.split(this.#delimiter), fault: null, raw: text, ended })
    }
    this.#line += 1
    return next
  }

  #cutQuoted(from: number, lineEnd: number, last: boolean, into: DelimitedLine[]): number {
    const rest = this.#rest
    const record = readQuoted(rest, from, this.#delimiter, this.#quote!)
    if (record.open && !last && rest.length - from <= MAX_RECORD_LENGTH) return -1
    if (record.open || record.fault) {
      const why = record.open ? 'a quote is opened and never closed' : 'a quote stands where none may stand'
      into.push(this.#fault(from, lineEnd, why, lineEnd < rest.length))
      this.#line += 1
      return Math.min(lineEnd + 1, rest.length)
    }
    const ended = rest[record.next - 1] === '\n'
    if (!ended && !last) return -1
    const raw = rest.slice(from, record.next).replace(/\r?\n$/, '')
    into.push({ position: this.#line, fields: record.fields, fault: null, raw, ended })
    this.#line += raw.split('\n').length
    return record.next
  }

  #fault(from: number, until: number, fault: LineFault, ended: boolean): DelimitedLine {
    const raw = this.#rest.slice(from, Math.min(until, from + MAX_RECORD_LENGTH))
    return {
      position: this.#line,
      fields: [],
      fault,
      raw: raw.endsWith('\r') ? raw.slice(0, -1) : raw,
      ended,
    }
  }
}

const CARRIAGE_RETURN = 13

interface QuotedRecord {
  readonly fields: string[]
  /** Where the next record begins. */
  readonly next: number
  readonly open: boolean
  readonly fault: boolean
}

/** Reads one record that has a quote in its first line, field by field. */
function readQuoted(text: string, from: number, delimiter: string, quote: string): QuotedRecord {
  const fields: string[] = []
  let at = from
  for (;;) {
    if (text[at] === quote) {
      const field = readQuotedField(text, at + 1, quote)
      if (field === null) return { fields, next: text.length, open: true, fault: false }
      fields.push(field.value)
      at = field.end
    } else {
      const end = endOfPlainField(text, at, delimiter)
      const plain = text.slice(at, end)
      if (plain.includes(quote)) return { fields, next: end, open: false, fault: true }
      fields.push(plain)
      at = end
    }
    if (text[at] === delimiter) {
      at += 1
      continue
    }
    if (at >= text.length) return { fields, next: text.length, open: false, fault: false }
    if (text[at] === '\n') return { fields, next: at + 1, open: false, fault: false }
    if (text[at] === '\r' && text[at + 1] === '\n') return { fields, next: at + 2, open: false, fault: false }
    if (text[at] === '\r' && at + 1 === text.length)
      return { fields, next: text.length, open: false, fault: false }
    return { fields, next: at, open: false, fault: true }
  }
}

function readQuotedField(text: string, from: number, quote: string): { value: string; end: number } | null {
  let value = ''
  let at = from
  for (;;) {
    const end = text.indexOf(quote, at)
    if (end === -1) return null
    value += text.slice(at, end)
    if (text[end + 1] !== quote) return { value, end: end + 1 }
    value += quote
    at = end + 2
  }
}

/** A field without quotes ends at the delimiter or the line's end; CR counts only right before LF or the end. */
function endOfPlainField(text: string, from: number, delimiter: string): number {
  let at = from
  while (at < text.length) {
    const char = text[at]
    if (char === delimiter || char === '\n') return at
    if (char === '\r' && (text[at + 1] === '\n' || at + 1 === text.length)) return at
    at += 1
  }
  return at
}
