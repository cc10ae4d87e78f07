import type { Words } from '../platform/words.ts'
import { fromZawgyi } from './zawgyi.ts'

/** What somebody typed, read once. */
export interface Query {
  /** Trimmed, spaces made single, Zawgyi converted, Unicode NFC. */
  readonly text: string
  /** Words in Latin letters and digits, lower case. */
  readonly latin: readonly string[]
  /** Words in Burmese script. */
  readonly burmese: readonly string[]
}

const MOST_WORDS = 12
const BURMESE = /[\u1000-\u109F\uAA60-\uAA7F\uA9E0-\uA9FF]/u
const segmenter = new Intl.Segmenter('my', { granularity: 'word' })

/** Reads what somebody typed; at most twelve words count. */
export function parseQuery(typed: string): Query {
  const text = fromZawgyi(typed).normalize('NFC').replaceAll(/\s+/gu, ' ').trim()
  const words = wordsOf(text).slice(0, MOST_WORDS)
  return {
    text,
    latin: words.filter((word) => !BURMESE.test(word)),
    burmese: words.filter((word) => BURMESE.test(word)),
  }
}

/**
 * Words of a text in any script, lower case. Burmese has no spaces between words: the dictionary of ICU cuts
 * it, the same way for what is stored and for what is asked.
 */
export function wordsOf(text: string): string[] {
  return [...segmenter.segment(text.normalize('NFC').toLowerCase())]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment)
}

/**
 * A `to_tsquery` text that wants every word, each as a beginning; null without words. Words are quoted, so
 * nothing typed is an operator.
 */
export function tsqueryOf(words: readonly string[]): string | null {
  if (words.length === 0) return null
  return words.map((word) => `'${word.replaceAll(/['\\]/g, ' ')}':*`).join(' & ')
}

const HONORIFICS = /^(?:u|daw|ma|ko|maung|mg|dr|saw|naw|sai|nang|ဦး|ဒေါ်|မောင်|ကို|မ|ဒေါက်တာ)[ \u1000-\u109F]/iu

/** Whether a query reads like somebody's name: it begins as names here do, with an honorific. */
export function readsLikeName(text: string): boolean {
  return HONORIFICS.test(text)
}

const EXCERPT_GRAPHEMES = 160
const graphemes = new Intl.Segmenter('my', { granularity: 'grapheme' })

/** The part of each text around the first word of the query, cut between letters as readers see them. */
export function excerptOf(body: Words, query: Query): Words {
  const words = [...query.latin, ...query.burmese]
  return { en: around(body.en, words), my: around(body.my, words) }
}

function around(text: string, words: readonly string[]): string {
  const plain = text.replaceAll(/\s+/gu, ' ').trim()
  const lower = plain.toLowerCase()
  const hits = words.map((word) => lower.indexOf(word)).filter((at) => at >= 0)
  const from = hits.length === 0 ? 0 : Math.min(...hits)
  const letters = [...graphemes.segment(plain)]
  const hit = letters.findIndex(({ index }) => index >= from)
  const start = Math.max(0, hit - 40)
  const cut = letters.slice(start, start + EXCERPT_GRAPHEMES)
  const end = start + cut.length
  const inner = cut.map(({ segment }) => segment).join('')
  return `${start > 0 ? '…' : ''}${inner.trim()}${end < letters.length ? '…' : ''}`
}
