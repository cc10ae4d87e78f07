import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findUnlock } from './commands/passphrase.ts'
import { type Birth, claimDatabase, findInstance, type Instance, openInstance } from './instance.ts'
import { initKeys, openKeys } from './keys/key-directory.ts'
import type { KeyService } from './keys/key-service.ts'
import type { Unlock } from './keys/root-file.ts'
import { type Clock, type RandomBytes, systemClock } from './platform/clock.ts'
import { CodedError } from './platform/coded-error.ts'
import type { Config } from './platform/config.ts'
import { type OpenDatabase, openDatabase, requireServer } from './platform/database.ts'
import { runningClusterUrl, startCluster } from './platform/embedded/cluster.ts'
import { lockDirectory, servingProcess } from './platform/embedded/instance-lock.ts'
import { migrate } from './platform/migrate.ts'
import { unwind } from './platform/unwind.ts'

/** What every command stands on: a data directory, its database and its keys. */
export interface World {
  readonly instance: Instance
  readonly database: OpenDatabase
  readonly keys: KeyService
  readonly clock: Clock
  readonly random: RandomBytes
  /** Gives back everything this process started. */
  close(): Promise<void>
}

export interface WorldOptions {
  readonly config: Config
  readonly passphraseFd?: number | undefined
  /** In place of asking for it, where the caller has just asked. */
  readonly unlock?: Unlock
  /** Connections at most; default 20. */
  readonly connections?: number
  /** The machine's own unless given. */
  readonly clock?: Clock
}

/**
 * Opens the world of a server: takes the directory's lock, starts the embedded database unless a server is
 * named, migrates, opens the keys. With `born`, a directory that does not exist yet is made so.
 * @throws CodedError `already-serving`, `no-instance`, `born-otherwise`, `keys-of-another`, `other-instance`, ...
 */
