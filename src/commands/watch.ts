import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import type { Scored } from '../watch/engine.ts'
import { readLogMap } from '../watch/log-map.ts'
import { type LogRead, readLog } from '../watch/read-log.ts'
import { scoreLog } from '../watch/score-log.ts'
import { reasonsOf, speaksFor } from '../watch/sentences.ts'
import { jsonOption } from './options.ts'
import { EXIT } from './terminal.ts'

interface ScoreOptions {
  readonly map: string
  readonly staff?: string
  readonly events?: string
  readonly json?: boolean
}

/** `countersign watch score`. */
export function addWatchCommand(program: Command): void {
  program
    .command('watch')
    .description('find looks worth a question in a log of accesses, this system’s or another’s')
    .command('score')
    .description('score every look of a log; exit 4 if lines could not be read')
    .argument('<accesses>', 'the log: delimited text, a look a line')
    .requiredOption('--map <file>', 'how the files are to be read (docs/watch.md)')
    .option('--staff <file>', 'who works where')
    .option('--events <file>', 'contacts, tickets, who belongs together')
    .addOption(jsonOption())
    .action(score)
}

function score(accesses: string, options: ScoreOptions): void {
  const map = readLogMap(options.map)
  if (options.staff !== undefined && map.staff === undefined)
    throw new InvalidArgumentError('the map has no /staff, so --staff cannot be read.')
  if (options.events !== undefined && map.events === undefined)
    throw new InvalidArgumentError('the map has no /events, so --events cannot be read.')
  const log = readLog(map, {
    accesses: readText(accesses),
    ...(options.staff === undefined ? {} : { staff: readText(options.staff) }),
    ...(options.events === undefined ? {} : { events: readText(options.events) }),
  })
  for (const { file, line, reason } of log.faults.slice(0, 20))
    process.stderr.write(`${file} line ${line}: ${reason}\n`)
  if (log.faults.length > 20) process.stderr.write(`and ${log.faults.length - 20} more lines\n`)
  for (const says of log.missing) process.stderr.write(`not told: ${says}\n`)
  const scored = scoreLog(log)
  const ranks = rankAll(scored)
  if (options.json === true) printJson(scored, ranks)
  else printShort(log, scored, ranks)
  if (log.faults.length > 0) process.exitCode = EXIT.quarantined
}

/** 1 is the look most worth a question: hard findings first, then by score. */
function rankAll(scored: readonly Scored[]): Map<string, number> {
  const order = [...scored].sort(
    (a, b) =>
      Number(b.hard !== null) - Number(a.hard !== null) ||
      a.p - b.p ||
      b.total - a.total ||
      (a.access.id < b.access.id ? -1 : 1),
  )
  return new Map(order.map(({ access }, at) => [access.id, at + 1]))
}

function printJson(scored: readonly Scored[], ranks: ReadonlyMap<string, number>): void {
  for (const look of scored)
    process.stdout.write(`${JSON.stringify(lineOf(look, ranks.get(look.access.id)!))}\n`)
}

function lineOf(look: Scored, rank: number) {
  const { access, p, level, hard, peers, compared } = look
  return {
    id: access.id,
    score: p,
    rank,
    explained: level >= 2,
    level,
    hard,
    peers,
    compared,
    reasons: reasonsOf(look).map(({ sign, measure, says }) => ({ sign, measure: measure.en, says: says.en })),
    speaksFor: speaksFor(look).en,
  }
}

const SHOWN = 20

function printShort(log: LogRead, scored: readonly Scored[], ranks: ReadonlyMap<string, number>): void {
  const unexplained = scored.filter(({ level }) => level <= 1).length
  const lines = [
    `${scored.length} looks, ${unexplained} of them unexplained; those most worth a question first:`,
    ...[...scored]
      .sort((a, b) => ranks.get(a.access.id)! - ranks.get(b.access.id)!)
      .slice(0, SHOWN)
      .flatMap((look) => [
        `${ranks.get(look.access.id)}. look ${look.access.id} of ${look.access.employee}${look.hard === null ? '' : `: ${look.hard}`}`,
        ...reasonsOf(look).map(({ measure, says }) => `     ${measure.en}: ${says.en}`),
        `     speaks for: ${speaksFor(look).en}`,
      ]),
    ...(log.missing.length === 0 ? [] : [`Not told by this log: ${log.missing.length} things (see above).`]),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new InvalidArgumentError(`the file ${path} cannot be read.`)
  }
}
