import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { createLedger } from '../ledger/ledger.ts'
import { logNameOf } from '../ledger-key.ts'
import { readOperator } from '../operator.ts'
import { CodedError } from '../platform/coded-error.ts'
import { readLogAt } from '../transparency/log-reader.ts'
import { parsePeriod } from '../transparency/period.ts'
import {
  type LogReader,
  parseReportFile,
  type ReportFile,
  verifyReport,
} from '../transparency/report-file.ts'
import { makeReportFile } from '../transparency/reports.ts'
import { openCommandWorld } from '../world.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { EXIT, print } from './terminal.ts'

interface ReportOptions extends DataOptions {
  readonly verify?: string
  readonly file?: string
  readonly log?: string
  readonly json?: boolean
}

/** `countersign report`. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description(
      'count the public report again from the ledger’s headers; exit 1 if a figure or header is wrong',
    )
    .requiredOption('--verify <period>', 'a quarter (2026-Q3) or a year (2026)')
    .option(
      '--file <file>',
      'the report’s file as it was published; without it, it is made from this directory',
    )
    .option(
      '--log <url>',
      'where the public log is read (https://care.example), for whoever has no data directory',
    )
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(report)
}

async function report(options: ReportOptions): Promise<void> {
  const period = parsePeriod(options.verify ?? '')
  if (period === null) throw new InvalidArgumentError('--verify takes a quarter (2026-Q3) or a year (2026)')
  const given = options.file === undefined ? null : readFile(options.file)
  if (given !== null && given.period !== period.name)
    throw new InvalidArgumentError(`the file is the report of ${given.period}, not of ${period.name}`)
  try {
    const { file, entries, size } =
      given !== null && options.log !== undefined
        ? { file: given, ...(await verifyReport(given, readLogAt(options.log))) }
        : await fromDirectory(options, given)
    const { received, compliedInFull, compliedInPart, misdirected } = file.figures
    print(
      options.json === true,
      { ok: true, period: period.name, entries, size, figures: file.figures },
      () => [
        `Agrees: ${entries} headers of the signed log (${size} entries) add up to every figure of ${period.name}.`,
        `Received ${received}, complied with in full ${compliedInFull}, in part ${compliedInPart}, sent on ${misdirected}.`,
      ],
    )
  } catch (error) {
    if (!(error instanceof CodedError) || !/^report-/.test(error.code)) throw error
    print(options.json === true, { ok: false, code: error.code, why: error.message }, () => [
      `DOES NOT AGREE: ${error.message} (${error.code})`,
    ])
    process.exitCode = EXIT.no
  }
}

/** Reads the log of this directory; makes the file from it where none is given. */
async function fromDirectory(options: ReportOptions, given: ReportFile | null) {
  const named = worldOptions(options)
  const world = await openCommandWorld(named)
  try {
    const { pool } = world.database
    const ledger = await createLedger({ ...world, pool, ...logNameOf(world.instance), sweepSeconds: 0 })
    const operatorName = readOperator(world.instance, named.config).name.en
    const file = given ?? (await makeReportFile({ ledger, operatorName }, parsePeriod(options.verify!)!))
    const reader: LogReader = {
      checkpoint: async () => (await ledger.head()).checkpoint,
      tile: (level, index, width) => ledger.tile(level, index, width),
    }
    const verified = await verifyReport(file, reader, ledger.verifierKey)
    await ledger.close()
    return { file, ...verified }
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
