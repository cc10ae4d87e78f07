import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { ACCOUNTS } from '../accounts.ts'
import { createHolders } from '../customers/holders.ts'
import { doorsAreMarked } from '../doors-from-before.ts'
import { type SubjectsVerdict, verifySubjects } from '../ledger/subjects/replay.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { type StateVerdict, verifyState } from '../ledger/verify-state.ts'
import { epochsVerifierKeyOf, verifierKeyOf } from '../ledger-key.ts'
import { findStrangers } from '../platform/strangers.ts'
import { createDoorMarks } from '../staff/door-marks.ts'
import type { World } from '../world.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { EXIT, print, showProgress } from './terminal.ts'
import { verifyBundleFile } from './verify-bundle-file.ts'
import { verifyUrl } from './verify-url.ts'

interface VerifyCommandOptions extends DataOptions {
  readonly checkpoint?: string
  readonly key?: string
  readonly json?: boolean
  readonly url?: string
  readonly policy?: string
  readonly state?: string
}

/** `countersign verify`. */
export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description(
      'recompute the whole ledger and name the first entry that is not as it was signed; exit 1 if there is one',
    )
    .argument('[bundle]', 'a zip of evidence: check it instead, without data, database or network')
    .option('--key <key>', 'with a bundle: the log’s key, known from elsewhere')
    .addOption(dataOption())
    .option(
      '--checkpoint <file>',
      'a checkpoint kept elsewhere, to find a log that was rolled back or forked',
    )
    .option('--url <url>', 'verify a public log from outside instead: https://care.example/log')
    .option('--policy <file>', 'with --url: whose signatures you trust (C2SP tlog-policy)')
    .option(
      '--state <file>',
      'with --url: where the checkpoint proven last is kept, to find a fork or a rollback',
    )
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action((bundle: string | undefined, options: VerifyCommandOptions) =>
      bundle === undefined ? verify(options) : verifyBundleFile(bundle, options),
    )
}

async function verify(options: VerifyCommandOptions): Promise<void> {
  const { url } = options
  if (url !== undefined) return verifyUrl({ ...options, url })
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
    const state = result.ok
      ? await verifyState({ pool: world.database.pool, sealer: world.keys.sealer, accounts: ACCOUNTS })
      : null
    // Chains and map are replayed from bodies, so from such as are proven.
    const subjects = result.ok ? await replay(world) : null
    const strangers = await findStrangers(world.database.pool)
    const doors = doorsAreMarked(world.instance)
      ? await createDoorMarks(world.keys).foreign(world.database.db)
      : []
    progress.end()
    print(options.json === true, { ...result, state, subjects, strangers, doors }, () => [
      result.ok ? `Whole: ${result.why}` : `BROKEN: ${result.why}`,
      ...(result.firstWrong === undefined ? [] : [`First wrong entry: ${result.firstWrong}`]),
      ...(state === null ? [] : linesOf(state)),
      ...(subjects === null ? [] : linesOfSubjects(subjects)),
      ...strangers.map((name) => `NOT OURS: no migration made ${name}, which acts in the database`),
      ...doors.map((name) => `NOT OURS: ${name} was written by no door of ours, and lets nobody in`),
    ])
    const wrong = state?.ok === false || subjects?.ok === false || strangers.length + doors.length > 0
    if (!result.ok || wrong) process.exitCode = EXIT.no
  } finally {
    progress.end()
    await world.close()
  }
}

/** Every epoch of the map of subjects against the entries. */
function replay({ database, keys, instance }: World): Promise<SubjectsVerdict> {
  return verifySubjects({
    pool: database.pool,
    keys,
    verifierKey: epochsVerifierKeyOf(instance, keys),
    holders: createHolders({ db: database.db, keys }),
  })
}

/** What chains and epochs say against the entries, as lines. */
function linesOfSubjects({ ok, why, findings, more }: SubjectsVerdict): string[] {
  if (ok) return [`Replayed: ${why}`]
  const rest = more === 0 ? [] : [`... and ${more} more.`]
  return [...findings.map(({ code, why: found }) => `NOT THE MAP (${code}): ${found}`), ...rest]
}

/** What the tables say against the ledger, as lines. */
function linesOf(state: StateVerdict): string[] {
  if (state.ok) return [`Accounted for: ${state.why}`]
  const more = state.more === 0 ? [] : [`... and ${state.more} more.`]
  return [...state.findings.map(({ code, why }) => `UNACCOUNTED (${code}): ${why}`), ...more]
}

function readKept(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new InvalidArgumentError(`the checkpoint file ${path} cannot be read`)
  }
}
