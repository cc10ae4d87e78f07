import type { NumberPlan } from '../calls/numbers.ts'
import { CodedError } from '../platform/coded-error.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { type Grid, gridOf, MOST_ROWS } from './grid.ts'
import { type Correction, type ReadList, readList } from './read-list.ts'
import { gridOfWorkbook, isWorkbook } from './workbook.ts'

/** A list as somebody hands it in: text, or a file's bytes (text or XLSX, told apart by what they are). */
export interface ListGiven {
  readonly text?: string | undefined
  readonly bytes?: Uint8Array | undefined
  readonly correction?: Correction | undefined
}

export interface OpenedList {
  /** As it came: what the digest is over. */
  readonly bytes: Uint8Array
  readonly read: ReadList
  readonly cells: readonly (readonly string[])[]
  /** Lines as text, for showing; the n-th is line n. */
  readonly lines: readonly string[]
}

const MOST_BYTES = 4 * 1024 * 1024

/** Reads a list, or says why it cannot be read. */
export async function openList(given: ListGiven, plan: NumberPlan): Promise<OpenedList | Refusal> {
  if ((given.text === undefined) === (given.bytes === undefined))
    return refuse('list-twice', 'A list comes as text or as a file.', 'Give one of the two.')
  const bytes = given.bytes ?? Buffer.from(given.text ?? '', 'utf8')
  if (bytes.length > MOST_BYTES) return tooLong()
  const grid = await gridFrom(bytes)
  if ('refused' in grid) return grid
  if (grid.rows.length > MOST_ROWS + 1) return tooLong()
  const read = readList(grid, plan, given.correction)
  if (read.rows.length === 0)
    return refuse(
      'list-empty',
      'No line of the list says when, or with whom and how long.',
      'Say which column is the time and which the number.',
    )
  return {
    bytes,
    read,
    cells: grid.rows,
    lines: grid.rows.map((row) => row.filter((cell) => cell !== '').join('  ')),
  }
}

async function gridFrom(bytes: Uint8Array): Promise<Grid | Refusal> {
  try {
    if (isWorkbook(bytes)) return await gridOfWorkbook(bytes)
    return gridOf(decode(bytes))
  } catch (cause) {
    if (cause instanceof CodedError && cause.code === 'list-too-long') return tooLong()
    if (cause instanceof CodedError || cause instanceof TypeError || isCsvError(cause)) return unreadable()
    throw cause
  }
}

/** UTF-8, or UTF-16 where a byte order mark says so. @throws TypeError when it is neither. */
function decode(bytes: Uint8Array): string {
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const encoding = wide ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8'
  const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  if (text.includes('\u0000')) throw new TypeError('not a text')
  return text
}

function isCsvError(cause: unknown): boolean {
  return cause instanceof Error && String((cause as { code?: unknown }).code ?? '').startsWith('CSV_')
}

function tooLong(): Refusal {
  return refuse(
    'list-too-long',
    `A list has at most ${MOST_ROWS} lines and ${MOST_BYTES / 1024 / 1024} MB.`,
    'Leave out what is not from this log.',
  )
}

function unreadable(): Refusal {
  return refuse(
    'list-unreadable',
    'That is neither text nor a workbook that can be read.',
    'Paste the list, or save it as CSV (UTF-8) or XLSX.',
  )
}
