import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { SealedBlock } from './block.ts'
import { type Run, SEQUENCE_STEP } from './store.ts'

const CHUNK = 10_000
const COPY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const COPY_TRAILER = Buffer.from([0xff, 0xff])
const COPY_CHUNK_BYTES = 256 * 1024

/** A file as the vault knows it. */
export interface KnownFile {
  readonly id: number
  readonly size: number
  readonly through: number
  readonly read: number
  readonly done: boolean
}

interface FileRow {
  readonly id: number
  readonly size: number | string
  readonly through: number | string
  readonly read: number | string
  readonly done: boolean
}

/** The file with this digest, or null. */
export async function findFile(run: Run, digest: Buffer): Promise<KnownFile | null> {
  const rows = await run<FileRow>(
    'SELECT id, size, through, read, done_at IS NOT NULL AS done FROM vault.file WHERE digest = $1',
    [digest],
  )
  const row = rows[0]
  if (row === undefined) return null
  return {
    id: row.id,
    size: Number(row.size),
    through: Number(row.through),
    read: Number(row.read),
    done: row.done,
  }
}

/** Sizes of files that grew while they were read, below `size`: a longer one may begin with the same bytes. */
export async function grownSizes(run: Run, size: number): Promise<number[]> {
  const rows = await run<{ size: number | string }>(
    'SELECT DISTINCT size FROM vault.file WHERE grew AND size < $1 ORDER BY size',
    [size],
  )
  return rows.map((row) => Number(row.size))
}

/** Puts a file on record, once, and gives what is on record then. */
export async function registerFile(
  run: Run,
  file: { digest: Buffer; size: number; through: number },
): Promise<KnownFile> {
  await run(
    `INSERT INTO vault.file (digest, size, grew, through) VALUES ($1, $2, false, $3)
       ON CONFLICT (digest) DO NOTHING`,
    [file.digest, file.size, file.through],
  )
  return (await findFile(run, file.digest))!
}

/** How far files are read by now, by whomever: by id, locked until the transaction ends. */
export async function lockProgress(run: Run, files: readonly number[]): Promise<Map<number, number>> {
  const rows = await run<{ id: number; through: number | string }>(
    'SELECT id, through FROM vault.file WHERE id = ANY($1) ORDER BY id FOR UPDATE',
    [files],
  )
  return new Map(rows.map(({ id, through }) => [id, Number(through)]))
}

/** Moves a file's mark forward; `read` is given at its end. */
export async function moveProgress(
  run: Run,
  file: { id: number; through: number; end: { read: number; grew: boolean } | null },
): Promise<void> {
  await run(
    `UPDATE vault.file SET through = greatest(through, $2), read = coalesce($3, read), grew = coalesce($4, grew),
            done_at = CASE WHEN $3::bigint IS NULL THEN done_at ELSE now() END
      WHERE id = $1`,
    [file.id, file.through, file.end?.read ?? null, file.end?.grew ?? null],
  )
}

/** The positions of a file that are in quarantine. */
export async function quarantinedPositions(run: Run, file: number): Promise<Set<number>> {
  const rows = await run<{ position: number | string }>(
    'SELECT position FROM vault.quarantine WHERE file = $1',
    [file],
  )
  return new Set(rows.map(({ position }) => Number(position)))
}

/** Up to `limit` lines in quarantine behind a place, by file and position. */
export async function quarantinePage(
  run: Run,
  after: { file: number; position: number },
  limit: number,
): Promise<{ file: number; position: number; sealed: Buffer }[]> {
  const rows = await run<{ file: number; position: number | string; sealed: Buffer }>(
    `SELECT file, position, sealed FROM vault.quarantine WHERE (file, position) > ($1, $2)
      ORDER BY file, position LIMIT $3`,
    [after.file, after.position, limit],
  )
  return rows.map((row) => ({ ...row, position: Number(row.position) }))
}

/** How many lines are in quarantine. */
export async function quarantineSize(run: Run): Promise<number> {
  const rows = await run<{ count: number }>('SELECT count(*)::int AS count FROM vault.quarantine', [])
  return rows[0]!.count
}

/** Puts lines into quarantine, sealed; a line that is there already stays as it is. */
export async function putQuarantine(
  run: Run,
  lines: readonly { file: number; position: number; sealed: Buffer }[],
): Promise<void> {
  await run(
    `INSERT INTO vault.quarantine (file, position, sealed)
       SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bytea[]) ON CONFLICT (file, position) DO NOTHING`,
    [lines.map((l) => l.file), lines.map((l) => l.position), lines.map((l) => l.sealed)],
  )
}

