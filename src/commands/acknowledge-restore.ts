import { type Command, Option } from 'commander'
import { createKnownCheckpoint, type KnownCheckpoint } from '../ledger/known-checkpoint.ts'
import { createLedger } from '../ledger/ledger.ts'
import { createFolderSource, createHttpSource } from '../ledger/log-source.ts'
import { parseVerifierKey, type VerifierKey } from '../ledger/note.ts'
import {
  findShortfall,
  type Mended,
  type MirrorTail,
  mendLog,
  type RestoredLogFault,
  readMissing,
  type Shortfall,
  tailOfCopy,
  witnessesBeyond,
} from '../ledger/restored-log.ts'
import { knownCheckpointPath, logNameOf, verifierKeyOf } from '../ledger-key.ts'
import { CodedError } from '../platform/coded-error.ts'
import { findOfficer } from '../staff/command-line.ts'
import { readTrust } from '../trust.ts'
import { openCommandWorld, type World } from '../world.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { beginAnew, finishRename, isRenamed, type RenamedLog } from './rename-log.ts'
import { EXIT, print } from './terminal.ts'

interface AcknowledgeOptions extends DataOptions {
  readonly by: string
  readonly reason: string
  readonly mirror?: string
  readonly withoutMirror?: boolean
  readonly newOrigin?: boolean
  readonly json?: boolean
}

/** `countersign acknowledge`. */
export function addAcknowledgeRestoreCommand(program: Command): void {
  program
    .command('acknowledge')
    .description(
      'answer for an older state that was restored: fetch what is missing from a mirror, and record it; read docs/running.md first',
    )
    .requiredOption('--by <desk>', 'the desk name of the officer who answers for it, as Y-1')
    .requiredOption('--reason <text>', 'what happened; it stands in the entry')
    .option(
      '--mirror <place>',
      'a mirror of the public log: a folder, or an address as https://mirror.example/log',
    )
    .option(
      '--without-mirror',
      'go on from the copy as it is, only where no witness ever countersigned: readers who kept a newer checkpoint will see two histories',
    )
    .addOption(
      new Option(
        '--new-origin',
        'where nobody has a mirror: end this log, and go on under a new name and key with the entries that are left',
      ).conflicts(['mirror', 'withoutMirror']),
    )
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(acknowledge)
}

async function acknowledge(options: AcknowledgeOptions): Promise<void> {
  const world = await openCommandWorld(worldOptions(options))
  try {
    const { instance, database, keys } = world
    const officer = await findOfficer(database.db, options.by)
    if (officer === null)
      throw new CodedError(
        'not-an-officer',
        `${options.by} is nobody who may answer for this: name an active privacy officer or administrator`,
      )
    const known = createKnownCheckpoint(knownCheckpointPath(instance))
    const key = parseVerifierKey(verifierKeyOf(instance, keys))
    if (options.newOrigin === true && (await isRenamed(world)))
      return await sayRenamed(await finishRename(world, known), options)
    const shortfall = await findShortfall(database.pool, known, key)
    if (shortfall === null) {
      print(options.json === true, { setBack: false }, () => [
        'The log was not set back: nothing to acknowledge.',
      ])
      process.exitCode = EXIT.no
      return
    }
    if (options.newOrigin === true) {
      const { by, reason } = options
      await beginAnew(world, known, shortfall, { actor: officer, officer: by, reason })
      return await sayRenamed(await finishRename(world, known), options)
    }
    // What was countersigned is held outside for certain; what was only signed, an officer may let go.
    const letGo = options.withoutMirror === true && known.readWitnessed() === null
    const tail = letGo
      ? await tailOfCopy(database.pool, key)
      : await findTail(world, shortfall, key, options.mirror)
    const { entry: id, ...mended } = await mendLog(
      { ...world, pool: database.pool, sealer: keys.sealer },
      shortfall,
      tail,
      {
        actor: officer,
        officer: options.by,
        reason: options.reason,
        mirror: tail.missing.length === 0 ? null : options.mirror!,
      },
    )
    const entry = await goOn(world, known, mended, id)
    print(options.json === true, { setBack: true, ...mended, entry }, () =>
      linesOf(mended, entry, options.by),
    )
  } finally {
    await world.close()
  }
}

