import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

/** A row of `find.article`, as it is read. */
export interface ArticleRow {
  slug: string
  kind: 'tariff' | 'procedure'
  title_en: string
  title_my: string
  body_en: string
  body_my: string
  updated_at: number
}

type FindTables = { 'find.article': ArticleRow }

const on = (db: Db | Trx) => db.withTables<FindTables>()
const COLUMNS = ['slug', 'kind', 'title_en', 'title_my', 'body_en', 'body_my', 'updated_at'] as const

/** Stores an article; `words` are its Burmese texts cut into words. */
export async function upsertArticle(
  trx: Trx,
  article: {
    slug: string
    kind: 'tariff' | 'procedure'
    title: { en: string; my: string }
    body: { en: string; my: string }
    updatedAt: number
    words: { titleMy: string; bodyMy: string }
  },
): Promise<void> {
  const { slug, kind, title, body, updatedAt, words } = article
  await sql`
    INSERT INTO find.article (slug, kind, title_en, title_my, body_en, body_my, updated_at, words_en, words_my)
    VALUES (${slug}, ${kind}, ${title.en}, ${title.my}, ${body.en}, ${body.my}, ${updatedAt},
      setweight(to_tsvector('english', ${title.en}::text), 'A') || to_tsvector('english', ${body.en}::text),
      setweight(to_tsvector('simple', ${words.titleMy}::text), 'A')
        || to_tsvector('simple', ${words.bodyMy}::text))
    ON CONFLICT (slug) DO UPDATE SET kind = excluded.kind, title_en = excluded.title_en,
      title_my = excluded.title_my, body_en = excluded.body_en, body_my = excluded.body_my,
      updated_at = excluded.updated_at, words_en = excluded.words_en, words_my = excluded.words_my`.execute(
    trx,
  )
}

/**
 * Articles that have every word, the best first. Burmese is also looked for as it was typed: a word cut
 * differently in two contexts would otherwise be missed, and there are hundreds of articles, not millions.
 */
export async function searchArticles(
  db: Db,
  query: { english: string | null; burmese: string | null; text: string; limit: number },
): Promise<ArticleRow[]> {
  const typed = query.burmese === null ? null : `%${query.text.replaceAll(/[\\%_]/g, '\\$&')}%`
  const found = await sql<ArticleRow>`
    SELECT slug, kind, title_en, title_my, body_en, body_my, updated_at FROM find.article,
      LATERAL (SELECT to_tsquery('english', ${query.english}::text) AS english,
        to_tsquery('simple', ${query.burmese}::text) AS burmese) AS q
    WHERE (words_en @@ q.english OR words_my @@ to_tsquery('simple', ${query.english}::text)
        OR ${query.english}::text IS NULL)
      AND (words_my @@ q.burmese OR title_my LIKE ${typed} OR body_my LIKE ${typed}
        OR ${query.burmese}::text IS NULL)
    ORDER BY coalesce(ts_rank(words_en, q.english), 0) + coalesce(ts_rank(words_my, q.burmese), 0) DESC,
      (title_my LIKE ${typed}) DESC NULLS LAST, slug
    LIMIT ${query.limit}`.execute(db)
  return found.rows
}

/** All articles, by kind and English title. */
export async function listArticles(db: Db): Promise<ArticleRow[]> {
  return on(db)
    .selectFrom('find.article')
    .select(COLUMNS)
    .orderBy('kind')
    .orderBy('title_en')
    .limit(1_000)
    .execute()
}

/** One article, or null. */
export async function readArticle(db: Db, slug: string): Promise<ArticleRow | null> {
  const found = await on(db).selectFrom('find.article').select(COLUMNS).where('slug', '=', slug).execute()
  return found[0] ?? null
}
