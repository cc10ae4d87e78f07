import canonicalize from 'canonicalize'

const DEEPEST = 64

/**
 * The canonical JSON (RFC 8785) of a value; undefined when it has none. Most values are plain: for those it is enough
 * to put the keys in order and let the engine's own JSON write them, several times as fast as walking in JavaScript.
 * Whatever is not plain (see `plainly`) goes to the library, whose word is the law; a test compares both.
 * @throws Error for what JSON cannot say.
 */
export function canonicalJson(value: unknown): string | undefined {
  const plain = plainly(value, 0)
  const text = plain === NOT_PLAIN ? undefined : JSON.stringify(plain)
  // A lone surrogate comes out escaped; so may a text that speaks of one.
  return text === undefined || text.includes('\\ud') ? canonicalize(value) : text
}

/** Whether `value`, just parsed from `text`, has `text` for its canonical JSON. */
export function isCanonicalJson(text: string, value: unknown): boolean {
  const plain = plainly(value, 0)
  return plain === value && !text.includes('\\ud')
    ? JSON.stringify(value) === text
    : canonicalJson(value) === text
}

/**
 * Writes the canonical JSON of a value into `bytes` from `from` on, in UTF-8, and gives where it ends: what
 * `canonicalJson` says, without a text in between, in half the time. Null, with anything written, where it does not fit or
 * is no matter of course (an object that is not plain, a number that is not finite, a text with half a surrogate pair):
 * then `canonicalJson` decides.
 */
export function writeCanonicalJson(value: unknown, bytes: Uint8Array, from: number): number | null {
  const end = write(value, bytes, from, 0)
  return end === TOO_MUCH ? null : end
}

/** So that numbers alone go through the writing. */
const TOO_MUCH = -1
const ENCODER = new TextEncoder()
/** The most that stands around a value: a comma, quotes, a colon, a bracket. */
const AROUND = 8
const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c]

function write(value: unknown, bytes: Uint8Array, at: number, depth: number): number {
  switch (typeof value) {
    case 'string':
      return writeText(value, bytes, at)
    case 'number':
      // `String` writes numbers as ECMAScript's JSON does, which is what RFC 8785 wants.
      return Number.isFinite(value) ? writeWord(String(value), bytes, at) : TOO_MUCH
    case 'boolean':
      return writeWord(value ? 'true' : 'false', bytes, at)
    case 'object':
      if (value === null) return writeWord('null', bytes, at)
      if (depth > DEEPEST) return TOO_MUCH
      if (Array.isArray(value)) return writeArray(value, bytes, at, depth)
      return Object.getPrototypeOf(value) === Object.prototype
        ? writeObject(value as Record<string, unknown>, bytes, at, depth)
        : TOO_MUCH
    default:
      return TOO_MUCH
  }
}

function writeArray(value: readonly unknown[], bytes: Uint8Array, at: number, depth: number): number {
  let end = at
  bytes[end++] = 0x5b
  for (let i = 0; i < value.length; i += 1) {
    if (i > 0) bytes[end++] = COMMA
    end = write(value[i], bytes, end, depth + 1)
    if (end === TOO_MUCH || end + AROUND > bytes.length) return TOO_MUCH
  }
  bytes[end++] = 0x5d
  return end
}

function writeObject(
  value: Readonly<Record<string, unknown>>,
  bytes: Uint8Array,
  at: number,
  depth: number,
): number {
  const keys = Object.keys(value)
  if (keys.includes('toJSON')) return TOO_MUCH
  putInOrder(keys)
  let end = at
  bytes[end++] = 0x7b
  for (let i = 0; i < keys.length; i += 1) {
    if (i > 0) bytes[end++] = COMMA
    end = writeText(keys[i]!, bytes, end)
    if (end === TOO_MUCH) return TOO_MUCH
    bytes[end++] = COLON
    end = write(value[keys[i]!], bytes, end, depth + 1)
    if (end === TOO_MUCH || end + AROUND > bytes.length) return TOO_MUCH
  }
  bytes[end++] = 0x7d
  return end
}

function writeText(text: string, bytes: Uint8Array, at: number): number {
  if (at + 6 * text.length + AROUND > bytes.length) return TOO_MUCH
  bytes[at] = QUOTE
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH)
      return text.isWellFormed()
        ? at + ENCODER.encodeInto(JSON.stringify(text), bytes.subarray(at)).written
        : TOO_MUCH
    bytes[at + 1 + i] = unit
  }
  bytes[at + 1 + text.length] = QUOTE
  return at + text.length + 2
}

/** A word that needs no quotes: short, and of ASCII. */
function writeWord(word: string, bytes: Uint8Array, at: number): number {
  if (at + word.length + AROUND > bytes.length) return TOO_MUCH
  for (let i = 0; i < word.length; i += 1) bytes[at + i] = word.charCodeAt(i)
  return at + word.length
}

const NOT_PLAIN = Symbol('not plain')

/**
 * The value with its keys in order of UTF-16 code units: itself where they are, else a copy. `NOT_PLAIN` where the
 * engine would write something else than RFC 8785 wants, or would order the keys its own way.
 */
function plainly(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : NOT_PLAIN
    case 'object':
      if (value === null) return null
      if (depth > DEEPEST) return NOT_PLAIN
      if (Array.isArray(value)) return plainArray(value, depth)
      return Object.getPrototypeOf(value) === Object.prototype
        ? plainObject(value as Record<string, unknown>, depth)
        : NOT_PLAIN
    default:
      return NOT_PLAIN
  }
}

function plainArray(value: readonly unknown[], depth: number): unknown {
  let copy: unknown[] | null = null
  for (let i = 0; i < value.length; i += 1) {
    const element = plainly(value[i], depth + 1)
    if (element === NOT_PLAIN) return NOT_PLAIN
    if (element === value[i]) continue
    copy ??= [...value]
    copy[i] = element
  }
  return copy ?? value
}

function plainObject(value: Readonly<Record<string, unknown>>, depth: number): unknown {
  const keys = Object.keys(value)
  let inOrder = true
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i]!
    const first = key.charCodeAt(0)
    // Engines put whole numbers first; `__proto__` cannot be copied; `toJSON` would be called.
    if ((first >= 0x30 && first <= 0x39) || key === '__proto__' || key === 'toJSON') return NOT_PLAIN
    if (i > 0 && keys[i - 1]! > key) inOrder = false
  }
  let copy: Record<string, unknown> | null = null
  if (!inOrder) {
    copy = {}
    putInOrder(keys)
  }
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i]!
    const field = plainly(value[key], depth + 1)
    if (field === NOT_PLAIN) return NOT_PLAIN
    if (copy === null && field !== value[key]) {
      copy = {}
      for (let before = 0; before < i; before += 1) copy[keys[before]!] = value[keys[before]!]
    }
    if (copy !== null) copy[key] = field
  }
  return copy ?? value
}

/** By insertion: objects have few keys, and calling the engine's sort costs more than the sorting. */
function putInOrder(keys: string[]): void {
  if (keys.length > 32) {
    keys.sort()
    return
  }
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i]!
    let at = i
    for (; at > 0 && keys[at - 1]! > key; at -= 1) keys[at] = keys[at - 1]!
    keys[at] = key
  }
}
