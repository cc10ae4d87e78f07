/** Finds in a text what names a person: pure. It errs towards finding too much; dates and case numbers are none. */

/** A person as texts may name them. */
export interface Named {
  /** Digits of the whole number, without a plus; null where there is none. */
  readonly number: string | null
  readonly words: readonly string[]
}

const PHONE = /\+?[0-9](?:[ .\-()]{0,2}[0-9]){6,}/g
/** `2026-09-14`, and `2026-09-014` as cases are called. */
const DATED = /\b20[0-9]{2}-[0-9]{2}(?:-[0-9]{2,3})?\b/g
const BURMESE_ZERO = 0x1040

/** Whatever in a text could be a telephone number, with its digits as people wrote them. */
export function phonesIn(text: string): string[] {
  return latinDigits(text).replace(DATED, ' ').match(PHONE) ?? []
}

/** Whether a text names one of these people: by number, in any way of writing it, or by a whole name or word. */
export function namesAny(text: string, people: readonly Named[]): boolean {
  const plain = latinDigits(text).toLowerCase()
  const phones = phonesIn(text).map((phone) => phone.replace(/[^0-9]/g, ''))
  return people.some(
    ({ number, words }) =>
      words.some((word) => word.length > 1 && hasWord(plain, word.toLowerCase())) ||
      // 09 791 ... at home, +95 9 791 ... abroad: what follows the zero or the country is the same.
      (number !== null && phones.some((phone) => phone.endsWith(number.slice(2)))),
  )
}

/** The strings in a JSON value, keys left out. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}

/** `M-1` is not in `M-17`; Burmese has no spaces, so there a name may stand anywhere. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + word.length] ?? ' '}`
    if (!/[a-z0-9]/.test(around) || !/^[\x20-\x7e]+$/.test(word)) return true
  }
  return false
}

function latinDigits(text: string): string {
  return [...text]
    .map((char) => (char >= '\u1040' && char <= '\u1049' ? String(char.charCodeAt(0) - BURMESE_ZERO) : char))
    .join('')
}
