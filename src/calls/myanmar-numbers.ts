const BURMESE_ZERO = 0x1040
const INVISIBLE_OR_SEPARATOR = /[\s\u200b-\u200f\u2060\ufeff().\-\u2010-\u2015/]/g

/**
 * Brings a typed number into plain form: Burmese digits become 0 to 9, and spaces, dashes, dots, brackets,
 * slashes and invisible joiners go. Anything else stays, so that letters still make a number unreadable.
 */
export function plainDigits(text: string): string {
  return text
    .replace(/[\u1040-\u1049]/g, (digit) => String(digit.charCodeAt(0) - BURMESE_ZERO))
    .replace(INVISIBLE_OR_SEPARATOR, '')
}

/**
 * The international form (`+95...`) that a number as dialled or exported in Myanmar means, or null when it has no
 * such meaning. `0095` and `00...` are international, a leading 0 is the trunk prefix, a bare `95...` of nine
 * digits or more is the calling code (shorter ones are old eight-digit mobiles such as 9 501 2345), a bare `9...`
 * of eight to ten digits is a mobile without its 0. (Rules: domain reference 1.3.)
 */
export function myanmarInternational(plain: string): string | null {
  if (/^\+[1-9][0-9]{6,14}$/.test(plain)) return plain
  if (!/^[0-9]{5,17}$/.test(plain)) return null
  if (plain.startsWith('00')) return myanmarInternational(`+${plain.slice(2)}`)
  if (plain.startsWith('0')) return `+95${plain.slice(1)}`
  if (/^95[1-9]/.test(plain) && plain.length >= 9) return `+${plain}`
  if (plain.startsWith('9') && plain.length >= 8 && plain.length <= 10) return `+95${plain}`
  return null
}
