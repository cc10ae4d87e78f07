import type { FastifyReply } from 'fastify'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { EmploymentDesk } from './employment.ts'
import * as shape from './employment-schemas.ts'

/** HTTP of what becomes of the employment of those a case is about. */

/** HTTP status of every refusal code of this desk. */
export const EMPLOYMENT_PROBLEMS: Readonly<Record<string, number>> = {
  'employment-not-now': 409,
  'employment-unheard': 409,
  'heard-before': 422,
  'employment-investigator': 403,
  'employment-yours': 403,
  'appeal-harder': 422,
}

/** Adds `/api/employments` and the steps below it. */
export function addEmploymentRoutes(app: App, desk: EmploymentDesk): void {
  app.addProblems(EMPLOYMENT_PROBLEMS)
  app.get(
    '/api/employments',
    {
      schema: {
        ...{ tags: ['incidents'], summary: 'Those that incidents are about, and what becomes of them' },
        response: { 200: shape.EmploymentsView },
      },
      config: { access: { kind: 'staff' as const, action: 'see-employment' } },
    },
    async (request, reply) => send(reply, await desk.list(staffOf(request))),
  )
  app.post(
    '/api/employments/:id/people/:staff/steps',
    {
      schema: {
        ...{ tags: ['incidents'], summary: 'Suspend, hear, decide, note or decide an appeal' },
        ...{ params: shape.EmploymentParams, body: shape.EmploymentBody },
        response: { 200: shape.EmploymentView },
      },
      config: { access: { kind: 'staff' as const, action: 'work-employment' } },
    },
    async (request, reply) => {
      const { id, staff } = request.params
      return send(reply, await desk.act(staffOf(request), { incident: id, staff }, request.body))
    },
  )
}

function send<T>(reply: FastifyReply, result: T | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}
