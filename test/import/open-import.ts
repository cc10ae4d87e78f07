import type { Readable } from 'node:stream'
import { Readable as Stream } from 'node:stream'
import type { TestContext } from 'node:test'
import { parseNumber } from '../../src/calls/numbers.ts'
import { createBulk } from '../../src/customers/bulk.ts'
import { createCharges } from '../../src/customers/charges.ts'
import { fromZawgyi } from '../../src/find/zawgyi.ts'
import { type ImportMap, ownMap } from '../../src/import/import-map.ts'
import type { LineKind } from '../../src/import/kinds.ts'
import { readDelimited, readJsonLines } from '../../src/import/read-lines.ts'
import type { Place } from '../../src/import/read-values.ts'
import { type ImportParties, type ImportSummary, importLines, tryImport } from '../../src/import/run.ts'
import { openCare, type TestCare } from '../care/open-care.ts'

/** The whole care desk, and imports into the same rooms. */
export interface TestImport extends TestCare {
  readonly imports: ImportParties
  readonly place: Place
  /** Takes delimited text as a file whose header names our own fields, unless a map is given. */
  take(kind: LineKind, text: string, more?: { map?: ImportMap; dry?: boolean }): Promise<ImportSummary>
  /** Takes lines of JSON of a stream, the first of which is number `first`. */
  stream(kind: LineKind, first: number, lines: readonly object[]): Promise<ImportSummary>
  /** Rows of one query. */
  rows<Row extends object>(sql: string): Promise<Row[]>
}

export const IMPORTER = { by: { system: 'test' }, giveRoles: true } as const

export async function openImport(t: TestContext): Promise<TestImport> {
  const care = await openCare(t, { parseNumber: (text) => parseNumber(text, plan) })
  const { plan } = care
  const { vault, keys, ledger, parties, database, room } = care
  const { clock, random } = parties
  const place: Place = {
    parseNumber: (text) => parseNumber(text, plan),
    unicode: fromZawgyi,
    offsetMinutes: 390,
  }
  const imports: ImportParties = {
    db: database.db,
    ledger,
    sealer: keys.sealer,
    clock,
    takers: (dry) => ({
      bulk: createBulk({ vault, keys, clock, random, dry }),
      charges: createCharges(keys, { offsetMinutes: 390 }),
      employment: room.employment,
      currency: 'MMK',
    }),
  }
  return Object.assign(care, {
    imports,
    place,
    take(kind: LineKind, text: string, { map, dry }: { map?: ImportMap; dry?: boolean } = {}) {
      const source = { kind, key: `file ${text.length}-${text.slice(-40)}`, whole: true, importer: IMPORTER }
      const how = { kind, place, map: map ?? ownMap(kind), ownFields: map === undefined }
      const lines = readDelimited(bytesOf(text), how)
      return dry === true ? tryImport(imports, source, lines) : importLines(imports, source, lines)
    },
    stream(kind: LineKind, first: number, lines: readonly object[]) {
      const source = { kind, key: 'stream crm', whole: false, importer: IMPORTER }
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
      return importLines(imports, source, readJsonLines(bytesOf(text), { kind, place, first, whole: false }))
    },
    async rows<Row extends object>(sql: string) {
      return (await database.pool.query<Row>(sql)).rows
    },
  })
}

function bytesOf(text: string): Readable {
  return Stream.from([Buffer.from(text)])
}