async function sayRenamed(renamed: RenamedLog, { json, by }: AcknowledgeOptions): Promise<void> {
  print(json === true, { setBack: true, ...renamed }, () => [
    `The old log ended. The new one is ${renamed.origin}, and begins with the ${renamed.size} entries that were left; ${renamed.gone} are gone.`,
    `Entry ${renamed.entry} says so, names the old log's newest checkpoints, and that ${by} answers for it.`,
    `Give readers and witnesses the new key beside the old one: ${renamed.verifierKey}`,
    'What the lost entries did (freezes, roles taken away, PINs, erasures) is undone with them: do it again.',
  ])
}

/** What outsiders hold beyond the restored copy, from the mirror, before anything is changed. */
async function findTail(
  world: World,
  shortfall: Shortfall,
  key: VerifierKey,
  mirror: string | undefined,
): Promise<MirrorTail> {
  const { pool } = world.database
  const { size, needed } = shortfall
  if (mirror === undefined && needed.size > size)
    throw new CodedError<RestoredLogFault>(
      'mirror-needed',
      `the restored copy holds ${size} entries, and ${needed.size} are known outside: an entry appended here would be a fork, which witnesses refuse for ever. Name a mirror of the public log with --mirror (--without-mirror only where no witness ever countersigned); docs/running.md says what to do when there is none`,
    )
  const tail =
    mirror === undefined
      ? await tailOfCopy(pool, key)
      : await readMissing(pool, sourceOf(mirror), shortfall, key)
  const beyond = await witnessesBeyond(readTrust(world.instance)?.policy.witnesses ?? [], tail)
  if (beyond.length === 0) return tail
  throw new CodedError<RestoredLogFault>(
    'mirror-unfit',
    `${beyond.join(', ')}, and this would end at ${tail.checkpoint.size}: an entry appended there would be a fork. Find a mirror that holds as much`,
  )
}

function sourceOf(mirror: string) {
  return /^https?:\/\//.test(mirror) ? createHttpSource(mirror) : createFolderSource(mirror)
}

/** Gives the acknowledgement its index; from then on the log that is known is this one. */
async function goOn(
  world: World,
  known: KnownCheckpoint,
  { gone }: Mended,
  id: Parameters<Awaited<ReturnType<typeof createLedger>>['indexOf']>[0],
): Promise<number> {
  const { instance, database, keys, clock, random } = world
  // Without what is known, so that it opens: what is known beyond it is what was just answered for.
  const ledger = await createLedger({
    pool: database.pool,
    keys,
    clock,
    random,
    ...logNameOf(instance),
  })
  try {
    await ledger.sequence()
    const entry = await ledger.indexOf(id)
    if (gone > 0) await known.setAside()
    known.keep((await ledger.head()).checkpoint)
    await known.settle()
    return entry
  } finally {
    await ledger.close()
  }
}

function linesOf({ size, until, lost, kept, gone }: Mended, entry: number, by: string): string[] {
  const fetched =
    until === size
      ? [`Nothing was missing that outsiders are known to hold: the log goes on from ${size} entries.`]
      : [
          `The log had ${size} entries and has ${until} again: those from ${size} to ${until - 1} came from the mirror, proven.`,
          `Of ${lost} of them the texts are lost${kept === 0 ? '' : `; ${kept} still waited here with theirs`}.`,
        ]
  return [
    ...fetched,
    ...(gone === 0
      ? []
      : [
          `${gone} entries signed after that are gone, and their numbers will be given to others: nobody outside is known to hold them.`,
        ]),
    `Entry ${entry} says so, and that ${by} answers for it. Witnesses go on countersigning.`,
    'What the lost entries did (freezes, roles taken away, PINs, erasures) is undone with them: do it again.',
  ]
}
