import type { Command } from 'commander'
import type { QuarantineLine } from '../vault/quarantine.ts'
import { withCoreRooms } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, wholeNumber } from './options.ts'
import { checkMap, readChoice, type SourceCommandOptions, sourceCommandOptions } from './source-options.ts'
import { EXIT, print } from './terminal.ts'

interface QuarantineOptions extends DataOptions, SourceCommandOptions {
  readonly json?: boolean
  readonly limit?: number
}

/** `countersign quarantine list|retry`. */
export function addQuarantineCommand(program: Command): void {
  const quarantine = program.command('quarantine').description('records that could not be read')
  quarantine
    .command('list')
    .description('say which records could not be read, where they stand and why; never what they say')
    .option('--limit <n>', 'how many at most, 100 unless given', wholeNumber(1, 100_000))
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(list)
  const retry = quarantine
    .command('retry')
    .description('read them again, with a better map or list of numbers; exit 4 if some are left')
  for (const option of sourceCommandOptions()) retry.addOption(option)
  retry.addOption(dataOption()).addOption(passphraseOption()).addOption(jsonOption()).action(retryAll)
}

async function list(options: QuarantineOptions): Promise<void> {
  const { ingestParties } = await import('../file-records.ts')
  const { listQuarantine } = await import('../vault/quarantine.ts')
  await withCoreRooms(options, async (rooms) => {
    const found = await listQuarantine(ingestParties(rooms, rooms.world.clock), options.limit ?? 100)
    print(options.json === true, found, () => [
      ...found.lines.map(describe),
      `${found.total} in quarantine${found.total > found.lines.length ? `, the first ${found.lines.length} shown` : ''}`,
    ])
  })
}

async function retryAll(options: QuarantineOptions): Promise<void> {
  await checkMap(options)
  const { rereadRecord } = await import('../calls/formats/reread.ts')
  const { enterFiled, ingestParties, servedBy, sourceOptions } = await import('../file-records.ts')
  const { retryQuarantine } = await import('../vault/quarantine.ts')
  await withCoreRooms(options, async (rooms) => {
    const { clock } = rooms.world
    const choice = await readChoice(options, rooms.operator.plan)
    const summary = await retryQuarantine(ingestParties(rooms, clock), {
      reread: rereadRecord(sourceOptions(rooms, choice, clock)),
      servedByUs: servedBy(rooms),
    })
    const { tried, filed, duplicate, left, cannot } = summary
    await enterFiled(rooms, { read: tried, filed, duplicate, quarantined: left }, 0)
    print(options.json === true, summary, () => [
      `tried ${tried} = filed ${filed} + duplicate ${duplicate} + left ${left}`,
      ...(cannot > 0 ? [`${cannot} more need their whole file again: run ingest on it`] : []),
    ])
    if (left + cannot > 0) process.exitCode = EXIT.quarantined
  })
}

function describe({ file, name, position, reason, format, bytes, canRetry }: QuarantineLine): string {
  const how = canRetry ? '' : ', needs its file again'
  return `${name ?? `file ${file}`} at ${position}: ${reason} (${format ?? 'unread'}, ${bytes} bytes${how})`
}
