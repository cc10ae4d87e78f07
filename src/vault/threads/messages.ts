import type { CallBatch } from '../../calls/call-batch.ts'
import type { SourceOptions } from '../../calls/formats/source.ts'
import type { SealSource, StripBatch } from '../seal-strips.ts'
import type { LookedFile, SmallPiece } from '../small-files.ts'

/** What a thread is given at its start: plain data, for nothing else crosses. */
export interface ThreadSettings {
  readonly source: SourceOptions
  /** Numbers that begin like this are ours. */
  readonly ownPrefixes: readonly string[]
  readonly referenceKey: Uint8Array
}

/** A file to be read, as `SourceFile` found it. Files of one run that one thread reads share dictionaries. */
export interface ReadTask {
  readonly run: number
  readonly path: string
  readonly size: number
  readonly digest: Uint8Array
  /** Rows in a batch at most. */
  readonly limit: number
  /** Epoch milliseconds: a thread outlives the run that it reads for, and `source` of its settings has no say in it. */
  readonly now: number
}

/** Small files to be read of those that a thread looked at. */
export interface ReadSmallTask {
  /** Their places in the look. */
  readonly wanted: readonly number[]
  readonly run: number
  /** Rows in a message, some. */
  readonly limit: number
  readonly now: number
}

/** To a thread. `task` names what an answer is to. */
export type ToThread =
  | { readonly kind: 'read'; readonly task: number; readonly read: ReadTask }
  /** Looks at small files and holds their bytes, until the next look. */
  | {
      readonly kind: 'look'
      readonly task: number
      readonly paths: readonly string[]
      readonly grown: readonly number[]
    }
  | { readonly kind: 'read-small'; readonly task: number; readonly read: ReadSmallTask }
  /** One more batch may come. */
  | { readonly kind: 'more'; readonly task: number }
  /** No more batches are wanted. */
  | { readonly kind: 'stop'; readonly task: number }
  /** What the following seals are of; the one before is forgotten. */
  | { readonly kind: 'source'; readonly source: SealSource | null }
  | { readonly kind: 'seal'; readonly task: number; readonly strips: StripBatch }

/** From a thread. */
export type FromThread =
  | { readonly kind: 'batch'; readonly task: number; readonly batch: CallBatch; readonly bytes: number }
  | { readonly kind: 'looked'; readonly task: number; readonly files: readonly LookedFile[] }
  | { readonly kind: 'pieces'; readonly task: number; readonly pieces: readonly SmallPiece[] }
  | { readonly kind: 'end'; readonly task: number }
  | { readonly kind: 'sealed'; readonly task: number; readonly rows: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: 'failed'
      readonly task: number
      readonly message: string
      /** Of a `CodedError`; null for any other. */
      readonly code: string | null
    }

/** So many batches may be on their way to whoever gathers. */
export const BATCHES_AHEAD = 6
