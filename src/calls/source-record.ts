import type { Readable } from 'node:stream'
import type { Kind, OtherParty } from './call-record.ts'

/**
 * A call as a source tells it, before it is filed. `both`: the source writes one record a call, so it is filed
 * in both parties' logs, with charge and tariff in the caller's. `caller` and `called`: the source writes one
 * record a leg, so it is filed in the served party's log, and in the other's too when that one is not served
 * by us (no leg of theirs will come).
 */
export interface SourceRecord {
  readonly caller: OtherParty
  /** `{ kind: 'none' }` for data. */
  readonly called: OtherParty
  readonly kind: Kind
  readonly answered: boolean
  /** Epoch seconds, UTC. */
  readonly start: number
  readonly durationSeconds: number | null
  readonly bytes: number | null
  readonly callerCell: string | null
  readonly calledCell: string | null
  readonly chargeMilli: number | null
  readonly currency: string | null
  readonly tariff: string | null
  readonly reference: string | null
  readonly served: 'both' | 'caller' | 'called'
  /**
   * Tells apart the records into which a switch cut one call; they share their reference. Part and reference
   * together name a record.
   */
  readonly part?: string | null
  /** The caller hid its number: the called party's log says `withheld`, the caller's own names whom it called. */
  readonly callerHidden?: boolean
  /** The caller did not dial: a call to it was forwarded, and it pays for this leg. */
  readonly forwarded?: boolean
}

/**
 * One line (or binary record) of a source. `position` grows strictly within a file. A fault's `reason` is
 * plain words without any value of the line; `raw` is the line as it stood, to be kept sealed.
 */
export type ReadItem =
  | { readonly position: number; readonly record: SourceRecord }
  | { readonly position: number; readonly fault: ReadFault }

export interface ReadFault {
  readonly reason: string
  readonly raw: Uint8Array
  /** How `raw` can be read again by itself; absent when only the whole file can be. */
  readonly form?: RawForm
}

/** The format of a single record, and what stood at its file's head that reading it needs (a line of column names). */
export interface RawForm {
  readonly format: string
  readonly head: string
}

/** The form of a record that was read, and could not be filed: the record itself as JSON. */
export const RECORD_FORM: RawForm = { format: 'record', head: '' }

/** The records of one file in its own order; a line that cannot be read is an item, never an exception. */
export type RecordReader = AsyncIterable<ReadItem>

/** Reads one file's bytes. The stream ends where the file ended when it was opened. */
export type ReadRecords = (bytes: Readable) => RecordReader
