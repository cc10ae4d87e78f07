import { parseHeader } from '../ledger/commitment.ts'
import type { Header } from '../ledger/entry.ts'
import type { OpenHeader } from '../ledger/ledger.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Figures } from './figures.ts'
import { recount } from './recount.ts'

/**
 * A report as a file: its figures, and every header of its stretch of the log, opened. Stretches of one quarter and
 * the next join without a gap, so nothing countable can be left out.
 */
export interface ReportFile {
  readonly v: 1
  readonly period: string
  readonly operator: string
  readonly origin: string
  readonly verifierKey: string
  /** Index of the first entry, and of the first that is the next report's. */
  readonly from: number
  readonly until: number
  readonly figures: Figures
  readonly headers: readonly OpenHeader[]
  /** The header before the stretch and the one after it: of other days, so the stretch is the whole period. */
  readonly before?: OpenHeader | null
  readonly after?: OpenHeader | null
  /** Headers of the year before that began, renewed or ended a secrecy: what may fall due in this period. */
  readonly carried?: readonly OpenHeader[]
}

export type ReportFault =
  | 'report-malformed'
  | 'report-incomplete'
  | 'report-opened-twice'
  | 'report-not-in-log'
  | 'report-edge'
  | 'report-miscounted'

/** Where the log's tiles and checkpoint are read: our database, or another's web server. */
export interface LogReader {
  checkpoint(): Promise<string>
  tile(level: number, index: number, width: number): Promise<Uint8Array>
}

/**
 * Counts a report again from its headers, and holds each header against the signed log: `recount`, for whoever wants
 * the first thing that is wrong and no more.
 * @throws CodedError `report-incomplete`, `report-opened-twice`, `report-not-in-log`, `report-edge`,
 * `report-miscounted` or `secrecy-overdue`; note and checkpoint errors for a log that is not signed by its key.
 */
export async function verifyReport(
  file: ReportFile,
  log: LogReader,
  verifierKey: string = file.verifierKey,
): Promise<{ entries: number; size: number }> {
  const { findings, entries, size } = await recount(file, log, verifierKey)
  const [first] = findings
  if (first !== undefined) throw new CodedError(first.code, first.why)
  return { entries, size }
}

/** A file from text. @throws CodedError `report-malformed`. */
export function parseReportFile(text: string): ReportFile {
  try {
    const file = JSON.parse(text) as ReportFile
    if (file.v !== 1 || !Array.isArray(file.headers) || typeof file.figures !== 'object')
      throw new Error('not a report')
    return file
  } catch (cause) {
    throw fault('report-malformed', 'this is no report file of version 1', cause)
  }
}

/** The headers of a stretch, parsed. */
export function headersOf(open: readonly OpenHeader[]): Header[] {
  return open.map(({ header }) => parseHeader(header))
}

function fault(code: ReportFault, message: string, cause?: unknown): CodedError<ReportFault> {
  return new CodedError(code, message, cause === undefined ? {} : { cause })
}
