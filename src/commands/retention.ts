import type { Command } from 'commander'
import { withCoreRooms } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption } from './options.ts'
import { print } from './terminal.ts'

interface RetentionOptions extends DataOptions {
  readonly json?: boolean
}

/** `countersign retention run`. */
export function addRetentionCommand(program: Command): void {
  program
    .command('retention')
    .description('months that are over')
    .command('run')
    .description(
      'end every month past retention now: destroy its key, delete its blocks, keep only what a legal hold keeps; a server does the same every day',
    )
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(run)
}

async function run(options: RetentionOptions): Promise<void> {
  const { keepingParties } = await import('../vault-upkeep.ts')
  const { runRetention } = await import('../vault/retention.ts')
  const result = await withCoreRooms(options, async (rooms) => runRetention(await keepingParties(rooms)))
  print(options.json === true, result, () => [
    `${result.ended.length} months ended (${result.ended.join(', ') || 'none'}): ${result.blocks} blocks, of which holds kept ${result.held}`,
    `${result.released} held months of subjects whose holds are over were destroyed`,
  ])
}
