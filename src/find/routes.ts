import Type from 'typebox'
import type { Db } from '../platform/database.ts'
import type { App } from '../platform/http/app.ts'
import { refuse } from '../platform/refusal.ts'
import { OfficeSchema } from '../staff/schemas.ts'
import { staffOf } from '../staff/staff.ts'
import type { Find } from './find.ts'
import { type ArticleRow, listArticles, readArticle } from './store.ts'

const closed = { additionalProperties: false } as const
const Words = Type.Object({ en: Type.String(), my: Type.String() }, closed)
const Slug = Type.String({ pattern: '^[a-z0-9-]{1,80}$' })
const Kind = Type.Enum(['tariff', 'procedure'])
const tags = ['find']

const FoundSchema = Type.Object(
  {
    contacts: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          deskName: Type.String(),
          channel: Type.String(),
          openedAt: Type.Integer(),
          state: Type.String(),
        },
        closed,
      ),
    ),
    staff: Type.Array(
      Type.Object(
        { id: Type.String(), deskName: Type.String(), name: Type.String(), office: OfficeSchema },
        closed,
      ),
    ),
    articles: Type.Array(Type.Object({ slug: Type.String(), title: Words, excerpt: Words }, closed)),
    number: Type.Boolean(),
  },
  closed,
)
const ArticleSchema = Type.Object(
  { slug: Type.String(), kind: Kind, title: Words, body: Words, updatedAt: Type.Integer() },
  closed,
)
const ArticlesSchema = Type.Object(
  { articles: Type.Array(Type.Object({ slug: Type.String(), kind: Kind, title: Words }, closed)) },
  closed,
)

/** HTTP status of this room's refusals. */
export const FIND_PROBLEMS: Readonly<Record<string, number>> = { 'article-not-found': 404 }

/** The search box and the articles. What is searched comes in the body: it may name a person. */
export function addFindRoutes(app: App, { find, db }: { find: Find; db: Db }): void {
  app.addProblems(FIND_PROBLEMS)
  app.post(
    '/api/find',
    {
      config: { access: { kind: 'staff', action: 'use-find' } },
      schema: {
        tags,
        summary: 'Find contacts, people and articles; a number offers to open a contact',
        body: Type.Object({ q: Type.String({ minLength: 1, maxLength: 200 }) }, closed),
        response: { 200: FoundSchema },
      },
    },
    async (request) => {
      const found = await find.find(staffOf(request), request.body.q)
      return {
        contacts: [...found.contacts],
        staff: [...found.staff],
        articles: [...found.articles],
        number: found.number,
      }
    },
  )
  app.get(
    '/api/articles',
    {
      config: { access: { kind: 'staff', action: 'read-articles' } },
      schema: { tags, summary: 'All articles', response: { 200: ArticlesSchema } },
    },
    async () => ({
      articles: (await listArticles(db)).map((row) => ({
        slug: row.slug,
        kind: row.kind,
        title: titleOf(row),
      })),
    }),
  )
  app.get(
    '/api/articles/:slug',
    {
      config: { access: { kind: 'staff', action: 'read-articles' } },
      schema: {
        tags,
        summary: 'One article',
        params: Type.Object({ slug: Slug }, closed),
        response: { 200: ArticleSchema },
      },
    },
    async (request, reply) => {
      const row = await readArticle(db, request.params.slug)
      if (row === null)
        return reply.refuse(
          refuse('article-not-found', 'There is no such article.', 'Look for it in the search box.'),
        )
      const body = { en: row.body_en, my: row.body_my }
      return { slug: row.slug, kind: row.kind, title: titleOf(row), body, updatedAt: row.updated_at }
    },
  )
}

function titleOf(row: ArticleRow): { en: string; my: string } {
  return { en: row.title_en, my: row.title_my }
}
