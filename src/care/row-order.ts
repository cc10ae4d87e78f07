/** The order in which a look shows its rows, as bytes: 8 of name, 2 of party, 4 of start, a row. */

export interface OrderedRow {
  /** Record name, 16 hex digits. */
  readonly name: string
  /** Which of the look's parties; null where there is none to tell apart. */
  readonly party: number | null
  /** Seconds since 1970, UTC. */
  readonly start: number
}

const ROW = 14
const NAME_HEX = 16
const NO_PARTY = 0xffff

/** Encodes an order of at most a month's rows; a party is below 65,535. */
export function encodeOrder(rows: readonly OrderedRow[]): Buffer {
  const bytes = Buffer.alloc(rows.length * ROW)
  for (const [i, row] of rows.entries()) {
    bytes.write(row.name, i * ROW, 8, 'hex')
    bytes.writeUInt16BE(row.party ?? NO_PARTY, i * ROW + 8)
    bytes.writeUInt32BE(row.start, i * ROW + 10)
  }
  return bytes
}

/** The rows of an order from `from` to before `until`. */
export function decodeOrder(bytes: Buffer, from: number, until: number): OrderedRow[] {
  // All names in one call: one for each row would cost more than all else here.
  const hex = bytes.toString('hex', from * ROW, Math.max(from, until) * ROW)
  return Array.from({ length: Math.max(0, until - from) }, (_, i) => {
    const at = (from + i) * ROW
    const party = bytes.readUInt16BE(at + 8)
    return {
      name: hex.slice(2 * ROW * i, 2 * ROW * i + NAME_HEX),
      party: party === NO_PARTY ? null : party,
      start: bytes.readUInt32BE(at + 10),
    }
  })
}
