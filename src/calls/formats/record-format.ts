import type { E164 } from '../call-record.ts'
import type { NumberPlan } from '../numbers.ts'
import type { ReadFault, ReadItem, SourceRecord } from '../source-record.ts'
import type { FillBatches } from './fill.ts'

/** Every format that files come in; `--format` takes these names. */
export const FORMAT_NAMES = [
  'ts32298',
  'tap3',
  'nrtrde',
  'asterisk-csv',
  'freeswitch-csv',
  'freeswitch-json',
  'freeswitch-xml',
  'ndjson',
  'delimited',
] as const

export type FormatName = (typeof FORMAT_NAMES)[number]

/** What readers need to know of the operator. */
export interface FormatOptions {
  readonly plan: NumberPlan
  /** Epoch milliseconds: decides which starts lie in the future. */
  readonly now: number
  /** Local times that name no zone are so many minutes east of UTC. */
  readonly offsetMinutes: number
  /** The operator's own currency (ISO 4217): charges in another are what operators charge each other. */
  readonly currency: string
  /** Numbers of people that a source calls by another name: IMSI, extension, user. */
  readonly numbers: ReadonlyMap<string, E164>
  /** Whether records of serving nodes (SGSN, SGW) are filed: the gateway (GGSN, PGW) counts the same bytes. */
  readonly servingNodes: 'file' | 'pass-over'
}

/** A record, in plain words why there is none, or null for one that is nobody's call (a location update). */
export type Reading = SourceRecord | string | null

/** One format over one operator's options. */
export interface RecordFormat {
  /** Reads a file's bytes, a batch for each chunk. */
  read(bytes: AsyncIterable<Buffer>): AsyncIterable<ReadItem[]>
  /** Reads the same into batches of calls, where there is a quicker way to them than by records. */
  readonly fill?: FillBatches
  /** Reads the raw bytes of one faulty record again; `head` is its form's. */
  reread(raw: Buffer, head: string): Reading
}

/** Makes an item of a reading; null when there is nothing to make one of. */
export function itemOf(
  position: number,
  reading: Reading,
  raw: () => Uint8Array,
  form: ReadFault['form'],
): ReadItem | null {
  if (reading === null) return null
  if (typeof reading !== 'string') return { position, record: reading }
  return { position, fault: { reason: reading, raw: raw(), ...(form === undefined ? {} : { form }) } }
}
