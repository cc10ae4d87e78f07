/**
 * Calls as rows of plain memory: whole numbers and behind them doubles, 64 bytes together. That is one cache line, for
 * calls are read in the order of logs, which is no order of memory. Parties, classes and cells are ids of dictionaries.
 */
export const ROW_BYTES = 64
/** A row in an `Int32Array`; what is said of the called party stands right behind what is said of the caller. */
export const INTS = 16
export const INT = {
  caller: 0,
  called: 1,
  flags: 2,
  /** Epoch seconds, unsigned: to the year 2106. */
  start: 3,
  callerClass: 4,
  calledClass: 5,
  duration: 6,
  callerCell: 7,
  calledCell: 8,
  file: 9,
} as const
/** The same row in a `Float64Array`; null is NaN. */
export const FLOATS = 8
export const FLOAT = { bytes: 5, charge: 6, position: 7 } as const

/** The flags of a row. */
export const FILED_CALLER = 1
export const FILED_CALLED = 2
export const CHARGED_CALLED = 4
export const HIDDEN_CALLER = 8
/** The row beside it in the references says which. */
export const REFERENCED = 16

/** Stands for a duration that is not known. */
export const NO_DURATION = -1

/** What is kept of a switch's reference: an HMAC in four words, and 32 bits that stay in the block. */
export const REFERENCE_INTS = 5
export const REFERENCE_BYTES = 20

/** The same memory, as both kinds of numbers. */
export interface CallRows {
  readonly ints: Int32Array
  readonly floats: Float64Array
}

/** Rows over `memory`. */
export function rowsOver(memory: ArrayBufferLike): CallRows {
  return { ints: new Int32Array(memory), floats: new Float64Array(memory) }
}
