import { existsSync, statSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { readImportMap } from '../import/import-map.ts'
import { DOCUMENT_KINDS, type DocumentKind, isLineKind, LINE_KINDS } from '../import/kinds.ts'
import type { ImportSummary } from '../import/run.ts'
import type { DocumentSummary } from '../import-room.ts'
import { withCoreRooms } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption } from './options.ts'
import { EXIT, print } from './terminal.ts'

interface ImportOptions extends DataOptions {
  readonly map?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** `countersign import`. */
export function addImportCommand(program: Command): void {
  const kinds = [...LINE_KINDS, ...DOCUMENT_KINDS].join(', ')
  program
    .command('import')
    .description(
      `take over what the operator’s own systems know; the same again changes nothing; exit 4 if lines are in quarantine`,
    )
    .argument('<kind>', `one of ${kinds}`)
    .argument('<file>', 'delimited text, or lines of JSON (.ndjson); for articles a directory')
    .addOption(new Option('--map <file>', 'which column of the file holds which field (docs/import.md)'))
    .addOption(new Option('--dry-run', 'say what would change, and change nothing'))
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(run)
}

async function run(kind: string, file: string, options: ImportOptions): Promise<void> {
  const wanted = kind === 'articles' ? 'directory' : 'file'
  if (!isLineKind(kind) && !DOCUMENT_KINDS.includes(kind as DocumentKind))
    throw new InvalidArgumentError(`one of ${[...LINE_KINDS, ...DOCUMENT_KINDS].join(', ')} is expected.`)
  if (!existsSync(file) || statSync(file).isDirectory() !== (wanted === 'directory'))
    throw new InvalidArgumentError(`there is no such ${wanted}: ${file}`)
  const dry = options.dryRun === true
  if (!isLineKind(kind)) return runDocument(kind as DocumentKind, file, dry, options)
  const map = options.map === undefined ? null : readImportMap(options.map, kind)
  const { AT_COMMAND_LINE, importFile } = await import('../import-room.ts')
  const summary = await withCoreRooms(options, (rooms) =>
    importFile(rooms, { path: file, kind, map, importer: AT_COMMAND_LINE, dry }),
  )
  print(options.json === true, { ...summary, dryRun: dry }, () => describe(summary, dry))
  if (summary.quarantined > 0) process.exitCode = EXIT.quarantined
}

async function runDocument(
  kind: DocumentKind,
  path: string,
  dry: boolean,
  options: ImportOptions,
): Promise<void> {
  const { importArticles, importTariffs } = await import('../import-room.ts')
  const take = kind === 'tariffs' ? importTariffs : importArticles
  const summary = await withCoreRooms(options, (rooms) => take(rooms, path, dry))
  print(options.json === true, { ...summary, dryRun: dry }, () => describeDocument(summary, dry))
}

const SHOWN_FAULTS = 20

function describe(summary: ImportSummary, dry: boolean): string[] {
  const { read, added, changed, same, quarantined, faults } = summary
  const more = quarantined - Math.min(faults.length, SHOWN_FAULTS)
  return [
    `read ${read} = added ${added} + changed ${changed} + same ${same} + quarantined ${quarantined}`,
    ...faults.slice(0, SHOWN_FAULTS).map(({ line, reason }) => `  line ${line}: ${reason}`),
    ...(more > 0 ? [`  and ${more} more (--json has the first thousand)`] : []),
    ...(dry ? ['Nothing was changed.'] : []),
  ]
}

function describeDocument({ added, changed, same }: DocumentSummary, dry: boolean): string[] {
  const list = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]
  return [
    ...list('added', added),
    ...list('changed', changed),
    `${same.length} as they were`,
    ...(dry ? ['Nothing was changed.'] : []),
  ]
}
