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
const BLOCK = 16
const LOOKS_KEPT = 500

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
  return drawEver(cipherOf(keys.number), number)
}

/** A: the three of V that this person may ever see. */
export function positionsOfAgent(keys: MaskKeys, agent: string, number: string): readonly number[] {
  return drawOfAgent(positionsEver(keys, number), cipherOf(prf(keys.agent, [agent])), number)
}

function drawEver(cipher: BlockCipher, number: string): readonly number[] {
  return FOUR_OF_SEVEN[below(cipher, number, FOUR_OF_SEVEN.length)] as readonly number[]
}

function drawOfAgent(ever: readonly number[], cipher: BlockCipher, number: string): readonly number[] {
  const picked = THREE_OF_FOUR[below(cipher, number, THREE_OF_FOUR.length)] as readonly number[]
  return picked.map((i) => ever[i] as number)
}

/** What one row of one look shows. */
export interface RowMask {
  readonly flags: RowFlags
  /** `••4••8•`: a number as this row shows it; null for one with fewer than seven digits, which has none to spare. */
  maskNumber(number: string): string | null
}

/** The masks of these rows, in their order. */
export type LookMasks = (rows: readonly string[]) => RowMask[]

/**
 * The masks of the rows of one look, each row by its record name; those of a page are drawn together. Every draw
 * is AES-256 of one block, as the pseudo-random function, under a key of its own: V's key, and keys derived for the
 * person (A) and for the grant (S and flags). An HMAC for each draw would cost more than opening the page.
 */
export function masksOf(keys: MaskKeys, look: { readonly agent: string; readonly grant: string }): LookMasks {
  const ofNumber = cipherOf(keys.number)
  const ofAgent = cipherOf(prf(keys.agent, [look.agent]))
  const ofRow = cipherOf(prf(keys.row, [look.grant]))
  const ofFlags = cipherOf(prf(keys.flags, [look.grant]))
  const known = new Map<string, MaskedNumber | null>()
  const masked = (number: string): MaskedNumber | null => {
    const before = known.get(number)
    if (before !== undefined) return before
    const digits = number.replace(/\D/g, '').slice(-LAST)
    const found =
      digits.length < LAST
        ? null
        : { digits, positions: drawOfAgent(drawEver(ofNumber, number), ofAgent, number) }
    known.set(number, found)
    return found
  }
  const rowMask = (row: string, flags: number, draw: Uint8Array): RowMask => ({
    flags: { secondsShown: (flags & 1) === 1, durationExact: (flags & 2) === 2 },
    maskNumber(number) {
      const of = masked(number)
      if (of === null) return null
      const picked = TWO_OF_THREE[below(ofRow, row, TWO_OF_THREE.length, draw)] as readonly number[]
      return maskDigits(
        of.digits,
        picked.map((n) => of.positions[n] as number),
      )
    },
  })
  return (rows) => {
    const blocks = blocksOf(rows, 0)
    const flags = ofFlags(blocks)
    const draws = ofRow(blocks)
    return rows.map((row, i) =>
      rowMask(row, flags[i * BLOCK] as number, draws.subarray(i * BLOCK, (i + 1) * BLOCK)),
    )
  }
}

/** As `masksOf`, keeping the masks of looks under way: the pages of a look name the same parties again. */
export function keepMasks(
  keys: MaskKeys,
): (look: { readonly agent: string; readonly grant: string }) => LookMasks {
  const kept = new Map<string, LookMasks>()
  return (look) => {
    const key = `${look.grant} ${look.agent}`
    const masks = kept.get(key) ?? masksOf(keys, look)
    if (kept.size >= LOOKS_KEPT) kept.clear()
    kept.set(key, masks)
    return masks
  }
}

/** The last digits of a number, and A. */
interface MaskedNumber {
  readonly digits: string
  readonly positions: readonly number[]
}

function maskDigits(digits: string, shown: readonly number[]): string {
  let masked = ''
  for (let i = 0; i < LAST; i++) masked += shown.includes(i) ? digits[i] : BULLET
  return masked
}

/** `A` ... `Z`, `AA` ...: the letter of the `index`-th party that a look came upon. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last
}

/** One pseudo-random block for each block of `blocksOf`, one after the other. */
type BlockCipher = (blocks: Uint8Array) => Uint8Array

/**
 * AES-256 on single blocks. In ECB mode without padding a block's ciphertext depends on nothing before it, so one
 * cipher serves all draws; nothing longer than a block is ever encrypted with it.
 */
function cipherOf(key: Uint8Array): BlockCipher {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  return (blocks) => cipher.update(blocks)
}

/** A block for each thing that is drawn for; each `round` gives others. */
function blocksOf(whats: readonly string[], round: number): Uint8Array {
  const blocks = Buffer.alloc(BLOCK * whats.length)
  whats.forEach((what, i) => {
    putBlock(blocks, i * BLOCK, what, round)
  })
  return blocks
}

/** An E.164 number or a record's name is a block already; anything longer, and every further round, is hashed to one. */
function putBlock(blocks: Buffer, at: number, what: string, round: number): void {
  if (round === 0 && /^[+0-9a-f]{1,16}$/.test(what)) blocks.write(what, at, 'latin1')
  else createHash('sha256').update(`${round}:${what}`).digest().copy(blocks, at, 0, BLOCK)
}

/**
 * Uniform below `count` by rejection sampling: bytes at or above the largest multiple of `count` are thrown away,
 * because taking them modulo `count` would favour the small results. `first` is the first round's block, where it is
 * known already.
 */
function below(
  cipher: BlockCipher,
  what: string,
  count: number,
  first = cipher(blocksOf([what], 0)),
): number {
  const limit = 256 - (256 % count)
  for (let round = 0, bytes = first; ; bytes = cipher(blocksOf([what], ++round))) {
    for (const byte of bytes) if (byte < limit) return byte % count
  }
}

/** A key for one person or one look: HMAC-SHA256 over the parts, each with its length, so that no two lists read alike. */
function prf(key: Uint8Array, parts: readonly string[]): Buffer {
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('')
  return createHmac('sha256', key).update(text).digest()
}
