import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import type { E164, OtherParty } from '../../../src/calls/call-record.ts'
import type { ReadItem, SourceRecord } from '../../../src/calls/source-record.ts'
import { initKeys, openKeys } from '../../../src/keys/key-directory.ts'
import type { KeyService } from '../../../src/keys/key-service.ts'
import { claimReceiptPress, type Field, type Opening, type Receipt } from '../../../src/ledger/receipt.ts'
import type { OpenDatabase } from '../../../src/platform/database.ts'
import { type IngestOptions, type IngestSummary, ingestFiles } from '../../../src/vault/ingest.ts'
import { PSEUDONYM_KEY, type Subject, subjectOf, unregisteredTenure } from '../../../src/vault/subject.ts'
import { createVault, type OpenedRow, type Vault } from '../../../src/vault/vault.ts'
import { openTestDatabase } from '../../support/database.ts'

export const NOW = Date.UTC(2026, 10, 25, 4)
export const SEPTEMBER = Date.UTC(2026, 8, 1) / 1000
const ALL_FIELDS: readonly Field[] = [
  'start',
  'duration',
  'kind',
  'direction',
  'answered',
  'charge',
  'tariff',
  'cell',
  'otherFull',
]

/** No ledger runs in these tests, so its press is theirs: the receipts are real ones. */
export const pressReceipt: (opening: Opening) => Receipt = claimReceiptPress()

export type OpenRow = OpenedRow<OtherParty>

export interface TestVault {
  readonly database: OpenDatabase
  readonly keys: KeyService
  readonly keysDir: string
  readonly vault: Vault
  subject(number: string): Subject
  /** Writes a file of records, a line each; a text stands for a line that cannot be read. */
  file(name: string, lines: readonly (Partial<SourceRecord> | string)[]): string
  append(path: string, bytes: string): void
  ingest(
    files: readonly string[],
    options?: Partial<IngestOptions> & { now?: number },
  ): Promise<IngestSummary>
  /** Opens the log of a number with all fields. */
  log(number: string, opening?: Partial<Opening>): Promise<OpenRow[]>
}

/** A vault on a fresh database with a fresh key directory. */
export async function openTestVault(t: TestContext): Promise<TestVault> {
  const database = await openTestDatabase(t)
  const dir = mkdtempSync(join(tmpdir(), 'countersign-vault-'))
  const keysDir = join(dir, 'd.keys')
  await initKeys(keysDir, 'a passphrase for tests', { scryptLogN: 10 })
  const keys = await openKeys(keysDir, 'a passphrase for tests')
  t.after(() => {
    keys.close()
    rmSync(dir, { recursive: true })
  })
  const vault = createVault({ pool: database.pool, keys, offsetMinutes: 390 })
  const subject = (number: string): Subject => subjectOf(keys.prfKey(PSEUDONYM_KEY), number as E164)
  return {
    database,
    keys,
    keysDir,
    vault,
    subject,
    file(name, lines) {
      const path = join(dir, name)
      writeFileSync(path, lines.map(lineOf).join(''))
      return path
    },
    append: (path, bytes) => appendFileSync(path, bytes),
    ingest: (files, { now, ...options } = {}) =>
      ingestFiles(
        { pool: database.pool, keys, clock: { now: () => now ?? NOW }, offsetMinutes: 390 },
        { files, read: readJsonLines, servedByUs: (n) => n.startsWith('+95979'), ...options },
      ),
    log: (number, opening) =>
      vault.open(
        pressReceipt({
          subject: subject(number),
          tenure: unregisteredTenure(subject(number)),
          from: 0,
          until: 2 ** 33,
          fields: ALL_FIELDS,
          ...opening,
        }),
        { other: (seen) => seen.other },
      ),
  }
}

/** A line of a test's file. */
export function lineOf(line: Partial<SourceRecord> | string): string {
  return `${typeof line === 'string' ? line : JSON.stringify(line)}\n`
}

/** A party by its number. */
export function number(e164: string): OtherParty {
  return { kind: 'number', number: e164 as E164 }
}

const ORDINARY: SourceRecord = {
  caller: number('+959791000001'),
  called: number('+959791000002'),
  kind: 'voice',
  answered: true,
  start: SEPTEMBER + 3600,
  durationSeconds: 60,
  bytes: null,
  callerCell: null,
  calledCell: null,
  chargeMilli: null,
  currency: null,
  tariff: null,
  reference: null,
  served: 'both',
}

/** Reads a line of JSON a record, with what is left out as in an ordinary call. */
export async function* readJsonLines(bytes: Readable): AsyncGenerator<ReadItem> {
  const lines = (await text(bytes)).split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const [at, line] of lines.entries()) yield readLine(line, at + 1)
}

function readLine(line: string, position: number): ReadItem {
  try {
    return { position, record: { ...ORDINARY, ...(JSON.parse(line) as Partial<SourceRecord>) } }
  } catch {
    return { position, fault: { reason: 'the line is no record', raw: Buffer.from(line) } }
  }
}
