import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commitWith } from '../ledger/commit.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Db } from '../platform/database.ts'
import type { Words } from '../platform/words.ts'
import { type Actor, isSystem } from '../staff/staff.ts'
import { wordsOf } from './query.ts'
import { upsertArticle } from './store.ts'

/** A page of help for staff: a tariff or a procedure, in both languages. */
export interface Article {
  /** `premium-numbers`: its file's name. */
  readonly slug: string
  readonly kind: 'tariff' | 'procedure'
  readonly title: Words
  /** Paragraphs parted by an empty line; no markup. */
  readonly body: Words
}

const FORM =
  /^---\n+kind: (tariff|procedure)\ntitle\.en: (.+)\ntitle\.my: (.+)\n---\n+# en\n([\s\S]+)\n# my\n([\s\S]+)$/

/**
 * Reads every `*.md` of a directory, by name.
 * @throws CodedError `article-malformed`, naming the file: kind, both titles and both bodies must be there.
 */
export function readArticles(directory: string): Article[] {
  return readdirSync(directory)
    .filter((name) => /^[a-z0-9-]{1,80}\.md$/.test(name))
    .sort()
    .map((name) => parseArticle(name.slice(0, -'.md'.length), readFileSync(join(directory, name), 'utf8')))
}

/** Reads one article. @throws CodedError `article-malformed` */
export function parseArticle(slug: string, text: string): Article {
  const parts = FORM.exec(text.replaceAll('\r\n', '\n'))
  const [, kind, en, my, bodyEn, bodyMy] = parts ?? []
  if (!kind || !en || !my || !bodyEn || !bodyMy)
    throw new CodedError(
      'article-malformed',
      `${slug}.md: wants a head with kind, title.en and title.my, then the parts "# en" and "# my"`,
    )
  return {
    slug,
    kind: kind as Article['kind'],
    title: { en: en.trim(), my: my.trim() },
    body: { en: bodyEn.trim(), my: bodyMy.trim() },
  }
}

/** Stores articles, new or changed, in one transaction with one entry that names them. */
export async function putArticles(
  { db, ledger, clock }: { db: Db; ledger: Ledger; clock: Clock },
  by: Actor,
  articles: readonly Article[],
): Promise<void> {
  if (articles.length === 0) return
  await commitWith(db, ledger, async (trx, append) => {
    for (const article of articles)
      await upsertArticle(trx, {
        ...article,
        updatedAt: clock.now(),
        words: {
          titleMy: wordsOf(article.title.my).join(' '),
          bodyMy: wordsOf(article.body.my).join(' '),
        },
      })
    await append({
      kind: 'articles-stored',
      header: { counts: { articles: articles.length } },
      body: {
        slugs: articles.map(({ slug }) => slug),
        by: isSystem(by) ? { system: by.system } : { staff: by.id, deskName: by.deskName },
      },
      actor: isSystem(by) ? null : by.id,
    })
  })
}
