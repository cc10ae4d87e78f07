import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { CodedError } from '../coded-error.ts'

export type BackupFault = 'backup-exists' | 'backup-missing' | 'backup-broken' | 'restore-exists'

export interface BackupFile {
  readonly path: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

/** `backup.json`: what a backup holds, so that a restore can tell whether all of it is there and unchanged. */
export interface BackupList {
  readonly v: 1
  readonly kind: 'countersign-data' | 'countersign-keys'
  /** Milliseconds since 1970 UTC. */
  readonly madeAt: number
  /** Version of the database's files; they start under no other. */
  readonly postgres: string | null
  readonly folders: readonly string[]
  readonly files: readonly BackupFile[]
}

export const LIST = 'backup.json'

/** What PostgreSQL makes anew or must not find in a copy (its own `basebackup.c` has the same list). */
const NOT_COPIED =
  /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map|(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/.*|.*pgsql_tmp.*|.*\/pg_internal\.init(\..*)?|.*\/t\d+_\d+(_[a-z]+)?(\.\d+)?)$/

/**
 * Copies the cluster that runs at `url` on `from`, while it is written to, into `to/postgres` (PostgreSQL, Continuous
 * Archiving, "Making a Base Backup Using the Low Level API").
 *
 * Why the copy is whole. Files are read while pages of them change; but between `pg_backup_start` and
 * `pg_backup_stop` each page's first change is in the write-ahead log in full, and all of that log goes along: a slot holds
 * its segments from before the start, and those up to the stop are copied after it. A start on the copy replays
 * them up to the stop, which `backup_label` makes it do, or does not start.
 */
export async function copyRunningCluster(url: string, from: string, to: string): Promise<BackupContents> {
  const contents: BackupContents = { folders: [], files: [] }
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query("SELECT pg_create_physical_replication_slot('countersign_backup', true, true)")
    const { rows } = await client.query<{ wal: string }>(
      "SELECT pg_walfile_name(pg_backup_start('countersign', true)) AS wal",
    )
    await copyTree(from, join(to, 'postgres'), 'postgres', contents, (path) => NOT_COPIED.test(path))
    // Last, as pg_basebackup does: it says what everything else must at least be.
    await copyFile(join(from, CONTROL), join(to, 'postgres', CONTROL), `postgres/${CONTROL}`, contents)
    const stop = await client.query<{ wal: string; label: string }>(
      'SELECT pg_walfile_name(lsn) AS wal, labelfile AS label FROM pg_backup_stop(false)',
    )
    const { wal, label } = stop.rows[0]!
    await addText(join(to, 'postgres'), 'backup_label', label, contents)
    await copyWal(client, { from, to, first: rows[0]!.wal, last: wal }, contents)
  } finally {
    await client.end()
  }
  return contents
}

/** What was copied, on its way into the list. */
export interface BackupContents {
  readonly folders: string[]
  readonly files: BackupFile[]
}

const CONTROL = 'global/pg_control'

async function copyWal(
  client: pg.Client,
  of: { from: string; to: string; first: string; last: string },
  contents: BackupContents,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM pg_ls_waldir() WHERE (name ~ '^[0-9A-F]{24}$' AND name >= $1 AND name <= $2) OR name ~ 'history$'
     ORDER BY name`,
    [of.first, of.last],
  )
  for (const { name } of rows)
    await copyFile(
      join(of.from, 'pg_wal', name),
      join(of.to, 'postgres', 'pg_wal', name),
      `postgres/pg_wal/${name}`,
      contents,
    )
}

/** Copies a folder whose files may come and go. `leaveOut` is asked with the path below it. */
export async function copyTree(
  from: string,
  to: string,
  name: string,
  contents: BackupContents,
  leaveOut: (path: string) => boolean,
  below = '',
): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  contents.folders.push(name)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (leaveOut(path) || path === CONTROL) continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target, `${name}/${entry.name}`, contents, leaveOut, path)
    else if (entry.isFile()) await copyFile(source, target, `${name}/${entry.name}`, contents)
  }
}

/** Copies one file and notes its digest; one that has gone meanwhile is left out. */
export async function copyFile(
  from: string,
  to: string,
  path: string,
  contents: BackupContents,
): Promise<void> {
  const hash = createHash('sha256')
  let bytes = 0
  const digesting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  try {
    await pipeline(
      createReadStream(from),
      digesting,
      createWriteStream(to, { mode: 0o600, flags: 'wx', flush: true }),
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    rmSync(to, { force: true })
    return
  }
  contents.files.push({ path, bytes, sha256: hash.digest('hex') })
}

async function addText(folder: string, name: string, text: string, contents: BackupContents): Promise<void> {
  writeFileSync(join(folder, name), text, { mode: 0o600, flush: true })
  const sha256 = createHash('sha256').update(text).digest('hex')
  contents.files.push({ path: `postgres/${name}`, bytes: Buffer.byteLength(text), sha256 })
}

/**
 * Makes a backup at `to` with what `fill` puts into it: aside first, then renamed, so that what was cut off half way never
 * looks like one. @throws CodedError `backup-exists`: nothing is ever overwritten.
 */
export async function makeBackup(
  to: string,
  about: Pick<BackupList, 'kind' | 'madeAt' | 'postgres'>,
  fill: (aside: string) => Promise<BackupContents>,
): Promise<BackupList> {
  if (existsSync(to))
    throw new CodedError<BackupFault>(
      'backup-exists',
      `${to} exists: name another folder, backups are never overwritten`,
    )
  const aside = `${to}.making`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  const list: BackupList = { v: 1, ...about, ...(await fill(aside)) }
  writeFileSync(join(aside, LIST), `${JSON.stringify(list, null, 1)}\n`, { mode: 0o600, flush: true })
  renameSync(aside, to)
  return list
}
