import { createCipheriv, createHash, createHmac } from 'node:crypto'

/**
 * Masks that never lie ("2 of 3 of 4 of 7", `docs/care.md`). Of a number's last seven digits
 *
 * - V: four positions, by the number alone, for ever: whatever is compared with whatever, the other three are
 *   never seen by anybody, so at least 1,000 numbers fit;
 * - A: three of V, by person and number: the most that one person sees over all their looks;
 * - S: two of A, by grant and row: what this row shows, and the fingerprint of the look.
 *
 * V and A are keyed by the number and never by the row: keyed by row, a number called ten times would show 6.8 of
 * its 7 digits in one look.
 */
export interface MaskKeys {
  /** 32 bytes each, of purposes of their own. */
  readonly number: Uint8Array
  readonly agent: Uint8Array
  readonly row: Uint8Array
  readonly flags: Uint8Array
}

/** What one row of one look shows. */
export interface RowFlags {
  /** Seconds of the start are shown. */
  readonly secondsShown: boolean
  /** The duration is exact; else as billed. */
  readonly durationExact: boolean
}

const LAST = 7
const BULLET = '•'

/** The subsets of `size` out of `items`, in lexicographic order. */
function subsets(items: readonly number[], size: number): readonly (readonly number[])[] {
  if (size === 0) return [[]]
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]))
}
const FOUR_OF_SEVEN = subsets([0, 1, 2, 3, 4, 5, 6], 4)
const THREE_OF_FOUR = subsets([0, 1, 2, 3], 3)
const TWO_OF_THREE = subsets([0, 1, 2], 2)

/** V: the positions (0 to 6 of the last seven digits) of this number that anybody may ever see. */
export function positionsEver(keys: MaskKeys, number: string): readonly number[] {
  return FOUR_OF_SEVEN[draw(keys.number, ['V', number], FOUR_OF_SEVEN.length)] as readonly number[]
}

/** A: the three of V that this person may ever see. */
export function positionsOfAgent(keys: MaskKeys, agent: string, number: string): readonly number[] {
  const ever = positionsEver(keys, number)
  const picked = THREE_OF_FOUR[
    draw(keys.agent, ['A', agent, number], THREE_OF_FOUR.length)
  ] as readonly number[]
  return picked.map((i) => ever[i] as number)
}

/** What one row of one look shows. */
export interface RowMask {
  readonly flags: RowFlags
  /** `••4••8•`: a number as this row shows it; null for one with fewer than seven digits, which has none to spare. */
  maskNumber(number: string): string | null
}

/**
 * The masks of some rows of one look, each row by its record name. S and the flags are drawn with AES as the
 * pseudo-random function, under keys derived for the grant: all rows of a page in one call each, where an HMAC a
 * row would cost more than opening the page.
 */
export function masksOf(
  keys: MaskKeys,
  look: { readonly agent: string; readonly grant: string },
  rows: readonly string[],
): ReadonlyMap<string, RowMask> {
  const agentPositions = new Map<string, readonly number[]>()
  const positions = (number: string) => {
    const known = agentPositions.get(number) ?? positionsOfAgent(keys, look.agent, number)
    agentPositions.set(number, known)
    return known
  }
  const pickedBlocks = blocksOf(keys.row, look.grant, rows)
  const flagBlocks = blocksOf(keys.flags, look.grant, rows)
  return new Map(
    rows.map((row, i) => {
      const picked = TWO_OF_THREE[below(pickedBlocks[i] as Buffer, 3)] as readonly number[]
      const flags = flagBlocks[i]?.[0] as number
      const mask: RowMask = {
        flags: { secondsShown: (flags & 1) === 1, durationExact: (flags & 2) === 2 },
        maskNumber: (number) => maskDigits(number, (last) => picked.map((n) => positions(last)[n] as number)),
      }
      return [row, mask]
    }),
  )
}

function maskDigits(number: string, shownOf: (number: string) => readonly number[]): string | null {
  const digits = number.replace(/\D/g, '')
  if (digits.length < LAST) return null
  const shown = shownOf(number)
  return Array.from(digits.slice(-LAST), (digit, i) => (shown.includes(i) ? digit : BULLET)).join('')
}

/** `A` ... `Z`, `AA` ...: the letter of the `index`-th party that a look came upon. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last
}

/** Uniform below `count`, from HMAC-SHA256 of what is drawn for. */
function draw(key: Uint8Array, what: readonly string[], count: number): number {
  for (let block = 0; ; block++) {
    const drawn = firstBelow(prf(key, what, block), count)
    if (drawn !== null) return drawn
  }
}

/** Uniform below `count`, from one block; that all sixteen bytes are thrown away has a chance below 2^-100. */
function below(block: Buffer, count: number): number {
  return firstBelow(block, count) ?? 0
}

/**
 * Rejection sampling: bytes at or above the largest multiple of `count` are thrown away, because taking them
 * modulo `count` would favour the small results.
 */
function firstBelow(bytes: Uint8Array, count: number): number | null {
  const limit = 256 - (256 % count)
  const byte = bytes.find((b) => b < limit)
  return byte === undefined ? null : byte % count
}

/** AES-256 of each row's name under a key of the grant: one independent-looking block a row, and the same ever after. */
function blocksOf(key: Uint8Array, grant: string, rows: readonly string[]): Buffer[] {
  const cipher = createCipheriv('aes-256-ecb', prf(key, [grant], 0), null).setAutoPadding(false)
  const names = Buffer.concat(rows.map((row) => blockOfName(row)))
  const out = cipher.update(names)
  return rows.map((_, i) => out.subarray(i * 16, i * 16 + 16))
}

/** A record's name as one AES block: its 16 characters are that already; anything else is hashed to it. */
function blockOfName(row: string): Buffer {
  const bytes = Buffer.from(row)
  return bytes.length === 16 ? bytes : createHash('sha256').update(bytes).digest().subarray(0, 16)
}

/** HMAC-SHA256 over the parts, each with its length, so that no two lists of parts read alike. */
function prf(key: Uint8Array, parts: readonly string[], block: number): Buffer {
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('')
  return createHmac('sha256', key).update(`${text}${block}`).digest()
}
