import Type, { type Static } from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { Report, Reports } from './reports.ts'

const State = Type.Union([Type.Literal('filed'), Type.Literal('assigned'), Type.Literal('answered')])
const FindingSchema = Type.Union([
  Type.Literal('founded'),
  Type.Literal('unfounded'),
  Type.Literal('not-clear'),
])
const closed = { additionalProperties: false } as const

/** A report as the console reads it. Nothing in it says whose number it is. */
export const ReportView = Type.Object(
  {
    id: Type.String(),
    number: Type.Integer(),
    state: State,
    look: Type.String(),
    deskName: Type.String(),
    office: Type.String(),
    month: Type.String(),
    purpose: Type.String(),
    channel: Type.String(),
    confirmedByTelephony: Type.Boolean(),
    at: Type.Integer(),
    says: Type.String(),
    filedAt: Type.Integer(),
    mine: Type.Boolean(),
    assigned: Type.Boolean(),
    answer: Type.Union([
      Type.Object({ finding: FindingSchema, says: Type.String(), at: Type.Integer() }, closed),
      Type.Null(),
    ]),
  },
  closed,
)
export type ReportViewData = Static<typeof ReportView>

const ReportParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) })
const tags = ['reports']

/** The officers' side of "that was not me". */
export function addReportRoutes(app: App, reports: Reports): void {
  app.get(
    '/api/reports',
    {
      config: { access: { kind: 'staff', action: 'read-reports' } },
      schema: {
        tags,
        summary: 'Customers who said "that was not me", newest first',
        querystring: Type.Object({ state: Type.Optional(State) }),
        response: { 200: Type.Object({ reports: Type.Array(ReportView) }) },
      },
    },
    async (request) => {
      const list = await reports.list(request.query.state ?? null)
      return { reports: list.map((report) => viewOf(report, staffOf(request).id)) }
    },
  )
  app.get(
    '/api/reports/:id',
    {
      config: { access: { kind: 'staff', action: 'read-reports' } },
      schema: { tags, summary: 'One report', params: ReportParams, response: { 200: ReportView } },
    },
    async (request, reply) => {
      const report = await reports.get(request.params.id)
      return isRefusal(report) ? reply.refuse(report) : viewOf(report, staffOf(request).id)
    },
  )
  app.post(
    '/api/reports/:id/taking',
    {
      config: { access: { kind: 'staff', action: 'answer-report' } },
      schema: { tags, summary: 'Take a report', params: ReportParams, response: { 200: ReportView } },
    },
    async (request, reply) => {
      const report = await reports.take(request.params.id, staffOf(request))
      return isRefusal(report) ? reply.refuse(report) : viewOf(report, staffOf(request).id)
    },
  )
  app.post(
    '/api/reports/:id/answer',
    {
      config: { access: { kind: 'staff', action: 'answer-report' } },
      schema: {
        tags,
        summary: 'Answer the customer',
        params: ReportParams,
        body: Type.Object({
          finding: FindingSchema,
          says: Type.String({ minLength: 10, maxLength: 2000 }),
        }),
        response: { 200: ReportView },
      },
    },
    async (request, reply) => {
      const report = await reports.answer(request.params.id, staffOf(request), request.body)
      return isRefusal(report) ? reply.refuse(report) : viewOf(report, staffOf(request).id)
    },
  )
}

function viewOf(report: Report, reader: string): ReportViewData {
  const { staffId: _staffId, assignedTo, ...rest } = report
  return { ...rest, mine: assignedTo === reader, assigned: assignedTo !== null }
}
