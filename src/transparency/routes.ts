import { readFileSync } from 'node:fs'
import Type from 'typebox'
import type { LawfulFrame } from '../calls/lawful-frame.ts'
import type { App } from '../platform/http/app.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Language, Words } from '../platform/words.ts'
import { figuresCsv, reportPage, type SmallCounts } from './page.ts'
import type { Reports } from './reports.ts'

/** HTTP statuses of this room's refusals. */
export const TRANSPARENCY_PROBLEMS: Readonly<Record<string, number>> = { 'report-not-there': 404 }

const PUBLIC = { access: { kind: 'public' } } as const
const Lang = Type.Object({ lang: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('my')])) })
const CSS = readFileSync(new URL('./report.css', import.meta.url))

export interface ReportPageParties {
  readonly reports: Reports
  readonly frames: readonly LawfulFrame[]
  readonly operatorName: Words
  readonly smallCounts: SmallCounts
}

/** Serves the style sheet of the room's public pages. */
export function addTransparencyStyle(app: App): void {
  app.get('/transparency/style.css', { config: PUBLIC, schema: {} }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(CSS),
  )
}

/** Adds `/transparency`: the page, its CSV, its file with opened headers, and those of every period before. */
export function addTransparencyRoutes(app: App, parties: ReportPageParties): void {
  const { reports, smallCounts } = parties
  app.addProblems(TRANSPARENCY_PROBLEMS)
  addTransparencyStyle(app)
  const page = async (name: string, language: Language): Promise<string | Refusal> => {
    const report = await reports.report(name)
    if (report === null) return notThere()
    return reportPage({ ...parties, report, periods: await reports.periods(), language })
  }
  app.get(
    '/transparency',
    {
      config: PUBLIC,
      schema: {
        tags: ['transparency'],
        summary: 'The public report of the newest quarter',
        querystring: Lang,
      },
    },
    async (request, reply) => {
      const periods = await reports.periods()
      const text = await page(periods[0]!.name, request.query.lang ?? 'en')
      if (typeof text !== 'string') return reply.refuse(text)
      return reply.type('text/html; charset=utf-8').header('cache-control', 'public, max-age=60').send(text)
    },
  )
  app.get(
    '/transparency/:name',
    {
      config: PUBLIC,
      schema: {
        tags: ['transparency'],
        summary:
          'The report of a quarter (2026-Q3) or year (2026); with .csv its figures, with .json its file',
        querystring: Lang,
        params: Type.Object({ name: Type.String({ pattern: '^20[0-9]{2}(-Q[1-4])?(\\.(csv|json))?$' }) }),
      },
    },
    async (request, reply) => {
      const [name = '', kind] = request.params.name.split('.')
      if (kind === 'json') {
        const file = smallCounts === 'exact' ? await reports.file(name) : null
        if (file === null) return reply.refuse(notThere())
        return reply
          .type('application/json')
          .header('cache-control', 'public, max-age=3600')
          .send(JSON.stringify(file))
      }
      if (kind === 'csv') {
        const report = await reports.report(name)
        if (report === null) return reply.refuse(notThere())
        const csv = figuresCsv(report.period, report.figures, smallCounts)
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="transparency-${name}.csv"`)
          .send(csv)
      }
      const text = await page(name, request.query.lang ?? 'en')
      if (typeof text !== 'string') return reply.refuse(text)
      return reply.type('text/html; charset=utf-8').header('cache-control', 'public, max-age=60').send(text)
    },
  )
}

function notThere(): Refusal {
  return refuse(
    'report-not-there',
    'There is no such report, or not yet.',
    'Look at /transparency for all reports.',
  )
}
