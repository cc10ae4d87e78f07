import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { createLedger } from '../ledger/ledger.ts'
import { logNameOf } from '../ledger-key.ts'
import { readOperator } from '../operator.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Figures } from '../transparency/figures.ts'
import { readLogAt } from '../transparency/log-reader.ts'
import { type Period, parsePeriod } from '../transparency/period.ts'
import { type Recount, recount } from '../transparency/recount.ts'
import { type LogReader, parseReportFile, type ReportFile } from '../transparency/report-file.ts'
import { makeReportFile } from '../transparency/reports.ts'
import { openCommandWorld } from '../world.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { EXIT, print } from './terminal.ts'

interface ReportOptions extends DataOptions {
  readonly verify: string
  readonly file?: string
  readonly url?: string
  readonly log?: string
  readonly json?: boolean
}

/** `countersign report`. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description(
      'count the public report again from its file and the public log, and name all that it does not bear; exit 1 if there is anything',
    )
    .requiredOption(
      '--verify <what>',
      'the report’s file as it was published; or a quarter (2026-Q3) or year (2026), to make the file from this directory',
    )
    .option('--file <file>', 'with a period: its file as it was published')
    .option(
      '--url <url>',
      'where the public log is read (https://care.example), for whoever has no data directory',
    )
    .addOption(new Option('--log <url>', 'the same as --url').hideHelp())
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(report)
}

async function report(options: ReportOptions): Promise<void> {
  const named = parsePeriod(options.verify)
  const path = named === null ? options.verify : options.file
  const given = path === undefined ? null : readFile(path)
  const period = named ?? (given === null ? null : parsePeriod(given.period))
  if (period === null)
    throw new InvalidArgumentError('--verify takes a report’s file, a quarter (2026-Q3) or a year (2026)')
  if (given !== null && given.period !== period.name)
    throw new InvalidArgumentError(`the file is the report of ${given.period}, not of ${period.name}`)
  const url = options.url ?? options.log
  const { file, counted } =
    given !== null && url !== undefined
      ? { file: given, counted: await recount(given, readLogAt(url)) }
      : await fromDirectory(options, period, given)
  const { ok, entries, size, findings } = counted
  const { figures } = file
  print(options.json === true, { ok, period: period.name, entries, size, findings, figures }, () =>
    ok
      ? agreeing(period, counted, figures)
      : findings.map(({ code, why }) => `DOES NOT AGREE: ${why} (${code})`),
  )
  if (!ok) process.exitCode = EXIT.no
}

function agreeing({ name }: Period, { entries, size }: Recount, figures: Figures): string[] {
  const { received, compliedInFull, compliedInPart, misdirected } = figures
  return [
    `Agrees: ${entries} headers of the signed log (${size} entries) add up to every figure of ${name}.`,
    `Received ${received}, complied with in full ${compliedInFull}, in part ${compliedInPart}, sent on ${misdirected}.`,
    'No entry of the period is left out, and no secrecy is overdue.',
  ]
}

/** Reads the log of this directory; makes the file from it where none is given. */
async function fromDirectory(
  options: ReportOptions,
  period: Period,
  given: ReportFile | null,
): Promise<{ file: ReportFile; counted: Recount }> {
  const named = worldOptions(options)
  const world = await openCommandWorld(named)
  try {
    const { pool } = world.database
    const ledger = await createLedger({ ...world, pool, ...logNameOf(world.instance), sweepSeconds: 0 })
    const operatorName = readOperator(world.instance, named.config).name.en
    const file = given ?? (await makeReportFile({ ledger, operatorName }, period))
    const reader: LogReader = {
      checkpoint: async () => (await ledger.head()).checkpoint,
      tile: (level, index, width) => ledger.tile(level, index, width),
    }
    const counted = await recount(file, reader, ledger.verifierKey)
    await ledger.close()
    return { file, counted }
  } finally {
    await world.close()
  }
}

function readFile(path: string): ReportFile {
  try {
    return parseReportFile(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof CodedError) throw error
    throw new InvalidArgumentError(`the file ${path} cannot be read`)
  }
}
