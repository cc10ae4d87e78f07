import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join, normalize } from 'node:path'
import { CodedError } from '../coded-error.ts'
import { type BackupContents, type BackupFault, type BackupList, copyFile, LIST } from './backup.ts'
import { databaseUser } from './run-as.ts'

/** The list of a backup. @throws CodedError `backup-missing`, `backup-broken` */
export function readBackupList(from: string, kind: BackupList['kind']): BackupList {
  const path = join(from, LIST)
  if (!existsSync(path))
    throw new CodedError<BackupFault>('backup-missing', `${from} is not a backup: it has no ${LIST}`)
  let list: BackupList
  try {
    list = JSON.parse(readFileSync(path, 'utf8')) as BackupList
  } catch (cause) {
    throw broken(`${path} cannot be read`, cause)
  }
  const { v, files, folders } = list
  if (v !== 1 || list.kind !== kind || !Array.isArray(files) || !Array.isArray(folders))
    throw broken(`${path} is not the list of a ${kind} backup`)
  for (const path of [...folders, ...files.map((file) => file.path)])
    if (typeof path !== 'string' || path.startsWith('/') || normalize(path) !== path || path.startsWith('..'))
      throw broken('the list names a path outside the backup')
  return list
}

/** Reads every file of a backup and compares it with the list. @throws CodedError `backup-broken` naming the first. */
export async function checkBackup(from: string, list: BackupList): Promise<void> {
  const listed = new Set(list.files.map(({ path }) => path))
  for (const { path, sha256 } of list.files)
    if ((await digestOf(join(from, path))) !== sha256)
      throw broken(`${path} is missing or is not as it was backed up`)
  const beside = filesBelow(from).find((path) => path !== LIST && !listed.has(path))
  if (beside !== undefined) throw broken(`${beside} is not in the list`)
}

/**
 * Puts a backup at `to`, which must not exist: every digest is checked first, then everything is copied aside and
 * renamed. Files of the database belong to the user that it runs as.
 * @throws CodedError `restore-exists`, `backup-broken`
 */
export async function restoreBackup(from: string, list: BackupList, to: string): Promise<void> {
  if (existsSync(to))
    throw new CodedError<BackupFault>(
      'restore-exists',
      `${to} exists: nothing is ever restored over something`,
    )
  await checkBackup(from, list)
  const aside = `${to}.restoring`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true, mode: list.kind === 'countersign-keys' ? 0o700 : 0o755 })
  for (const folder of list.folders) mkdirSync(join(aside, folder), { recursive: true, mode: 0o700 })
  const copied: BackupContents = { folders: [], files: [] }
  for (const { path } of list.files) await copyFile(join(from, path), join(aside, path), path, copied)
  const wanted = new Map(list.files.map((file) => [file.path, file.sha256]))
  const wrong = copied.files.find(({ path, sha256 }) => wanted.get(path) !== sha256)
  if (wrong !== undefined) throw broken(`${wrong.path} changed while it was restored`)
  if (list.kind === 'countersign-data') giveToDatabase(aside, list)
  renameSync(aside, to)
}

/** The files of the cluster as PostgreSQL wants them: its own, closed to others, with the folders that were empty. */
function giveToDatabase(aside: string, list: BackupList): void {
  const root = process.getuid?.() === 0
  const ours = [...list.folders, ...list.files.map(({ path }) => path)].filter((path) =>
    /^postgres(\/|$)/.test(path),
  )
  for (const folder of [
    'pg_replslot',
    'pg_dynshmem',
    'pg_notify',
    'pg_serial',
    'pg_snapshots',
    'pg_stat_tmp',
    'pg_subtrans',
    'pg_wal',
    'pg_wal/archive_status',
    'pg_wal/summaries',
  ])
    ours.push(`postgres/${folder}`)
  for (const path of ours) {
    const full = join(aside, path)
    if (!existsSync(full)) mkdirSync(full, { recursive: true, mode: 0o700 })
    if (root) chownSync(full, databaseUser(), databaseUser())
  }
  chmodSync(join(aside, 'postgres'), 0o700)
}

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
}

async function digestOf(path: string): Promise<string | null> {
  if (!existsSync(path)) return null
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function broken(what: string, cause?: unknown): CodedError<BackupFault> {
  return new CodedError('backup-broken', `${what}: use another copy of this backup; nothing was restored`, {
    cause,
  })
}
