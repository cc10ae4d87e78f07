import type { FastifyReply } from 'fastify'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import { IncidentParams } from './schemas.ts'
import * as shape from './statement-schemas.ts'
import type { StatementDesk } from './statements.ts'

/** HTTP of statements, for the desk; the public reads them at `/statements`. */

/** HTTP status of every refusal code of statements. */
export const STATEMENT_PROBLEMS: Readonly<Record<string, number>> = {
  'statement-not-found': 404,
  'statement-not-now': 409,
  'statement-pending': 409,
  'statement-yours': 403,
  'statement-approved-before': 409,
  'statement-incomplete': 422,
  'statement-ground-unknown': 422,
  'statement-names-somebody': 422,
  'statement-not-zero': 409,
}

const tags = ['incidents']

/** Adds the routes under `/api/incidents/:id/statements`. */
export function addStatementRoutes(app: App, desk: StatementDesk): void {
  app.addProblems(STATEMENT_PROBLEMS)
  app.get(
    '/api/incidents/:id/statements',
    {
      schema: {
        ...{ tags, summary: 'What was and will be said in public about an incident', params: IncidentParams },
        response: { 200: shape.StatementsView },
      },
      config: { access: { kind: 'staff' as const, action: 'see-incidents' } },
    },
    async (request, reply) => send(reply, await desk.list(staffOf(request), request.params.id)),
  )
  app.post(
    '/api/incidents/:id/statements',
    {
      schema: {
        ...{ tags, summary: 'Draft a statement or the answer to a rumour', params: IncidentParams },
        body: shape.DraftBody,
        response: { 200: shape.StatementView },
      },
      config: { access: { kind: 'staff' as const, action: 'draft-statement' } },
    },
    async (request, reply) =>
      send(reply, await desk.draft(staffOf(request), request.params.id, request.body.text)),
  )
  app.post(
    '/api/incidents/:id/statements/:statement/steps',
    {
      schema: {
        ...{ tags, summary: 'Approve, drop, correct or withdraw', params: shape.StatementParams },
        body: shape.StatementActBody,
        response: { 200: shape.StatementView },
      },
      config: { access: { kind: 'staff' as const, action: 'draft-statement' } },
    },
    async (request, reply) => {
      const { id, statement } = request.params
      return send(reply, await desk.act(staffOf(request), { incident: id, id: statement }, request.body))
    },
  )
}

function send<T>(reply: FastifyReply, result: T | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}
