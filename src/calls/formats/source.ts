import { CodedError } from '../../platform/coded-error.ts'
import { lastPosition } from '../call-batch.ts'
import type { ReadItem } from '../source-record.ts'
import { createAsteriskFormat } from './asterisk.ts'
import { createChargingFormat } from './charging-file.ts'
import type { ColumnMap } from './column-map.ts'
import { compressionOf, decompress } from './compressed.ts'
import { createDelimitedFormat, type ReadBatches } from './delimited.ts'
import { detectFormat } from './detect.ts'
import { type FillBatches, fillFrom } from './fill.ts'
import {
  createFreeswitchCsvFormat,
  createFreeswitchJsonFormat,
  createFreeswitchXmlFormat,
} from './freeswitch.ts'
import { createNrtrdeFormat } from './nrtrde.ts'
import type { FormatName, FormatOptions, RecordFormat } from './record-format.ts'
import { createTapFormat } from './tap.ts'

/** How files are to be read. */
export interface SourceOptions extends FormatOptions {
  /** Null: by content, and where content does not tell and there is a map, by the map. */
  readonly format: FormatName | null
  readonly map: ColumnMap | null
}

export type SourceCode = 'format-unknown' | 'format-needs-map'

const HEAD_BYTES = 64 * 1024
const ROWS: ReadonlySet<FormatName> = new Set(['asterisk-csv', 'freeswitch-csv'])

/**
 * Reads a file of any format, compressed (gzip, zstd) or not, in batches.
 * @throws CodedError `format-unknown` before the first record when content does not tell, `format-needs-map` for
 * delimited text without a map, `source-bomb`, and what the format throws for a whole file.
 */
export function readSource(options: SourceOptions): ReadBatches {
  return async function* read(bytes) {
    const { head, stream, damage } = await openSource(bytes)
    let latest = -1
    for await (const items of (await formatOf(head, options)).read(stream)) {
      latest = items.at(-1)?.position ?? latest
      if (items.length > 0) yield items
    }
    const damaged = damage(latest)
    if (damaged !== null) yield [damaged]
  }
}

/** As {@link readSource}, into batches of calls. */
export function fillSource(options: SourceOptions): FillBatches {
  return async function* fill(bytes, maker) {
    const { head, stream, damage } = await openSource(bytes)
    const format = await formatOf(head, options)
    let latest = -1
    for await (const batch of (format.fill ?? fillFrom(format.read))(stream, maker)) {
      latest = Math.max(latest, lastPosition(batch))
      yield batch
    }
    const damaged = damage(latest)
    if (damaged === null) return
    maker.add(damaged)
    yield maker.take()
  }
}

/** The bytes as they were before they were compressed; `damage` gives the item behind `latest` where they end too early. */
async function openSource(bytes: AsyncIterable<Buffer>): Promise<{
  head: Buffer
  stream: AsyncIterable<Buffer>
  damage(latest: number): ReadItem | null
}> {
  const raw = await takeHead(bytes)
  const kind = compressionOf(raw.head)
  let [damaged, size] = [false, 0]
  const onDamage = (): void => {
    damaged = true
  }
  const opened = kind === null ? raw : await takeHead(decompress(raw.stream, kind, onDamage))
  return {
    head: opened.head,
    stream: count(opened.stream, (length) => {
      size += length
    }),
    damage: (latest) => (damaged ? damageAt(Math.max(size, latest + 1)) : null),
  }
}

/** How each format's reader is made; that of NDJSON is apart, see `formatOf`. */
export const FORMAT_MAKERS: Record<
  Exclude<FormatName, 'ndjson'>,
  (options: SourceOptions) => RecordFormat
> = {
  ts32298: createChargingFormat,
  tap3: createTapFormat,
  nrtrde: createNrtrdeFormat,
  'asterisk-csv': createAsteriskFormat,
  'freeswitch-csv': createFreeswitchCsvFormat,
  'freeswitch-json': createFreeswitchJsonFormat,
  'freeswitch-xml': createFreeswitchXmlFormat,
  delimited(options) {
    if (options.map !== null) return createDelimitedFormat(options.map, options)
    throw new CodedError<SourceCode>('format-needs-map', 'delimited text needs a column map (docs/ingest.md)')
  },
}

/**
 * Lines of NDJSON are checked by a schema, whose library is four fifths of all that a thread would load: it comes with the
 * first file that needs it.
 */
async function formatOf(head: Buffer, options: SourceOptions): Promise<RecordFormat> {
  const name = formatNameOf(head, options)
  if (name !== 'ndjson') return FORMAT_MAKERS[name](options)
  return (await import('./intake-line.ts')).createLinesFormat(options)
}

function formatNameOf(head: Buffer, options: SourceOptions): FormatName {
  if (options.format !== null) return options.format
  const found = head.length === 0 ? 'ts32298' : detectFormat(head)
  // Who gives a map for lines with commas means it, also where the columns look familiar.
  if (options.map !== null && (found === null || ROWS.has(found))) return 'delimited'
  if (found !== null) return found
  throw new CodedError<SourceCode>(
    'format-unknown',
    'the content is of no format that is known: name it with --format, or give a column map for delimited text',
  )
}

/** The first bytes of a stream, and a stream that still has them. */
async function takeHead(
  bytes: AsyncIterable<Buffer>,
): Promise<{ head: Buffer; stream: AsyncIterable<Buffer> }> {
  const chunks = bytes[Symbol.asyncIterator]()
  const first: Buffer[] = []
  let length = 0
  while (length < HEAD_BYTES) {
    const next = await chunks.next()
    if (next.done === true) break
    first.push(next.value)
    length += next.value.length
  }
  async function* whole(): AsyncGenerator<Buffer> {
    try {
      yield* first
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value
    } finally {
      await chunks.return?.()
    }
  }
  return { head: Buffer.concat(first), stream: whole() }
}

async function* count(bytes: AsyncIterable<Buffer>, on: (length: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    on(chunk.length)
    yield chunk
  }
}

function damageAt(position: number): ReadItem {
  return {
    position,
    fault: { reason: 'the compressed file is damaged or cut off here', raw: new Uint8Array(0) },
  }
}
