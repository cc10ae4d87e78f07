import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseNumber } from './calls/numbers.ts'
import { parseTariffs } from './calls/tariffs.ts'
import { createBulk } from './customers/bulk.ts'
import { createCharges } from './customers/charges.ts'
import { putArticles, readArticles } from './find/articles.ts'
import { fromZawgyi } from './find/zawgyi.ts'
import { type TakeFile, type WatchedImport, watchImports } from './import/directory.ts'
import { type ImportMap, ownMap } from './import/import-map.ts'
import type { LineKind } from './import/kinds.ts'
import { readDelimited, readJsonLines } from './import/read-lines.ts'
import type { Place } from './import/read-values.ts'
import { BY_STREAM } from './import/routes.ts'
import { type ImportParties, type ImportSummary, importLines, tryImport } from './import/run.ts'
import type { Importer } from './import/take.ts'
import { commitWith } from './ledger/commit.ts'
import type { CoreRooms } from './rooms.ts'
import { COMMAND_LINE } from './staff/command-line.ts'

/** What imports work with, of the rooms. */
export function importParties({ world, ledger, vault, staff, operator }: CoreRooms): ImportParties {
  const { database, keys, clock, random } = world
  const { offsetMinutes, currency } = operator.jurisdiction
  return {
    db: database.db,
    ledger,
    sealer: keys.sealer,
    clock,
    takers: (dry) => ({
      bulk: createBulk({ vault, keys, clock, random, dry }),
      charges: createCharges(keys, { offsetMinutes }),
      employment: staff.employment,
      currency: currency.code,
    }),
  }
}

/** What reading lines needs of the country. */
export function importPlace({ operator }: CoreRooms): Place {
  return {
    parseNumber: (text) => parseNumber(text, operator.plan),
    unicode: fromZawgyi,
    offsetMinutes: operator.jurisdiction.offsetMinutes,
  }
}

/** At the command line roles are given at once, as `staff add` does. */
export const AT_COMMAND_LINE: Importer = { by: COMMAND_LINE, giveRoles: true }

/** The directory that is watched for files of lines; null where none is set. */
export function openWatchedImport(rooms: CoreRooms): WatchedImport | null {
  const { importDirectory: directory } = rooms.config
  if (directory === null) return null
  const take: TakeFile = (path, kind, map) =>
    importFile(rooms, { path, kind, map, importer: BY_STREAM, dry: false })
  return watchImports({ directory, take, log: rooms.log })
}

/** Takes one file of lines; `*.ndjson` and `*.jsonl` are lines of JSON, anything else is delimited. */
export async function importFile(
  rooms: CoreRooms,
  file: { path: string; kind: LineKind; map: ImportMap | null; importer: Importer; dry: boolean },
): Promise<ImportSummary> {
  const { path, kind, map, importer, dry } = file
  const parties = importParties(rooms)
  const place = importPlace(rooms)
  const source = { kind, key: `file ${await digestOf(path)}`, whole: true, importer }
  const bytes = createReadStream(path, { highWaterMark: 1 << 16 })
  const lines = /\.(ndjson|jsonl)$/i.test(path)
    ? readJsonLines(bytes, { kind, place, first: 1, whole: true })
    : readDelimited(bytes, { kind, place, map: map ?? ownMap(kind), ownFields: map === null })
  return dry ? tryImport(parties, source, lines) : importLines(parties, source, lines)
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** What a document changed: its parts by name. */
export interface DocumentSummary {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly same: readonly string[]
}

/**
 * Puts a price list into the data directory, where the next start reads it, with its entry; versions of prices are told
 * apart by their first day. @throws CodedError `config-invalid` with line and place; nothing was changed then.
 */
export async function importTariffs(rooms: CoreRooms, path: string, dry: boolean): Promise<DocumentSummary> {
  const text = readFileSync(path, 'utf8')
  const next = parseTariffs(text, path)
  const before = new Map(
    (rooms.operator.tariffs?.versions ?? []).map((version) => [version.from, JSON.stringify(version)]),
  )
  const summary = compare(
    next.versions.map((version) => [version.from, JSON.stringify(version)]),
    before,
  )
  if (dry || summary.added.length + summary.changed.length === 0) return summary
  const { database, instance } = rooms.world
  await commitWith(database.db, rooms.ledger, async (_trx, append) => {
    await append({
      kind: 'tariffs-imported',
      header: { counts: { added: summary.added.length, changed: summary.changed.length } },
      body: { digest: createHash('sha256').update(text).digest('hex'), by: COMMAND_LINE.system },
    })
    writeFileSync(join(instance.dataDirectory, 'tariffs.json'), text, { mode: 0o600 })
  })
  return summary
}

/** Stores the articles of a directory, new or changed. @throws CodedError `article-malformed`; nothing was changed then. */
export async function importArticles(
  rooms: CoreRooms,
  directory: string,
  dry: boolean,
): Promise<DocumentSummary> {
  const { listArticles } = await import('./find/store.ts')
  const { db } = rooms.world.database
  const articles = readArticles(directory)
  const said = (kind: string, ...texts: string[]) => JSON.stringify([kind, ...texts])
  const before = new Map(
    (await listArticles(db)).map((row) => [
      row.slug,
      said(row.kind, row.title_en, row.title_my, row.body_en, row.body_my),
    ]),
  )
  const summary = compare(
    articles.map(({ slug, kind, title, body }) => [slug, said(kind, title.en, title.my, body.en, body.my)]),
    before,
  )
  if (dry) return summary
  const put = new Set([...summary.added, ...summary.changed])
  await putArticles(
    { db, ledger: rooms.ledger, clock: rooms.world.clock },
    COMMAND_LINE,
    articles.filter(({ slug }) => put.has(slug)),
  )
  return summary
}

function compare(
  next: readonly (readonly [string, string])[],
  before: ReadonlyMap<string, string>,
): DocumentSummary {
  const names = (holds: (name: string, text: string) => boolean) =>
    next.filter(([name, text]) => holds(name, text)).map(([name]) => name)
  return {
    added: names((name) => !before.has(name)),
    changed: names((name, text) => before.has(name) && before.get(name) !== text),
    same: names((name, text) => before.get(name) === text),
  }
}
