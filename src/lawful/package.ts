import { createHash } from 'node:crypto'
import { Encrypter } from 'age-encryption'
import type { LawfulFrame } from '../calls/lawful-frame.ts'
import { encodeVerifierKey, signNote } from '../ledger/note.ts'
import { CodedError } from '../platform/coded-error.ts'
import { type ArchiveFile, writeArchive } from './archive.ts'
import { RESPONSE_STATUS } from './etsi-names.ts'
import { type Disclosure, type MessageHead, writeResponse } from './etsi-write.ts'
import { letterPdf } from './letter.ts'
import type { Case } from './request.ts'

/** What a package is made of. */
export interface PackageParts {
  readonly serial: string
  readonly case: Case
  readonly frame: LawfulFrame
  readonly head: MessageHead
  readonly disclosure: Disclosure
  readonly operatorName: string
  /** `whole` or `part` of what was asked. */
  readonly outcome: 'whole' | 'part'
  /** Minutes east of UTC, for the times in the CSV. */
  readonly offsetMinutes: number
  readonly key: { readonly name: string; readonly publicKey: Uint8Array; sign(bytes: Uint8Array): Uint8Array }
}

export interface MadePackage {
  /** The files, as a tar archive. */
  readonly archive: Buffer
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]
}

export type PackageFault = 'recipient-malformed'

/**
 * Makes the archive: the records as TS 102 657 XML and as CSV, a cover letter, and a manifest with the digest of
 * each, signed by the operator (C2SP signed-note, Ed25519). Same parts, same bytes.
 */
export function makePackage(parts: PackageParts): MadePackage {
  const files: ArchiveFile[] = [
    {
      name: 'response.xml',
      bytes: Buffer.from(writeResponse(parts.head, RESPONSE_STATUS.complete, parts.disclosure)),
    },
    { name: 'records.csv', bytes: Buffer.from(recordsCsv(parts)) },
    { name: 'letter.pdf', bytes: coverLetter(parts) },
  ]
  const listed = files.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: digestOf(bytes) }))
  const manifest = signNote(manifestText(parts, listed), parts.key)
  files.push({ name: 'manifest.txt', bytes: Buffer.from(manifest) })
  return { archive: writeArchive(files, parts.head.at), files: listed }
}

/** Encrypts to an age recipient (`age1...`): any age tool opens it. @throws CodedError `recipient-malformed`. */
export async function encryptTo(recipient: string, plain: Uint8Array): Promise<Buffer> {
  const encrypter = new Encrypter()
  try {
    encrypter.addRecipient(recipient)
  } catch (cause) {
    throw new CodedError<PackageFault>('recipient-malformed', 'this is no recipient of age', { cause })
  }
  return Buffer.from(await encrypter.encrypt(plain))
}

/** SHA-256 in hex. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function manifestText(
  parts: PackageParts,
  files: readonly { name: string; bytes: number; sha256: string }[],
): string {
  const { head, serial, key } = parts
  return `countersign package v1
case ${serial}
request ${head.countryCode} ${head.organisation} ${head.requestNumber}
made ${new Date(head.at).toISOString()}
key ${encodeVerifierKey(key.name, key.publicKey)}
${files.map(({ name, bytes, sha256 }) => `file ${sha256} ${bytes} ${name}`).join('\n')}
`
}

const COLUMNS = {
  time: ['start'],
  length: ['duration_seconds', 'bytes'],
  kind: ['kind', 'direction', 'answered'],
  'other-number': ['other'],
  place: ['cell'],
  charge: ['charge', 'currency'],
  holder: [],
} as const

/** One line a record, only the columns that were approved (RFC 4180). */
function recordsCsv({ case: one, disclosure, offsetMinutes }: PackageParts): string {
  const fields = one.scope?.fields ?? []
  const columns = fields.flatMap((field): readonly string[] => COLUMNS[field])
  const lines = disclosure.rows.map((row) => {
    const values: Record<string, string> = {
      start: row.start === undefined ? '' : localTime(row.start, offsetMinutes),
      duration_seconds: String(row.durationSeconds ?? ''),
      bytes: String(row.bytes ?? ''),
      kind: row.kind ?? '',
      direction: row.direction ?? '',
      answered: row.answered === undefined ? '' : row.answered ? 'yes' : 'no',
      other: row.other ?? '',
      cell: row.cell ?? '',
      charge: row.chargeMilli == null ? '' : (row.chargeMilli / 1000).toFixed(3),
      currency: row.currency ?? '',
    }
    return [disclosure.identifiers[row.identifier]!.value, ...columns.map((name) => values[name] ?? '')]
  })
  const holders = disclosure.holders.map((holder) => [
    disclosure.identifiers[holder.identifier]!.value,
    holder.name ?? '',
    localTime(holder.from, offsetMinutes),
    localTime(holder.until, offsetMinutes),
  ])
  const tables = [
    ...(holders.length === 0 ? [] : [[['number', 'holder', 'from', 'until'], ...holders]]),
    ...(columns.length === 0 ? [] : [[['number', ...columns], ...lines]]),
  ]
  return tables
    .map((rows) => rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join(''))
    .join('\r\n')
}

/** A cell that a spreadsheet would take for a formula is led by an apostrophe; numbers are not. */
function csvCell(text: string): string {
  const safe = /^[=@\t\r]|^[+-](?![0-9]+$)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function localTime(seconds: number, offsetMinutes: number): string {
  const sign = offsetMinutes < 0 ? '-' : '+'
  const pad = (n: number): string => String(Math.floor(n)).padStart(2, '0')
  const zone = `${sign}${pad(Math.abs(offsetMinutes) / 60)}:${pad(Math.abs(offsetMinutes) % 60)}`
  return `${new Date((seconds + offsetMinutes * 60) * 1000).toISOString().slice(0, 19)}${zone}`
}

function coverLetter(parts: PackageParts): Buffer {
  const { case: one, frame, disclosure, head, key } = parts
  const { filing } = one
  const authority = frame.authorities.find(({ id }) => id === filing.authority)
  const basis = frame.bases.find(({ code }) => code === filing.basis)
  const rows = disclosure.rows.length
  return letterPdf(
    {
      operatorName: parts.operatorName,
      title: `Answer to request ${head.requestNumber}`,
      facts: [
        ['To', `${authority?.name.en ?? filing.authority}, ${filing.officer.rank} ${filing.officer.name}`],
        ['Through', frame.gate.name.en],
        ['Your case', filing.caseNumber],
        ['Our case', parts.serial],
        ['Legal basis', basis?.title.en ?? filing.basis],
        ['Date', new Date(head.at).toISOString().slice(0, 10)],
        ['Records', rows === 0 ? 'None within what was approved' : String(rows)],
      ],
      paragraphs: [
        parts.outcome === 'whole'
          ? 'Enclosed is what was asked for.'
          : 'Enclosed is a part of what was asked for: only the numbers, days and kinds of data that the law and the case bear out were approved.',
        'Content of communications, voice and pictures does not exist here. It is held about nobody, and none was left out.',
        'These records concern people who are not party to the case. Use them for this case only, and destroy them when it has ended.',
        `manifest.txt has the SHA-256 digest of each file and is signed; the key is ${encodeVerifierKey(key.name, key.publicKey)}.`,
      ],
      foot: `${parts.serial} · ${head.requestNumber}`,
    },
    'en',
  )
}
