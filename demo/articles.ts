import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Article, readArticles } from '../src/find/articles.ts'
import type { Words } from '../src/platform/words.ts'

/** The demo operator's articles, `demo/articles/*.md`, by slug. */
export function readDemoArticles(): Article[] {
  return readArticles(fileURLToPath(new URL('./articles/', import.meta.url)))
}

/** The demo operator's code of conduct. */
export function readDemoConduct(): Words {
  return JSON.parse(readFileSync(new URL('./code-of-conduct.json', import.meta.url), 'utf8')) as Words
}
