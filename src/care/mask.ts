import { createHmac } from 'node:crypto'

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

/** S: the two of A that this row shows in this look. `row` is the record's name. */
export function positionsOfRow(
  keys: MaskKeys,
  look: { agent: string; grant: string },
  number: string,
  row: string,
): readonly number[] {
  const agent = positionsOfAgent(keys, look.agent, number)
  const picked = TWO_OF_THREE[
    draw(keys.row, ['S', look.grant, row], TWO_OF_THREE.length)
  ] as readonly number[]
  return picked.map((i) => agent[i] as number)
}

/**
 * A number as a row of a look shows it: `••4••8•`. Numbers with fewer than seven digits have none to spare and
 * give null.
 */
export function maskNumber(
  keys: MaskKeys,
  look: { agent: string; grant: string },
  number: string,
  row: string,
): string | null {
  const digits = number.replace(/\D/g, '')
  if (digits.length < LAST) return null
  const shown = positionsOfRow(keys, look, number, row)
  return Array.from(digits.slice(-LAST), (digit, i) => (shown.includes(i) ? digit : BULLET)).join('')
}

/** The two flags of a row: a bit each. */
export function rowFlags(keys: MaskKeys, grant: string, row: string): RowFlags {
  const byte = prf(keys.flags, ['F', grant, row], 0)[0] as number
  return { secondsShown: (byte & 1) === 1, durationExact: (byte & 2) === 2 }
}

/** `A` ... `Z`, `AA` ...: the letter of the `index`-th party that a look came upon. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last
}

/**
 * A number below `count` (at most 256), uniform: bytes at or above the largest multiple of `count` are thrown
 * away, because taking them modulo `count` would favour the small results.
 */
function draw(key: Uint8Array, what: readonly string[], count: number): number {
  const limit = 256 - (256 % count)
  for (let block = 0; ; block++) {
    const byte = prf(key, what, block).find((b) => b < limit)
    if (byte !== undefined) return byte % count
  }
}

/** HMAC-SHA256 over the parts, each with its length, so that no two lists of parts read alike. */
function prf(key: Uint8Array, parts: readonly string[], block: number): Buffer {
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('')
  return createHmac('sha256', key).update(`${text}${block}`).digest()
}
