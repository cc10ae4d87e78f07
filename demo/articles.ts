import { readdirSync, readFileSync } from 'node:fs'
import { invariant } from '../src/platform/coded-error.ts'
import type { Words } from '../src/platform/words.ts'

/** A page of help for staff: a tariff or a procedure, in both languages. */
export interface Article {
  /** `premium-numbers`. */
  readonly slug: string
  readonly kind: 'tariff' | 'procedure'
  readonly title: Words
  /** Paragraphs parted by an empty line; no markup. */
  readonly body: Words
}

const FOLDER = new URL('./articles/', import.meta.url)

/** The demo operator's articles, `demo/articles/*.md`, by slug. */
export function readDemoArticles(): Article[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => parseArticle(name.slice(0, -3), readFileSync(new URL(name, FOLDER), 'utf8')))
}

/** The demo operator's code of conduct. */
export function readDemoConduct(): Words {
  return JSON.parse(readFileSync(new URL('./code-of-conduct.json', import.meta.url), 'utf8')) as Words
}

const FORM =
  /^---\nkind: (tariff|procedure)\ntitle\.en: (.+)\ntitle\.my: (.+)\n---\n# en\n([\s\S]+)\n# my\n([\s\S]+)$/

function parseArticle(slug: string, text: string): Article {
  const parts = FORM.exec(text)
  invariant(parts !== null, `the article ${slug} has kind, titles, and both languages`)
  const [, kind, en, my, bodyEn, bodyMy] = parts
  return {
    slug,
    kind: kind as Article['kind'],
    title: { en: en!, my: my! },
    body: { en: bodyEn!.trim(), my: bodyMy!.trim() },
  }
}
