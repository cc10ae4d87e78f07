import { parseBase64 } from '../ledger/base64.ts'
import { verifyCheckpoint } from '../ledger/checkpoint.ts'
import { commitToHeader, encodeEntry, encodeText, parseHeader } from '../ledger/commitment.ts'
import type { Header } from '../ledger/entry.ts'
import type { OpenHeader } from '../ledger/ledger.ts'
import { hashLeaf, verifyInclusion } from '../ledger/merkle.ts'
import { nodeSha256, nodeVerifyEd25519 } from '../ledger/node-crypto.ts'
import { parseVerifierKey } from '../ledger/note.ts'
import { proveInclusion } from '../ledger/prover.ts'
import { CodedError } from '../platform/coded-error.ts'
import { countFigures, type Figures } from './figures.ts'

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
}

export type ReportFault = 'report-malformed' | 'report-incomplete' | 'report-not-in-log' | 'report-miscounted'

/** Where the log's tiles and checkpoint are read: our database, or another's web server. */
export interface LogReader {
  checkpoint(): Promise<string>
  tile(level: number, index: number, width: number): Promise<Uint8Array>
}

/**
 * Counts a report again from its headers, and holds each header against the signed log.
 * @throws CodedError `report-malformed`, `report-incomplete` (an index is missing), `report-not-in-log` (a header is
 * not what the log holds at its index), `report-miscounted` (with the first figure that differs); note and checkpoint
 * errors for a log that is not signed by its key.
 */
export async function verifyReport(
  file: ReportFile,
  log: LogReader,
  verifierKey: string = file.verifierKey,
): Promise<{ entries: number; size: number }> {
  const key = parseVerifierKey(verifierKey)
  const { size, root } = verifyCheckpoint(await log.checkpoint(), key, nodeVerifyEd25519)
  if (file.headers.length !== file.until - file.from || file.until > size)
    throw fault('report-incomplete', 'the file does not have every entry of its stretch')
  const read = keepTiles(log)
  for (const [at, open] of file.headers.entries()) {
    if (open.index !== file.from + at) throw fault('report-incomplete', `entry ${file.from + at} is missing`)
    const leaf = hashLeaf(entryOf(open), nodeSha256)
    const proof = await proveInclusion(open.index, size, read, nodeSha256)
    try {
      verifyInclusion({ index: open.index, size, leaf, proof, root }, nodeSha256)
    } catch (cause) {
      throw fault('report-not-in-log', `entry ${open.index} is not what the log holds`, cause)
    }
  }
  const counted = countFigures(file.headers.map(({ header }) => parseHeader(header)))
  const wrong = [...new Set([...Object.keys(counted), ...Object.keys(file.figures)])].find(
    (name) =>
      encodeText(counted[name as keyof Figures] ?? null) !==
      encodeText(file.figures[name as keyof Figures] ?? null),
  )
  if (wrong !== undefined) throw fault('report-miscounted', `${wrong} is not what the headers add up to`)
  return { entries: file.headers.length, size }
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

function entryOf({ header, salt, body }: OpenHeader): Uint8Array {
  return encodeEntry(commitToHeader(header, parseBase64(salt), nodeSha256), parseBase64(body), nodeSha256)
}

/** A tile is asked for once. */
function keepTiles(log: LogReader): LogReader['tile'] {
  const kept = new Map<string, Promise<Uint8Array>>()
  return (level, index, width) => {
    const name = `${level}/${index}/${width}`
    const known = kept.get(name) ?? log.tile(level, index, width)
    kept.set(name, known)
    return known
  }
}

function fault(code: ReportFault, message: string, cause?: unknown): CodedError<ReportFault> {
  return new CodedError(code, message, cause === undefined ? {} : { cause })
}
