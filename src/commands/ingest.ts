import { basename } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { FileSummary, IngestSummary } from '../vault/ingest.ts'
import { withCoreRooms } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption } from './options.ts'
import { checkMap, readChoice, type SourceCommandOptions, sourceCommandOptions } from './source-options.ts'
import { EXIT, print, showProgress } from './terminal.ts'

interface IngestCommandOptions extends DataOptions, SourceCommandOptions {
  readonly json?: boolean
}

/** `countersign ingest`. */
export function addIngestCommand(program: Command): void {
  const command = program
    .command('ingest')
    .description(
      'file call records from the files of switches, roaming partners and exchanges, once, whatever happens on the way; exit 4 if lines are in quarantine',
    )
    .argument('<file...>', 'the files, in any order and of any formats')
  for (const option of sourceCommandOptions()) command.addOption(option)
  command.addOption(dataOption()).addOption(passphraseOption()).addOption(jsonOption()).action(ingest)
}

async function ingest(files: string[], options: IngestCommandOptions): Promise<void> {
  if (files.length > 10_000) throw new InvalidArgumentError('at most 10,000 files at once are expected.')
  await checkMap(options)
  const { fileRecords } = await import('../file-records.ts')
  const progress = showProgress('Filing')
  try {
    const summary = await withCoreRooms(options, async (rooms) =>
      fileRecords(rooms, await readChoice(options, rooms.operator.plan), files, {
        clock: rooms.world.clock,
        progress: (done, phrase) => progress.update(done, phrase),
      }),
    )
    progress.end()
    // A file read by a column map is counted in lines, others by where a record begins.
    const place = options.map === undefined ? 'at' : 'line'
    print(options.json === true, summary, () => describe(summary, place))
    if (summary.quarantined > 0) process.exitCode = EXIT.quarantined
  } finally {
    progress.end()
  }
}

const SHOWN_FAULTS = 20

function describe(summary: IngestSummary, place: string): string[] {
  const { read, filed, duplicate, quarantined, files } = summary
  return [
    ...files.flatMap((file) => describeFile(file, place)),
    `read ${read} = filed ${filed} + duplicate ${duplicate} + quarantined ${quarantined}`,
  ]
}

function describeFile(file: FileSummary, place: string): string[] {
  const name = basename(file.path)
  const note = file.known ? ', filed before' : file.grew ? ', it grew meanwhile: run again for the rest' : ''
  const more = file.quarantined - Math.min(file.faults.length, SHOWN_FAULTS)
  return [
    `${name}: ${file.read} read, ${file.filed} filed, ${file.duplicate} duplicate, ${file.quarantined} quarantined${note}`,
    ...file.faults.slice(0, SHOWN_FAULTS).map(({ line, reason }) => `  ${place} ${line}: ${reason}`),
    ...(more > 0 ? [`  and ${more} more (--json has them)`] : []),
  ]
}
