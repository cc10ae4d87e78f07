import { compileTimePattern } from '../calls/formats/local-time.ts'
import type { Field, Fields, Values } from './kinds.ts'

/** What reading a line needs to know of the country. */
export interface Place {
  readonly parseNumber: (text: string) => string | null
  /** Text as it is kept: old Zawgyi becomes Unicode. */
  readonly unicode: (text: string) => string
  readonly offsetMinutes: number
}

/** Gives a field's text; undefined where the line has none. `at` reads an instant in the source's own way. */
export interface LineFields {
  text(field: string): string | undefined
  at?(field: string): ((text: string) => number | null) | undefined
}

/**
 * The typed values of one line, or what is wrong with it: the field's name and the rule, never the value, which may be
 * a customer's number.
 */
export function readValues(fields: Fields, line: LineFields, place: Place): Values | string {
  const values: Record<string, string | number | boolean | readonly string[]> = {}
  for (const [name, field] of Object.entries(fields)) {
    const text = line.text(name)?.trim()
    if (text === undefined || text === '') {
      if (field.required === true) return `${name} is missing`
      continue
    }
    const value = readValue(field, text, place, line.at?.(name))
    if (value === null) return `${name} ${RULES[field.type.is]}`
    values[name] = value
  }
  return values
}

const RULES: Record<Field['type']['is'], string> = {
  number: 'is no telephone number that we can read',
  text: 'is too long, or holds what is no text',
  choice: 'is none of the words that are known',
  choices: 'holds a word that is not known',
  instant: 'is no day or instant that we can read',
  'yes-no': 'is neither yes nor no',
  money: 'is no amount with at most three decimals',
}

function readValue(
  { type }: Field,
  text: string,
  place: Place,
  at: ((text: string) => number | null) | undefined,
): string | number | boolean | readonly string[] | null {
  switch (type.is) {
    case 'number':
      return place.parseNumber(text)
    case 'text':
      return text.length <= type.longest && !/[\p{Cc}\ufffd]/u.test(text)
        ? place.unicode(text).normalize('NFC')
        : null
    case 'choice':
      return type.of.includes(text) ? text : null
    case 'choices': {
      const words = text.split(/[\s;]+/)
      return words.every((word) => type.of.includes(word)) ? [...new Set(words)] : null
    }
    case 'instant':
      return (at ?? instantReader(place.offsetMinutes))(text)
    case 'yes-no':
      return /^(yes|true|1)$/i.test(text) ? true : /^(no|false|0)$/i.test(text) ? false : null
    case 'money':
      return readMilli(text)
  }
}

/** `1234.5` as 1234500; exact, for it never becomes a fraction. */
function readMilli(text: string): number | null {
  const [, sign, whole, part = ''] = /^(-?)(\d{1,12})(?:\.(\d{1,3}))?$/.exec(text) ?? []
  if (whole === undefined) return null
  const milli = Number(whole) * 1000 + Number(part.padEnd(3, '0'))
  return sign === '-' ? -milli : milli
}

const readers = new Map<number, (text: string) => number | null>()

/** Days and local times as `2026-08-01`, `2026-08-01 09:30`, `2026-08-01T09:30:00+06:30`; epoch seconds. */
function instantReader(offsetMinutes: number): (text: string) => number | null {
  const known = readers.get(offsetMinutes)
  if (known !== undefined) return known
  const sign = offsetMinutes < 0 ? '-' : '+'
  const two = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, '0')
  const zone = `${sign}${two(offsetMinutes / 60)}:${two(Math.abs(offsetMinutes) % 60)}`
  const patterns = [
    ['yyyy-MM-dd HH:mm', zone],
    ['yyyy-MM-dd HH:mm:ss', zone],
    ['yyyy-MM-ddTHH:mm:ssXXX', undefined],
    ['yyyy-MM-ddTHH:mm:ss.SSSXXX', undefined],
  ] as const
  const compiled = patterns.map(([format, at]) => compileTimePattern(format, at))
  const reader = (text: string): number | null => {
    const whole = text.length === 10 ? `${text} 00:00` : text
    for (const read of compiled) {
      const found = typeof read === 'string' ? null : read(whole)
      if (found !== null) return found
    }
    return null
  }
  readers.set(offsetMinutes, reader)
  return reader
}
