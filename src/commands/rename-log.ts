import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { renameLog as renameInstanceLog } from '../instance.ts'
import { writeDurably } from '../keys/durable-file.ts'
import type { KnownCheckpoint } from '../ledger/known-checkpoint.ts'
import { createLedger } from '../ledger/ledger.ts'
import { requireHead } from '../ledger/proof-bundle.ts'
import { renameLog } from '../ledger/renamed-log.ts'
import type { Acknowledges, Shortfall } from '../ledger/restored-log.ts'
import { listLog, parsePolicy } from '../ledger/trust-policy.ts'
import { logNameOf, verifierKeyOf } from '../ledger-key.ts'
import { invariant } from '../platform/coded-error.ts'
import { POLICY_FILE } from '../trust.ts'
import type { World } from '../world.ts'

/** The log that goes on, as its readers know it. */
export interface RenamedLog {
  readonly origin: string
  readonly verifierKey: string
  /** Entries it began with, and entries of the old log that are gone. */
  readonly size: number
  readonly gone: number
  /** Where the entry stands that names the old log. */
  readonly entry: number
}

function nextOf({ instance }: World) {
  return { ...instance, log: (instance.log ?? 1) + 1 }
}

/** Whether the database's log bears the next name already: a renaming was cut off before its files were written. */
export async function isRenamed(world: World): Promise<boolean> {
  const { note } = await requireHead(world.database.pool)
  return note.startsWith(`${logNameOf(nextOf(world)).origin}\n`)
}

/** Ends the old log and begins the new one, in the database. `finishRename` does what is left. */
export async function beginAnew(
  world: World,
  known: KnownCheckpoint,
  shortfall: Shortfall,
  says: Omit<Acknowledges, 'mirror'>,
): Promise<void> {
  const { origin, signingKey } = logNameOf(nextOf(world))
  await renameLog(
    { ...world, pool: world.database.pool, sealer: world.keys.sealer },
    shortfall,
    { origin, key: world.keys.signingKey(signingKey) },
    { ...says, witnessedNote: known.readWitnessed() },
  )
}

/**
 * Puts what is known of the old log aside, lists the new one in the policy and writes its name down, in this order and
 * each again where it was done: until the name is written, the command begins here.
 */
export async function finishRename(world: World, known: KnownCheckpoint): Promise<RenamedLog> {
  const { database, keys, clock, random } = world
  const next = nextOf(world)
  await known.setAllAside()
  listInPolicy(next.dataDirectory, verifierKeyOf(next, keys))
  renameInstanceLog(world.instance)
  const ledger = await createLedger({ pool: database.pool, keys, clock, random, ...logNameOf(next) })
  try {
    await ledger.sequence()
    const newest = await ledger.headers({ limit: 500 })
    const said = newest.find(({ header }) => header?.kind === 'restore-acknowledged')
    invariant(said !== undefined, 'a renamed log says so')
    const { size = 0, gone = 0 } = said.header?.counts ?? {}
    known.keep((await ledger.head()).checkpoint)
    await known.settle()
    return { origin: ledger.origin, verifierKey: ledger.verifierKey, size, gone, entry: said.index }
  } finally {
    await ledger.close()
  }
}

/** Readers go on trusting the old log for what it proved. */
function listInPolicy(dataDirectory: string, verifierKey: string): void {
  const path = join(dataDirectory, POLICY_FILE)
  if (!existsSync(path)) return
  const policy = parsePolicy(readFileSync(path, 'utf8'))
  writeDurably(dataDirectory, POLICY_FILE, listLog(policy, verifierKey))
}
