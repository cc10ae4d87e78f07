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
import { type Period, parsePeriod } from './period.ts'
import type { LogReader, ReportFault, ReportFile } from './report-file.ts'
import { overdueSecrecies } from './secrecy.ts'

/** Something that a report does not bear. */
export interface Finding {
  readonly code: Exclude<ReportFault, 'report-malformed'> | 'secrecy-overdue'
  /** Index of the entry, where it is about one. */
  readonly at?: number
  readonly why: string
}

export interface Recount {
  readonly ok: boolean
  readonly entries: number
  readonly size: number
  /** Headers first, then the edges of the period, then figures, then secrecies. */
  readonly findings: readonly Finding[]
}

/**
 * Counts a report again from its file and the public log, and names everything that it does not bear: a header that is
 * missing (`report-incomplete`), opened twice, or not what the log holds (`report-not-in-log`); an entry of the period
 * left out (`report-edge`); a figure that does not add up (`report-miscounted`); a secrecy whose day has passed.
 *
 * Why nothing of the period can be left out: the file opens every index of its stretch; the header before the stretch
 * is of an earlier day and the one after it of a later, and the log is in order of time; and all of them lie under one
 * signed checkpoint. Figures are counted only when every header holds: else a missing one would seem to be a lie of each.
 * @throws CodedError of note and checkpoint for a log that is not signed by the key
 */
export async function recount(
  file: ReportFile,
  log: LogReader,
  verifierKey: string = file.verifierKey,
): Promise<Recount> {
  const key = parseVerifierKey(verifierKey)
  const { size, root } = verifyCheckpoint(await log.checkpoint(), key, nodeVerifyEd25519)
  const read = keepTiles(log)
  const period = parsePeriod(file.period)
  const holds = async (open: OpenHeader): Promise<Finding | null> => {
    try {
      const leaf = hashLeaf(entryOf(open), nodeSha256)
      const proof = await proveInclusion(open.index, size, read, nodeSha256)
      verifyInclusion({ index: open.index, size, leaf, proof, root }, nodeSha256)
      parseHeader(open.header)
      return null
    } catch (cause) {
      if (!(cause instanceof CodedError) || cause.fatal) throw cause
      return altered(open.index)
    }
  }
  const findings: Finding[] = [...orderOf(file, size)]
  const all = [...file.headers, ...(file.carried ?? []), file.before ?? null, file.after ?? null]
  for (const open of all) {
    const finding =
      open === null
        ? null
        : open.index < size
          ? await holds(open)
          : missing(open.index, 'beyond the signed log')
    if (finding !== null) findings.push(finding)
  }
  if (findings.length === 0) {
    const headers = file.headers.map(({ header }) => parseHeader(header))
    findings.push(
      ...edgesOf(file, period, headers, size),
      ...figuresOf(file, headers),
      ...secreciesOf(file, period, headers),
    )
  }
  return { ok: findings.length === 0, entries: file.headers.length, size, findings }
}

/** Every index of the stretch, once and in order. */
function orderOf(file: ReportFile, size: number): Finding[] {
  const findings: Finding[] = []
  const seen = new Set<number>()
  for (const { index } of file.headers) {
    if (seen.has(index))
      findings.push({ code: 'report-opened-twice', at: index, why: `entry ${index} is opened twice` })
    seen.add(index)
  }
  for (let index = file.from; index < file.until; index += 1)
    if (!seen.has(index)) findings.push(missing(index, 'the file does not open it'))
  for (const index of seen)
    if (index < file.from || index >= file.until)
      findings.push({ code: 'report-edge', at: index, why: `entry ${index} lies outside the file’s stretch` })
  if (file.until > size) findings.push(missing(file.until - 1, 'beyond the signed log'))
  return findings
}

/** The stretch is the whole period: what lies before and after it is of other days. */
function edgesOf(
  file: ReportFile,
  period: Period | null,
  headers: readonly Header[],
  size: number,
): Finding[] {
  const edge = (why: string, at?: number): Finding => ({
    code: 'report-edge',
    why,
    ...(at === undefined ? {} : { at }),
  })
  if (period === null) return [edge(`${file.period} is no period`)]
  const findings = headers.flatMap(({ day }, i) =>
    day >= period.from && day < period.until
      ? []
      : [edge(`entry ${file.from + i} is of ${day}, outside ${period.name}`, file.from + i)],
  )
  const before = file.from === 0 ? null : edgeHeader(file.before, file.from - 1)
  const after = file.until >= size ? null : edgeHeader(file.after, file.until)
  if (before === undefined)
    findings.push(edge(`the header before the stretch (entry ${file.from - 1}) is not opened`, file.from - 1))
  else if (before !== null && before.day >= period.from)
    findings.push(edge(`entry ${file.from - 1} is of ${before.day} and was left out`, file.from - 1))
  if (after === undefined)
    findings.push(edge(`the header after the stretch (entry ${file.until}) is not opened`, file.until))
  else if (after !== null && after.day < period.until)
    findings.push(edge(`entry ${file.until} is of ${after.day} and was left out`, file.until))
  return findings
}

/** The header at an edge; undefined where the file opens another one or none. */
function edgeHeader(open: OpenHeader | null | undefined, index: number): Header | undefined {
  return open?.index === index ? parseHeader(open.header) : undefined
}

function figuresOf(file: ReportFile, headers: readonly Header[]): Finding[] {
  const counted = countFigures(headers)
  const names = new Set([...Object.keys(counted), ...Object.keys(file.figures)] as (keyof Figures)[])
  return [...names]
    .filter((name) => encodeText(counted[name] ?? null) !== encodeText(file.figures[name] ?? null))
    .map((name) => ({ code: 'report-miscounted', why: `${name} is not what the headers add up to` }))
}

function secreciesOf(file: ReportFile, period: Period | null, headers: readonly Header[]): Finding[] {
  if (period === null) return []
  const carried = (file.carried ?? []).map(({ header }) => parseHeader(header))
  return overdueSecrecies([...carried, ...headers], period.until).map(({ serial, opensBy, renewals }) => ({
    code: 'secrecy-overdue',
    why: `the secrecy of request ${serial} ended on ${opensBy} (renewed ${renewals} times) and nobody was told`,
  }))
}

function entryOf({ header, salt, body }: OpenHeader): Uint8Array {
  return encodeEntry(commitToHeader(header, parseBase64(salt), nodeSha256), parseBase64(body), nodeSha256)
}

function missing(index: number, why: string): Finding {
  return { code: 'report-incomplete', at: index, why: `entry ${index} is missing: ${why}` }
}

function altered(index: number): Finding {
  return { code: 'report-not-in-log', at: index, why: `entry ${index} is not what the log holds` }
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
