import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { verifyLedger } from '../ledger/verify.ts'
import { verifierKeyOf } from '../ledger-key.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { EXIT, print, showProgress } from './terminal.ts'

interface VerifyCommandOptions extends DataOptions {
  readonly checkpoint?: string
  readonly json?: boolean
}

/** `countersign verify`. */
export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description(
      'recompute the whole ledger and name the first entry that is not as it was signed; exit 1 if there is one',
    )
    .addOption(dataOption())
    .option(
      '--checkpoint <file>',
      'a checkpoint kept elsewhere, to find a log that was rolled back or forked',
    )
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(verify)
}

async function verify(options: VerifyCommandOptions): Promise<void> {
  const kept = options.checkpoint === undefined ? undefined : readKept(options.checkpoint)
  const { openCommandWorld } = await import('../world.ts')
  const world = await openCommandWorld(worldOptions(options))
  const progress = showProgress('Verifying')
  try {
    const result = await verifyLedger({
      pool: world.database.pool,
      verifierKey: verifierKeyOf(world.instance, world.keys),
      sealer: world.keys.sealer,
      ...(kept === undefined ? {} : { kept }),
      progress: (done, total) =>
        progress.update(total === 0 ? 1 : done / total, `${done} of ${total} entries`),
    })
    progress.end()
    print(options.json === true, result, () => [
      result.ok ? `Whole: ${result.why}` : `BROKEN: ${result.why}`,
      ...(result.firstWrong === undefined ? [] : [`First wrong entry: ${result.firstWrong}`]),
    ])
    if (!result.ok) process.exitCode = EXIT.no
  } finally {
    progress.end()
    await world.close()
  }
}

function readKept(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new InvalidArgumentError(`the checkpoint file ${path} cannot be read`)
  }
}
