import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { findInstance, type Instance } from '../instance.ts'
import { KNOWN_CHECKPOINT } from '../ledger-key.ts'
import { systemClock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import {
  type BackupContents,
  type BackupList,
  copyFile,
  copyRunningCluster,
  copyTree,
  makeBackup,
} from '../platform/embedded/backup.ts'
import { runningClusterUrl, startCluster } from '../platform/embedded/cluster.ts'
import { lockDirectory, servingProcess } from '../platform/embedded/instance-lock.ts'
import { checkBackup, readBackupList, restoreBackup } from '../platform/embedded/restore.ts'
import { type DataOptions, dataOption, jsonOption, worldOptions } from './options.ts'
import { print } from './terminal.ts'

interface BackupOptions extends DataOptions {
  readonly to: string
  readonly keysTo?: string
  readonly json?: boolean
}
interface RestoreOptions extends DataOptions {
  readonly from: string
  readonly keysFrom?: string
  readonly json?: boolean
}

/** `countersign backup` and `countersign restore`. */
export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description(
      'copy the data of the embedded database, while it serves or not; the keys only where you say',
    )
    .requiredOption('--to <dir>', 'a folder to make for the data')
    .option('--keys-to <dir>', 'a folder to make for the keys: keep it apart from the data')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(backup)
  program
    .command('restore')
    .description(
      'put a backup into a new data directory, after every digest was checked; never over an existing one',
    )
    .requiredOption('--from <dir>', 'a backup of the data')
    .option('--keys-from <dir>', 'a backup of the keys, for DIR.keys')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(restore)
}

async function backup(options: BackupOptions): Promise<void> {
  const { config } = worldOptions(options)
  const instance = findInstance(config)
  if (instance === null)
    throw new CodedError('no-instance', `there is no instance in ${config.dataDirectory}`)
  if (config.databaseUrl !== null)
    throw new CodedError(
      'config-invalid',
      'DATABASE_URL names a server: back it up with its own tools, as docs/running.md says',
    )
  const madeAt = systemClock.now()
  const list = await withRunningCluster(instance, (url) =>
    makeBackup(
      resolve(options.to),
      { kind: 'countersign-data', madeAt, postgres: versionOf(instance) },
      (aside) => copyData(instance, url, aside),
    ),
  )
  if (options.keysTo !== undefined) await backUpKeys(instance, resolve(options.keysTo), madeAt)
  print(options.json === true, { to: options.to, keysTo: options.keysTo ?? null, ...sumOf(list) }, () => [
    `${options.to}: ${list.files.length} files, ${Math.round(sumOf(list).bytes / 1024 / 1024)} MiB.`,
    options.keysTo === undefined
      ? 'The keys are not in it: back them up apart, with --keys-to.'
      : `The keys are in ${options.keysTo}: keep them apart from the data, or both are worth as much as the passphrase.`,
  ])
}

async function withRunningCluster<T>(instance: Instance, work: (url: string) => Promise<T>): Promise<T> {
  const dir = clusterOf(instance)
  const served = servingProcess(instance.dataDirectory) === null ? null : runningClusterUrl(dir)
  if (served !== null) return work(served)
  const lock = lockDirectory(instance.dataDirectory)
  try {
    const cluster = await startCluster({ dir })
    return await work(cluster.url).finally(() => cluster.stop())
  } finally {
    lock.release()
  }
}

async function copyData(instance: Instance, url: string, aside: string): Promise<BackupContents> {
  const contents = await copyRunningCluster(url, clusterOf(instance), aside)
  for (const name of ['instance.json', 'database-password'])
    await copyFile(join(instance.dataDirectory, name), join(aside, name), name, contents)
  return contents
}

/** The newest checkpoint stays where it is: put back with old keys, it could not tell that the data is older. */
async function backUpKeys(instance: Instance, to: string, madeAt: number): Promise<BackupList> {
  return makeBackup(to, { kind: 'countersign-keys', madeAt, postgres: null }, async (aside) => {
    const contents: BackupContents = { folders: [], files: [] }
    await copyTree(instance.keyDirectory, join(aside, 'keys'), 'keys', contents, (path) =>
      path.startsWith(KNOWN_CHECKPOINT),
    )
    return contents
  })
}

async function restore(options: RestoreOptions): Promise<void> {
  const { config } = worldOptions(options)
  const { dataDirectory, keyDirectory } = config
  const data = readBackupList(options.from, 'countersign-data')
  const keys = options.keysFrom === undefined ? null : readBackupList(options.keysFrom, 'countersign-keys')
  if (keys !== null && existsSync(keyDirectory))
    throw new CodedError('restore-exists', `${keyDirectory} exists: nothing is ever restored over something`)
  if (keys !== null) await checkBackup(options.keysFrom!, keys)
  await restoreBackup(options.from, data, dataDirectory)
  if (keys !== null) await restoreKeys(options.keysFrom!, keys, keyDirectory)
  const at = new Date(data.madeAt).toISOString()
  print(options.json === true, { data: dataDirectory, keys: keyDirectory, madeAt: data.madeAt }, () => [
    `${dataDirectory} is as it was when the backup was made, at ${at}.`,
    ...(existsSync(keyDirectory) ? [] : [`Its keys must be put at ${keyDirectory} before it opens.`]),
    `Now run: countersign verify --data ${dataDirectory}`,
  ])
}

/** The list's paths begin with `keys/`; what lies there becomes the key directory. */
async function restoreKeys(from: string, list: BackupList, keyDirectory: string): Promise<void> {
  const inner = (path: string) => path.replace(/^keys\/?/, '')
  const own = {
    ...list,
    folders: list.folders.map(inner).filter((folder) => folder !== ''),
    files: list.files.map((file) => ({ ...file, path: inner(file.path) })),
  }
  await restoreBackup(join(from, 'keys'), own, keyDirectory)
}

function sumOf(list: BackupList): { files: number; bytes: number } {
  return { files: list.files.length, bytes: list.files.reduce((sum, { bytes }) => sum + bytes, 0) }
}

function clusterOf(instance: Instance): string {
  return resolve(instance.dataDirectory, 'postgres')
}

function versionOf(instance: Instance): string {
  return readFileSync(join(clusterOf(instance), 'PG_VERSION'), 'utf8').trim()
}
