/** Element types we send, by their OID in PostgreSQL's catalogue. */
const OIDS = { bytea: 17, text: 25, uuid: 2950 } as const

/** Bytes before the first element, and before each one. */
const HEAD_BYTES = 20
const LENGTH_BYTES = 4

/**
 * A one-dimensional array in PostgreSQL's binary form (`array_send` in its source): dimensions, whether it has
 * nulls, element OID, length, lower bound, then each element after its length, -1 for null. `pg` sends a Buffer
 * as a binary parameter, so `$1::bytea[]` takes it as it is. Strings are written where they stand: a `text` in
 * UTF-8, a `uuid` from its 32 hex digits.
 */
export function encodeArray(
  type: keyof typeof OIDS,
  elements: readonly (Uint8Array | string | null)[],
): Buffer {
  let most = HEAD_BYTES
  for (const element of elements) most += LENGTH_BYTES + mostBytes(type, element)
  const array = Buffer.allocUnsafe(most)
  array.writeInt32BE(1, 0)
  array.writeInt32BE(elements.includes(null) ? 1 : 0, 4)
  array.writeUInt32BE(OIDS[type], 8)
  array.writeInt32BE(elements.length, 12)
  array.writeInt32BE(1, 16)
  let at = HEAD_BYTES
  for (const element of elements) {
    const begin = at + LENGTH_BYTES
    let length = -1
    if (typeof element === 'string') length = array.write(element, begin, type === 'uuid' ? 'hex' : 'utf8')
    else if (element !== null) {
      array.set(element, begin)
      length = element.length
    }
    array.writeInt32BE(length, at)
    at = begin + Math.max(0, length)
  }
  return array.subarray(0, at)
}

/** UTF-8 takes at most three bytes for a unit of UTF-16. */
function mostBytes(type: keyof typeof OIDS, element: Uint8Array | string | null): number {
  if (element === null) return 0
  if (typeof element !== 'string') return element.length
  return type === 'uuid' ? element.length / 2 : 3 * element.length
}
