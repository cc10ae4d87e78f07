import { readSheet } from 'read-excel-file/node'
import { CodedError } from '../platform/coded-error.ts'
import { type Grid, MOST_ROWS } from './grid.ts'

export type WorkbookFault = 'workbook-unreadable' | 'list-too-long'

/** Of the file, and of what it unpacks to: a list of 5,000 lines is some 300 kB. */
const MOST_BYTES = 4 * 1024 * 1024
const MOST_CELLS = 40

/** Tells a workbook (a zip archive) from text by its first bytes. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04
}

/**
 * The first sheet of an XLSX file as lines of cells; days and times come as text.
 * @throws CodedError `workbook-unreadable`, `list-too-long`.
 */
export async function gridOfWorkbook(bytes: Uint8Array): Promise<Grid> {
  refuseLarge(bytes)
  let rows: readonly (readonly unknown[])[]
  try {
    rows = await readSheet(Buffer.from(bytes))
  } catch (cause) {
    throw new CodedError<WorkbookFault>('workbook-unreadable', 'the workbook cannot be read', { cause })
  }
  if (rows.length > MOST_ROWS + 1)
    throw new CodedError<WorkbookFault>('list-too-long', `a list has at most ${MOST_ROWS} lines`)
  return { rows: rows.map((row) => row.slice(0, MOST_CELLS).map(cellText)), by: 'workbook' }
}

/**
 * Adds up what the archive's directory says its files unpack to, before anything is unpacked: a small file that
 * unpacks to gigabytes is no list. (APPNOTE 4.3.12: signature, then the size at byte 24 of each header.)
 */
function refuseLarge(bytes: Uint8Array): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let unpacked = bytes.length
  for (
    let at = view.indexOf('PK\u0001\u0002', 0, 'latin1');
    at >= 0;
    at = view.indexOf('PK\u0001\u0002', at + 4, 'latin1')
  )
    if (at + 28 <= view.length) unpacked += view.readUInt32LE(at + 24)
  if (bytes.length > MOST_BYTES || unpacked > 8 * MOST_BYTES)
    throw new CodedError<WorkbookFault>('list-too-long', 'the workbook is too large for a list')
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (!(cell instanceof Date)) return String(cell)
  const text = cell.toISOString()
  // A time of day alone is a moment of the day before 1900 began.
  if (cell.getUTCFullYear() < 1901) return text.slice(11, 19)
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
}
