/** Where the time comes from: an argument everywhere, so that a test can say what time it is. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() }

/** Where random bytes come from; `size` in bytes. */
export type RandomBytes = (size: number) => Uint8Array

const DRAWN_AHEAD_BYTES = 4_096

/** Draws randomness for many uses at once: asking the system costs more than the bytes. Each byte is given once. */
export function drawAhead(random: RandomBytes): RandomBytes {
  let drawn: Uint8Array = new Uint8Array(0)
  return (size) => {
    if (size > drawn.length) drawn = random(Math.max(size, DRAWN_AHEAD_BYTES))
    const bytes = drawn.subarray(0, size)
    drawn = drawn.subarray(size)
    return bytes
  }
}
