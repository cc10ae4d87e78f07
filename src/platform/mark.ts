import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * A mark on a row that lets somebody in: HMAC-SHA-256 of what the row says, under a key that the database does not hold.
 * Whoever can write the database can copy a row or change it, and cannot make the mark that would fit.
 */
export function markOf(key: Buffer, says: readonly (string | number | null)[]): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(says)).digest()
}

/** Tells whether a mark fits what the row says; null, in a row that none of our doors wrote, never does. */
export function isMarked(
  key: Buffer,
  says: readonly (string | number | null)[],
  mark: Buffer | null,
): boolean {
  const right = markOf(key, says)
  return mark?.length === right.length && timingSafeEqual(mark, right)
}