export async function openServingWorld(options: WorldOptions & { born?: Birth | undefined }): Promise<World> {
  const { config, born } = options
  const instance = born === undefined ? requireInstance(config) : openBorn(config, born)
  const lock = lockDirectory(instance.dataDirectory)
  const undo: (() => Promise<void> | void)[] = [() => lock.release()]
  try {
    return await openOn(instance, options, undo)
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

/**
 * Opens the world of a single command, beside a server that runs on the same directory or without one.
 * @throws CodedError as `openServingWorld`.
 */
export async function openCommandWorld(options: WorldOptions): Promise<World> {
  const instance = requireInstance(options.config)
  const isServed = servingProcess(instance.dataDirectory) !== null
  const url = options.config.databaseUrl ?? (isServed ? runningClusterUrl(clusterDirectory(instance)) : null)
  if (url === null) return openServingWorld(options)
  return openOn(instance, { ...options, config: { ...options.config, databaseUrl: url } }, [])
}

/**
 * The database of an instance as it is, nothing of it migrated or claimed: the server's that is named, the one of a
 * server that runs here, or the embedded one, started for as long as it is looked at.
 * @throws CodedError `already-serving` when a server is just starting
 */
export async function findRunningDatabase(
  instance: Instance,
  config: Pick<Config, 'databaseUrl'>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const isServed = servingProcess(instance.dataDirectory) !== null
  const url = config.databaseUrl ?? (isServed ? runningClusterUrl(clusterDirectory(instance)) : null)
  if (url !== null) return { url, stop: async () => {} }
  const lock = lockDirectory(instance.dataDirectory)
  const undo: (() => Promise<void> | void)[] = [() => lock.release()]
  try {
    return { url: await startEmbedded(instance, undo), stop: () => unwind(undo) }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

/**
 * As `openCommandWorld`, but without keys: for what has to be said where they are lost.
 * @throws CodedError `no-instance`, `other-instance`, ...
 */
export async function openKeylessWorld(
  options: WorldOptions,
): Promise<Pick<World, 'instance' | 'database' | 'close'>> {
  const instance = requireInstance(options.config)
  const isServed = servingProcess(instance.dataDirectory) !== null
  const url = options.config.databaseUrl ?? (isServed ? runningClusterUrl(clusterDirectory(instance)) : null)
  const undo: (() => Promise<void> | void)[] = []
  try {
    if (url === null) {
      const lock = lockDirectory(instance.dataDirectory)
      undo.push(() => lock.release())
    }
    const config = { ...options.config, databaseUrl: url }
    const database = await openDatabaseOf(instance, { ...options, config }, undo)
    return { instance, database, close: () => unwind(undo) }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

async function openDatabaseOf(
  instance: Instance,
  options: WorldOptions,
  undo: (() => Promise<void> | void)[],
): Promise<OpenDatabase> {
  const url = options.config.databaseUrl ?? (await startEmbedded(instance, undo))
  const database = openDatabase({ url, max: options.connections ?? 20 })
  undo.push(() => database.close())
  await requireServer(database.pool)
  await migrate(database.pool)
  await claimDatabase(database.pool, instance)
  return database
}

async function openOn(
  instance: Instance,
  options: WorldOptions,
  undo: (() => Promise<void> | void)[],
): Promise<World> {
  const [database, keys] = await bothOf(
    openDatabaseOf(instance, options, undo),
    // A new demo's keys are made when its database is known to be its own.
    (opened) => openKeysOf(instance, options, isNewDemo(instance) ? opened : Promise.resolve(), undo),
  )
  const random: RandomBytes = (size) => randomBytes(size)
  const clock = options.clock ?? systemClock
  return { instance, database, keys, clock, random, close: () => unwind(undo) }
}

/** Both at once; where one fails, it has failed when the other has settled too, so that all that was opened can be undone. */
async function bothOf<A, B>(first: Promise<A>, second: (first: Promise<A>) => Promise<B>): Promise<[A, B]> {
  const both = [first, second(first)] as const
  await Promise.allSettled(both)
  return Promise.all(both)
}

async function openKeysOf(
  instance: Instance,
  options: WorldOptions,
  before: Promise<unknown>,
  undo: (() => Promise<void> | void)[],
): Promise<KeyService> {
  await before
  const unlock = options.unlock ?? (await findUnlock(instance, { ...options, hsm: options.config.hsm }))
  if (isNewDemo(instance)) await initKeys(instance.keyDirectory, unlock)
  const keys = await openKeys(instance.keyDirectory, unlock)
  undo.push(() => keys.close())
  return keys
}

function isNewDemo({ born, keyDirectory }: Instance): boolean {
  return born === 'demo' && !existsSync(join(keyDirectory, KEY_FILE))
}

async function startEmbedded(instance: Instance, undo: (() => Promise<void> | void)[]): Promise<string> {
  const cluster = await startCluster({ dir: clusterDirectory(instance) })
  undo.push(() => cluster.stop())
  return cluster.url
}

/** Keys that are there before their instance are another's, whose data directory is gone: its log goes on in none. */
function openBorn(config: Config, born: Birth): Instance {
  const { dataDirectory, keyDirectory } = config
  if (findInstance(config) === null && existsSync(join(keyDirectory, KEY_FILE))) {
    throw new CodedError(
      'keys-of-another',
      `${keyDirectory} has the keys of an instance that is no longer in ${dataDirectory}: put ${dataDirectory} back, or use another --data directory; if it was a demo, ${keyDirectory} and ${dataDirectory}.witnesses can be deleted`,
    )
  }
  return openInstance(config, born)
}

function requireInstance(config: Config): Instance {
  const instance = findInstance(config)
  if (instance !== null) return instance
  const dir = config.dataDirectory
  throw new CodedError(
    'no-instance',
    `there is no instance in ${dir}: make a real one with "countersign keys init --data ${dir}", or a demo with "countersign serve --demo --data ${dir}"`,
  )
}

function clusterDirectory(instance: Instance): string {
  return join(instance.dataDirectory, 'postgres')
}

/** The first file that a key directory gets. */
const KEY_FILE = 'root.json'
