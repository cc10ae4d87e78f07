import type { FastifyReply } from 'fastify'
import type { TSchema } from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { IncidentDesk } from './desk.ts'
import { INCIDENT_PROBLEMS } from './problems.ts'
import * as shape from './schemas.ts'

/** HTTP of the incident room: schemas and status codes, nothing more. */

const MAY_SEE = { access: { kind: 'staff' as const, action: 'see-incidents' } }
const MAY_WORK = { access: { kind: 'staff' as const, action: 'work-incident' } }

/** Adds the routes under `/api/incidents`, and the problems table. */
export function addIncidentRoutes(app: App, desk: IncidentDesk): void {
  app.addProblems(INCIDENT_PROBLEMS)
  app.get(
    '/api/incidents',
    { schema: documented('Incidents by state, with their clocks', shape.BoardView, {}), config: MAY_SEE },
    async (request, reply) => send(reply, await desk.board(staffOf(request))),
  )
  app.post(
    '/api/incidents',
    {
      schema: documented('Open an incident', shape.OpenedView, { body: shape.OpeningBody }),
      config: MAY_WORK,
    },
    async (request, reply) => send(reply, await desk.open(staffOf(request), request.body)),
  )
  app.get(
    '/api/incidents/:id',
    {
      schema: documented('One incident', shape.IncidentView, { params: shape.IncidentParams }),
      config: MAY_SEE,
    },
    async (request, reply) => send(reply, await desk.get(staffOf(request), request.params.id)),
  )
  app.post(
    '/api/incidents/:id/steps',
    {
      schema: documented('One step of an incident', shape.IncidentView, {
        params: shape.IncidentParams,
        body: shape.ActBody,
      }),
      config: MAY_WORK,
    },
    async (request, reply) => send(reply, await desk.act(staffOf(request), request.params.id, request.body)),
  )
  addPersonRoutes(app, desk)
}

function addPersonRoutes(app: App, desk: IncidentDesk): void {
  app.post(
    '/api/incidents/:id/approvals',
    {
      schema: documented('Allow a leak path to be searched for', shape.IncidentView, {
        params: shape.IncidentParams,
        body: shape.ApprovalBody,
      }),
      config: { access: { kind: 'staff' as const, action: 'approve-path' } },
    },
    async (request, reply) =>
      send(reply, await desk.approvePath(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/incidents/:id/freezes',
    {
      schema: documented('Freeze somebody the incident is about, and keep what they saw', shape.FrozenView, {
        params: shape.IncidentParams,
        body: shape.FreezeBody,
      }),
      config: MAY_WORK,
    },
    async (request, reply) =>
      send(reply, await desk.freeze(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/incidents/:id/exposures',
    {
      schema: documented('Exactly what somebody the incident is about was shown', shape.ExposureView, {
        params: shape.IncidentParams,
        body: shape.ExposureBody,
      }),
      config: { access: { kind: 'staff' as const, action: 'read-exposure' } },
    },
    async (request, reply) =>
      send(reply, await desk.exposure(staffOf(request), request.params.id, request.body)),
  )
}

function documented<S extends Record<string, TSchema>>(summary: string, response: TSchema, schema: S) {
  return { tags: ['incidents'], summary, ...schema, response: { 200: response } }
}

function send<T>(reply: FastifyReply, result: T | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}
