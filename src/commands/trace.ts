import { readFileSync, statSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { createCustomers } from '../customers/customers.ts'
import { invariant } from '../platform/coded-error.ts'
import { createJobs } from '../platform/jobs.ts'
import { isRefusal } from '../platform/refusal.ts'
import { type CoreRooms, createTraceRoom } from '../rooms.ts'
import type { TraceDesk } from '../trace/desk.ts'
import type { TraceViewData } from '../trace/schemas.ts'
import { tellDone, withCoreRooms } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption } from './options.ts'
import { EXIT } from './terminal.ts'

interface TraceCommandOptions extends DataOptions {
  readonly incident: string
  readonly subject?: string
  readonly json?: boolean
}

/** A file larger than this is no list. */
const MOST_BYTES = 4 * 1024 * 1024

/** `countersign trace`. */
export function addTraceCommand(program: Command): void {
  program
    .command('trace')
    .description(
      'which look a found list came from; exit 1 when it cannot be told. Two entries in the ledger say that it was asked',
    )
    .argument('<file>', 'the list: text, CSV or XLSX; - reads standard input')
    .requiredOption('--incident <id>', 'the open incident that it is traced for')
    .option('--subject <number>', 'whose log it is; found from the list where it can be')
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(trace)
}

async function trace(file: string, options: TraceCommandOptions): Promise<void> {
  const bytes = readList(file)
  await withCoreRooms(options, async (core) => {
    const answer = await openDesk(core).trace(
      { system: 'command line' },
      { bytes, incident: options.incident, subject: options.subject },
    )
    tellDone(options.json, answer, describe)
    if (!isRefusal(answer) && answer.verdict !== 'named') process.exitCode = EXIT.no
  })
}

/** The desk without a server: customers are looked up, and nobody is written to. */
function openDesk(core: CoreRooms): TraceDesk {
  const { world, config, log, operator, ledger, vault } = core
  const { keys, clock, random, database } = world
  const jobs = createJobs({ pool: database.pool, log })
  const customers = createCustomers({
    ...{ db: database.db, keys, clock, random, ledger, vault, jobs },
    sms: {
      send: async () => invariant(false, 'the command line writes to no customer'),
    },
    publicUrl: config.publicUrl,
    operator: operator.name.en,
  })
  return createTraceRoom(core, { customers, jobs })
}

function readList(file: string): Uint8Array {
  try {
    if (file !== '-' && statSync(file).size > MOST_BYTES)
      throw new InvalidArgumentError(`${file} is larger than 4 MB: that is no list.`)
    return readFileSync(file === '-' ? 0 : file)
  } catch (cause) {
    if (cause instanceof InvalidArgumentError) throw cause
    throw new InvalidArgumentError(`the list ${file} cannot be read.`)
  }
}

function describe(answer: TraceViewData): string[] {
  const { how } = answer
  return [
    answer.headline.en,
    answer.beside.en,
    '',
    `${how.matched} of ${how.rows} rows found in the log${how.strangers > 0 ? `, ${how.strangers} are no call of it` : ''}${how.doubled > 0 ? `, ${how.doubled} stand twice` : ''}; ${how.withDigits} with digits, ${how.withFullNumber} with whole numbers; times ${how.zone}.`,
    `Seconds ${how.seconds ? 'kept' : 'tell nothing'}, exact lengths ${how.exact ? 'kept' : 'tell nothing'}; about ${(how.errors * 100).toFixed(1)}% of digits misread.`,
    '',
    `Against every other way it could have left (base 10 logarithm of the odds; ${answer.threshold.toFixed(1)} names among ${answer.among}):`,
    ...answer.rivals.map(
      (rival) =>
        `  ${rivalName(rival).padEnd(34)} ${rival.log10 === null ? '-' : rival.log10.toFixed(1).padStart(7)}${rival.named ? '  named' : ''}`,
    ),
    '',
    ...answer.posteriors.map(
      ({ prior, best, outside }) =>
        `If a path outside had ${prior * 100}% beforehand: the best fitting person ${percent(best)}, a path outside ${percent(outside)}.`,
    ),
    ...answer.sources.map(
      ({ kind, at, rows }) =>
        `Also left on purpose: ${kind}, ${new Date(at).toISOString()}${rows > 0 ? `, ${rows} rows` : ''}`,
    ),
    '',
    `For court: ${answer.court.en}`,
    `Entries ${answer.begunEntry} and ${answer.answeredEntry}; mask keys ${answer.keysCommittedEntry === null ? 'were not committed to before the look' : `committed to in entry ${answer.keysCommittedEntry}`}.`,
  ]
}

function rivalName({ what, deskName, at }: TraceViewData['rivals'][number]): string {
  switch (what) {
    case 'look':
      return `${deskName ?? ''}, ${at === null ? '' : new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    case 'mixed':
      return 'two looks mixed'
    case 'imitation':
      return 'our style imitated'
    case 'outside':
      return 'not from here'
  }
}

function percent(p: number): string {
  return p > 0.9999 ? 'over 99.99%' : `${(p * 100).toFixed(2)}%`
}