/** Takes lines out of quarantine; gives the positions that were still there. */
export async function takeFromQuarantine(
  run: Run,
  file: number,
  positions: readonly number[],
): Promise<Set<number>> {
  const rows = await run<{ position: number | string }>(
    'DELETE FROM vault.quarantine WHERE file = $1 AND position = ANY($2) RETURNING position',
    [file, positions],
  )
  return new Set(rows.map(({ position }) => Number(position)))
}

/** Which of `keys` are on file already, as latin1 texts. */
export async function knownReferences(run: Run, keys: readonly Buffer[]): Promise<Set<string>> {
  const known = new Set<string>()
  for (let at = 0; at < keys.length; at += CHUNK) {
    const rows = await run<{ key: Buffer }>('SELECT key FROM vault.reference WHERE key = ANY($1)', [
      keys.slice(at, at + CHUNK),
    ])
    for (const { key } of rows) known.add(key.toString('latin1'))
  }
  return known
}

/** Keeps references from `day` (YYYY-MM-DD) on. */
export async function keepReferences(run: Run, keys: readonly Buffer[], day: string): Promise<void> {
  for (let at = 0; at < keys.length; at += CHUNK) {
    await run(
      'INSERT INTO vault.reference (key, filed_on) SELECT unnest($1::bytea[]), $2::date ON CONFLICT DO NOTHING',
      [keys.slice(at, at + CHUNK), day],
    )
  }
}

/** Forgets references filed before `day` (YYYY-MM-DD). */
export async function forgetReferences(run: Run, day: string): Promise<void> {
  await run('DELETE FROM vault.reference WHERE filed_on < $1::date', [day])
}

/** Reserves numbers for `count` blocks, higher than those of any transaction before; gives them one by one. */
export async function reserveSequences(run: Run, count: number): Promise<() => number> {
  const rows = await run<{ nextval: number | string }>(
    `SELECT nextval('vault.block_sequence') FROM generate_series(1, $1)`,
    [Math.ceil(count / SEQUENCE_STEP)],
  )
  const firsts = rows.map(({ nextval }) => Number(nextval))
  let given = 0
  return () => {
    const first = firsts[Math.floor(given / SEQUENCE_STEP)]!
    return first + (given++ % SEQUENCE_STEP)
  }
}

/** Writes blocks by binary COPY in the client's transaction; sealing goes on while the server takes them in. */
export async function copyBlocks(client: pg.PoolClient, blocks: Iterable<SealedBlock>): Promise<void> {
  const stream = client.query(
    copyFrom(
      'COPY vault.block (subject, month, sequence, tenure, first_day, last_day, sealed) FROM STDIN (FORMAT binary)',
    ),
  )
  const finished = new Promise<void>((resolve, reject) => {
    stream.on('finish', resolve)
    stream.on('error', reject)
  })
  // Whoever awaits a drain must hear of an error, too; it is thrown when `finished` is awaited.
  finished.catch(() => {})
  const write = async (bytes: Buffer): Promise<void> => {
    if (!stream.write(bytes)) {
      await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), finished])
    }
  }
  let parts: Buffer[] = [COPY_HEADER]
  let size = 0
  for (const block of blocks) {
    const row = copyRow(block)
    parts.push(row)
    size += row.length
    if (size < COPY_CHUNK_BYTES) continue
    await write(Buffer.concat(parts))
    parts = []
    size = 0
  }
  parts.push(COPY_TRAILER)
  stream.end(Buffer.concat(parts))
  await finished
}

/** One row of COPY's binary format: the count of fields, then length and bytes of each. */
function copyRow(block: SealedBlock): Buffer {
  const tenure = Buffer.from(block.tenure)
  const { sealed } = block
  const row = Buffer.allocUnsafe(2 + 7 * 4 + 16 + 4 + 8 + tenure.length + 4 + 4 + sealed.length)
  let at = row.writeInt16BE(7, 0)
  at = row.writeInt32BE(16, at)
  row.set(block.subject, at)
  at = row.writeInt32BE(4, at + 16)
  at = row.writeInt32BE(block.month, at)
  at = row.writeInt32BE(8, at)
  at = row.writeBigInt64BE(BigInt(block.sequence), at)
  at = row.writeInt32BE(tenure.length, at)
  row.set(tenure, at)
  at = row.writeInt32BE(4, at + tenure.length)
  at = row.writeInt32BE(block.firstDay, at)
  at = row.writeInt32BE(4, at)
  at = row.writeInt32BE(block.lastDay, at)
  at = row.writeInt32BE(sealed.length, at)
  row.set(sealed, at)
  return row
}
