import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { CopyRows, encodeCopyFields, sendCopy } from '../platform/copy.ts'
import type { SealedBlock } from './block.ts'
import { encodeCopyRow } from './copy-row.ts'
import { KEY_BYTES } from './reference-mark.ts'
import { type Run, SEQUENCE_STEP } from './store.ts'

const COPY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const COPY_TRAILER = Buffer.from([0xff, 0xff])

/** A file as the vault knows it. */
export interface KnownFile {
  readonly id: number
  readonly size: number
  readonly through: number
  readonly read: number
  readonly done: boolean
  /** It was put on record this moment. */
  readonly fresh: boolean
}

interface FileRow {
  readonly id: number
  readonly digest: Buffer
  readonly size: number | string
  readonly through: number | string
  readonly read: number | string
  readonly done: boolean
}

/** The files with these digests, by digest in hex. */
export async function findFiles(run: Run, digests: readonly Buffer[]): Promise<Map<string, KnownFile>> {
  const rows = await run<FileRow>(
    'SELECT id, digest, size, through, read, done_at IS NOT NULL AS done FROM vault.file WHERE digest = ANY($1)',
    [digests],
  )
  return new Map(rows.map((row) => [row.digest.toString('hex'), knownOf(row, false)]))
}

/** The file with this digest, or null. */
export async function findFile(run: Run, digest: Buffer): Promise<KnownFile | null> {
  return (await findFiles(run, [digest])).get(digest.toString('hex')) ?? null
}

function knownOf(row: FileRow, fresh: boolean): KnownFile {
  return {
    id: row.id,
    size: Number(row.size),
    through: Number(row.through),
    read: Number(row.read),
    done: row.done,
    fresh,
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

/** One server at a time puts files on record, until its transaction ends: two in different order would wait for each other. */
async function lockRegister(run: Run): Promise<void> {
  await run("SELECT pg_advisory_xact_lock(hashtext('vault.file'))", [])
}

/**
 * Puts files on record in a transaction, each once, and gives what is on record then, by digest in hex. Their numbers
 * grow in the order given, which is mostly that of time: neighbours in a log then have near numbers.
 */
export async function registerFiles(
  run: Run,
  files: readonly { digest: Buffer; size: number; through: number }[],
): Promise<Map<string, KnownFile>> {
  if (files.length === 0) return new Map()
  await lockRegister(run)
  const made = await run<FileRow>(
    `INSERT INTO vault.file (digest, size, grew, through)
       SELECT digest, size, false, through
         FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS f (digest, size, through, place)
        ORDER BY place
       ON CONFLICT (digest) DO NOTHING
       RETURNING id, digest, size, through, read, false AS done`,
    [files.map(({ digest }) => digest), files.map(({ size }) => size), files.map(({ through }) => through)],
  )
  const known = await findFiles(
    run,
    files.map(({ digest }) => digest),
  )
  for (const row of made) known.set(row.digest.toString('hex'), knownOf(row, true))
  return known
}

/** How far files are read by now, by whomever: by id, locked until the transaction ends. */
export async function lockProgress(run: Run, files: readonly number[]): Promise<Map<number, number>> {
  const rows = await run<{ id: number; through: number | string }>(
    'SELECT id, through FROM vault.file WHERE id = ANY($1) ORDER BY id FOR UPDATE',
    [files],
  )
  return new Map(rows.map(({ id, through }) => [id, Number(through)]))
}

/** Moves the marks of files forward; `end` is given where one was read to its end. */
export async function moveProgress(
  run: Run,
  files: readonly { id: number; through: number; end: { read: number; grew: boolean } | null }[],
): Promise<void> {
  await run(
    `UPDATE vault.file f SET through = greatest(f.through, m.through), read = coalesce(m.read, f.read),
            grew = coalesce(m.grew, f.grew), done_at = CASE WHEN m.read IS NULL THEN f.done_at ELSE now() END
       FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::boolean[]) AS m (id, through, read, grew)
      WHERE f.id = m.id`,
    [
      files.map(({ id }) => id),
      files.map(({ through }) => through),
      files.map(({ end }) => end?.read ?? null),
      files.map(({ end }) => end?.grew ?? null),
    ],
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

/** Which of `keys` (16 bytes each) are on file already, by their places. */
export async function knownReferences(run: Run, keys: Buffer): Promise<Set<number>> {
  if (keys.length === 0) return new Set()
  const rows = await run<{ at: number }>(
    `SELECT at FROM generate_series(0, $2::int - 1) AS at
      WHERE EXISTS (SELECT FROM vault.reference WHERE key = substring($1::bytea FROM at * 16 + 1 FOR 16))`,
    [keys, keys.length / KEY_BYTES],
  )
  return new Set(rows.map(({ at }) => at))
}

/** Keeps references that are not on file (16 bytes each) as filed on `day`, counted from 1970. */
export async function keepReferences(client: pg.PoolClient, keys: Buffer, day: number): Promise<void> {
  if (keys.length === 0) return
  await sendCopy(
    client,
    'COPY vault.reference (key, filed_on) FROM STDIN (FORMAT binary)',
    new CopyRows(referenceRows(keys, day)),
  )
}

/** PostgreSQL's binary form of a date counts from 2000. */
const DAY_2000 = 10_957
const REFERENCES_A_PIECE = 1_000

/** Rows of key and date in COPY's binary form; what is alike in all of them is written once a piece. */
function* referenceRows(keys: Buffer, day: number): Generator<Buffer> {
  const date = Buffer.alloc(4)
  date.writeInt32BE(day - DAY_2000)
  const row = encodeCopyFields([Buffer.alloc(KEY_BYTES), date])
  const keyAt = 2 + 4
  for (let from = 0; from < keys.length; from += REFERENCES_A_PIECE * KEY_BYTES) {
    const some = keys.subarray(from, from + REFERENCES_A_PIECE * KEY_BYTES)
    const piece = Buffer.alloc((some.length / KEY_BYTES) * row.length, row)
    for (let at = 0; at < some.length; at += KEY_BYTES)
      piece.set(some.subarray(at, at + KEY_BYTES), (at / KEY_BYTES) * row.length + keyAt)
    yield piece
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

/**
 * Writes rows of blocks (`encodeCopyRow`) by binary COPY in the client's transaction; they are made while the server
 * takes earlier ones in.
 */
export async function copyRows(
  client: pg.PoolClient,
  rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
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
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (!stream.write(bytes)) {
      await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), finished])
    }
  }
  try {
    await write(COPY_HEADER)
    for await (const bytes of rows) await write(bytes)
  } catch (cause) {
    stream.destroy(cause as Error)
    await finished.catch(() => {})
    throw cause
  }
  stream.end(COPY_TRAILER)
  await finished
}

/** Writes blocks by binary COPY in the client's transaction. */
export async function copyBlocks(client: pg.PoolClient, blocks: readonly SealedBlock[]): Promise<void> {
  await copyRows(client, [Buffer.concat(blocks.map(encodeCopyRow))])
}
