/** Where the time comes from: an argument everywhere, so that a test can say what time it is. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() }

/** Where random bytes come from; `size` in bytes. */
export type RandomBytes = (size: number) => Uint8Array
