import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/**
 * Rows for a statement `COPY ... FROM STDIN (FORMAT binary)`, given to it as its only value. They are made as they are
 * sent, so the server takes some in while the next are made; for many rows that is a fraction of what `INSERT` costs.
 */
export class CopyRows {
  readonly rows: Iterable<Buffer>

  /** @param rows each as `encodeCopyFields` makes it. */
  constructor(rows: Iterable<Buffer>) {
    this.rows = rows
  }
}

/** Signature, no flags, no extension: the head of COPY's binary format. */
const HEAD = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const TAIL = Buffer.of(0xff, 0xff)
const PIECE_BYTES = 1 << 16

/** One row of COPY's binary format: a text as `text`, a number as `bigint`, bytes as `bytea`. */
export function encodeCopyFields(fields: readonly (string | number | Uint8Array | null)[]): Buffer {
  const sizes = fields.map((field) =>
    field === null
      ? 0
      : typeof field === 'number'
        ? 8
        : typeof field === 'string'
          ? Buffer.byteLength(field)
          : field.length,
  )
  const row = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 4 + size, 2))
  let at = row.writeInt16BE(fields.length, 0)
  fields.forEach((field, index) => {
    at = row.writeInt32BE(field === null ? -1 : sizes[index]!, at)
    if (typeof field === 'number') row.writeBigInt64BE(BigInt(field), at)
    else if (typeof field === 'string') row.write(field, at)
    else if (field !== null) row.set(field, at)
    at += sizes[index]!
  })
  return row
}

/** Sends rows to the server, in whatever transaction the client is in; a row that cannot be made ends the statement. */
export async function sendCopy(client: pg.ClientBase, text: string, { rows }: CopyRows): Promise<number> {
  const stream = client.query(copyFrom(text)) as ReturnType<typeof copyFrom> & { readonly rowCount: number }
  await pipeline(() => pieces(rows), stream)
  return stream.rowCount
}

/** Rows by the piece; between two of them whatever else waits has its turn. */
async function* pieces(rows: Iterable<Buffer>): AsyncGenerator<Buffer> {
  let piece: Buffer[] = [HEAD]
  let bytes = HEAD.length
  for (const row of rows) {
    piece.push(row)
    bytes += row.length
    if (bytes < PIECE_BYTES) continue
    yield Buffer.concat(piece)
    piece = []
    bytes = 0
    await setImmediate()
  }
  yield Buffer.concat([...piece, TAIL])
}
