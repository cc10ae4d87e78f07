import Type from 'typebox'
import type { StatementDesk } from '../incident/statements.ts'
import type { App } from '../platform/http/app.ts'
import type { Words } from '../platform/words.ts'
import { statementsPage } from './statements-page.ts'

const PUBLIC = { access: { kind: 'public' } } as const
const Lang = Type.Object({ lang: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('my')])) })
const Search = Type.Object({ q: Type.String({ maxLength: 100 }) }, { additionalProperties: false })

export interface StatementsPageParties {
  readonly statements: Pick<StatementDesk, 'published'>
  readonly operatorName: Words
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
}

/** Adds `/statements`. What somebody looks for comes in a body: it may be a name. */
export function addStatementsPage(app: App, parties: StatementsPageParties): void {
  app.get(
    '/statements',
    {
      config: PUBLIC,
      schema: { tags: ['transparency'], summary: 'What the operator has said in public', querystring: Lang },
    },
    async (request, reply) => {
      const view = { ...parties, statements: await parties.statements.published(), q: '' }
      const language = request.query.lang ?? 'en'
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'public, max-age=30')
        .send(statementsPage({ ...view, language }))
    },
  )
  app.post(
    '/statements',
    {
      config: PUBLIC,
      schema: {
        ...{ tags: ['transparency'], summary: 'Those that say certain words' },
        ...{ querystring: Lang, body: Search },
      },
    },
    async (request, reply) => {
      const view = {
        ...parties,
        statements: await parties.statements.published(),
        q: request.body.q.trim(),
      }
      const language = request.query.lang ?? 'en'
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(statementsPage({ ...view, language }))
    },
  )
}
