/** Element types we send, by their OID in PostgreSQL's catalogue. */
const OIDS = { bytea: 17, text: 25, uuid: 2950 } as const

/**
 * A one-dimensional array in PostgreSQL's binary form (`array_send` in its source): dimensions, whether it has
 * nulls, element OID, length, lower bound, then each element after its length, -1 for null. `pg` sends a Buffer
 * as a binary parameter, so `$1::bytea[]` takes it as it is.
 */
export function encodeArray(type: keyof typeof OIDS, elements: readonly (Uint8Array | null)[]): Buffer {
  const size = elements.reduce((sum, element) => sum + 4 + (element?.length ?? 0), 20)
  const array = Buffer.allocUnsafe(size)
  array.writeInt32BE(1, 0)
  array.writeInt32BE(elements.includes(null) ? 1 : 0, 4)
  array.writeUInt32BE(OIDS[type], 8)
  array.writeInt32BE(elements.length, 12)
  array.writeInt32BE(1, 16)
  let at = 20
  for (const element of elements) {
    at = array.writeInt32BE(element === null ? -1 : element.length, at)
    if (element === null) continue
    array.set(element, at)
    at += element.length
  }
  return array
}
