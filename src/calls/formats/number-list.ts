import { readFileSync } from 'node:fs'
import { CodedError } from '../../platform/coded-error.ts'
import type { E164 } from '../call-record.ts'
import { type NumberPlan, parseNumber } from '../numbers.ts'

export type NumberListCode = 'numbers-unreadable' | 'numbers-invalid'

const LONGEST_IDENTIFIER = 64

/**
 * Reads a list of numbers: a line each, `identifier,number`, where the identifier is what a source calls somebody
 * by (an IMSI, an extension, a user). A first line that is a header, and empty lines, are passed over.
 * @throws CodedError `numbers-unreadable`, `numbers-invalid` with the line.
 */
export function readNumberList(path: string, plan: NumberPlan): Map<string, E164> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CodedError<NumberListCode>('numbers-unreadable', `cannot read the list of numbers ${path}`, {
      cause,
    })
  }
  return parseNumberList(text, plan, path)
}

/** As {@link readNumberList}, from text; `file` is used in messages only. */
export function parseNumberList(text: string, plan: NumberPlan, file: string): Map<string, E164> {
  const numbers = new Map<string, E164>()
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const [identifier = '', written = '', ...more] = line.split(',').map((part) => part.trim())
    const number = parseNumber(written, plan)
    if (number === null && index === 0 && !/[0-9]{4}/.test(written)) continue
    if (number === null || more.length > 0 || identifier === '' || identifier.length > LONGEST_IDENTIFIER) {
      throw new CodedError<NumberListCode>(
        'numbers-invalid',
        `${file} line ${index + 1}: must be an identifier, a comma and a number of the plan`,
      )
    }
    numbers.set(identifier, number)
  }
  return numbers
}
