import type { Command } from 'commander'
import { createKnownCheckpoint, setbackOf } from '../ledger/known-checkpoint.ts'
import { createLedger } from '../ledger/ledger.ts'
import { parseVerifierKey } from '../ledger/note.ts'
import { requireHead } from '../ledger/proof-bundle.ts'
import { knownCheckpointPath, originOf, verifierKeyOf } from '../ledger-key.ts'
import { CodedError } from '../platform/coded-error.ts'
import { findOfficer } from '../staff/command-line.ts'
import { openCommandWorld } from '../world.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { EXIT, print } from './terminal.ts'

interface AcknowledgeOptions extends DataOptions {
  readonly by: string
  readonly reason: string
  readonly json?: boolean
}

/** `countersign acknowledge`. */
export function addAcknowledgeRestoreCommand(program: Command): void {
  program
    .command('acknowledge')
    .description(
      'record that an older state was restored, so that the ledger goes on; read docs/running.md first',
    )
    .requiredOption('--by <desk>', 'the desk name of the officer who answers for it, as Y-1')
    .requiredOption('--reason <text>', 'what happened; it stands in the entry')
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(acknowledge)
}

async function acknowledge(options: AcknowledgeOptions): Promise<void> {
  const world = await openCommandWorld(worldOptions(options))
  try {
    const { instance, database, keys, clock, random } = world
    const { pool, db } = database
    const officer = await findOfficer(db, options.by)
    if (officer === null)
      throw new CodedError(
        'not-an-officer',
        `${options.by} is nobody who may answer for this: name an active privacy officer or administrator`,
      )
    const known = createKnownCheckpoint(knownCheckpointPath(instance))
    const note = known.read()
    const key = parseVerifierKey(verifierKeyOf(instance, keys))
    const setback = note === null ? null : await setbackOf(pool, await requireHead(pool), note, key)
    if (note === null || setback === null) {
      print(options.json === true, { setBack: false }, () => [
        'The log was not set back: nothing to acknowledge.',
      ])
      process.exitCode = EXIT.no
      return
    }
    // Without what is known, so that the log opens; the file goes only when the entry stands.
    const ledger = await createLedger({ pool, keys, clock, random, origin: originOf(instance) })
    const { knownSize, size, kind } = setback
    const id = await ledger.record({
      kind: 'restore-acknowledged',
      header: { counts: { knownSize, size } },
      body: { knownSize, size, kind, knownCheckpoint: note, reason: options.reason, officer: options.by },
      actor: officer,
    })
    const entry = await ledger.indexOf(id)
    await known.setAside()
    known.keep((await ledger.head()).checkpoint)
    await known.settle()
    await ledger.close()
    print(options.json === true, { setBack: true, knownSize, size, entry }, () => [
      `Entry ${entry} says that the log had ${knownSize} entries and goes on from ${size}, and that ${options.by} answers for it.`,
      'Witnesses and readers who saw the longer log will refuse this one: docs/running.md says what to do now.',
    ])
  } finally {
    await world.close()
  }
}
