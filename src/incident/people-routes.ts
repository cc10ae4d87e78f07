import type { FastifyReply } from 'fastify'
import type { TSchema } from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { PeopleDesk } from './people-desk.ts'
import * as shape from './people-schemas.ts'
import { IncidentParams } from './schemas.ts'

/** HTTP of an officer's work with the people of a case. */

/** HTTP status of every refusal code of this half of the room. */
export const PEOPLE_PROBLEMS: Readonly<Record<string, number>> = {
  'next-passed': 422,
  'customer-not-named': 409,
  'representative-absent': 409,
  'page-is-hers': 422,
  'customer-represented': 409,
  'lawyer-unchecked': 409,
  'deed-unchecked': 422,
  'deed-unreadable': 422,
  'until-wrong': 422,
  'represented-already': 409,
  'representation-not-found': 404,
  'representation-ended': 403,
  'contact-unreadable': 422,
  'mail-not-configured': 409,
  'link-spent': 410,
  'not-signed-in': 401,
  'code-wrong': 403,
  'form-unknown': 409,
  'field-unknown': 422,
  'notice-not-drafted': 409,
  'notice-incomplete': 409,
}

const MAY_SEE = { access: { kind: 'staff' as const, action: 'see-incidents' } }
const MAY_WRITE = { access: { kind: 'staff' as const, action: 'write-communication' } }
const MAY_ADMIT = { access: { kind: 'staff' as const, action: 'admit-representative' } }
/** A scanned deed of 4 MB, in base64. */
const DEED_LIMIT = 6 * 1024 * 1024

/** Adds the routes below `/api/incidents/:id`. */
export function addPeopleRoutes(app: App, desk: PeopleDesk): void {
  app.addProblems(PEOPLE_PROBLEMS)
  app.get(
    '/api/incidents/:id/people',
    {
      schema: documented('Communications, notices and representatives of a case', shape.PeopleView, {
        params: IncidentParams,
      }),
      config: MAY_SEE,
    },
    async (request, reply) => send(reply, await desk.get(staffOf(request), request.params.id)),
  )
  app.post(
    '/api/incidents/:id/communications',
    {
      schema: documented('Say something in a case, or file what was said', shape.DoneView, {
        params: IncidentParams,
        body: shape.CommunicationBody,
      }),
      config: MAY_WRITE,
    },
    async (request, reply) =>
      done(reply, await desk.record(staffOf(request), request.params.id, request.body)),
  )
  addNoticeRoutes(app, desk)
  addRepresentationRoutes(app, desk)
}

function addNoticeRoutes(app: App, desk: PeopleDesk): void {
  app.post(
    '/api/incidents/:id/notice-drafts',
    {
      schema: documented('Draft a notice with what the case knows', shape.DoneView, {
        params: IncidentParams,
        body: shape.DraftBody,
      }),
      config: MAY_WRITE,
    },
    async (request, reply) =>
      done(reply, await desk.draft(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/incidents/:id/notice-texts',
    {
      schema: documented('Complete a notice', shape.DoneView, {
        params: IncidentParams,
        body: shape.NoticeBody,
      }),
      config: MAY_WRITE,
    },
    async (request, reply) =>
      done(reply, await desk.write(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/incidents/:id/notice-sendings',
    {
      schema: documented('Send a notice, or record that it was handed in', shape.DoneView, {
        params: IncidentParams,
        body: shape.SendingBody,
      }),
      config: MAY_WRITE,
    },
    async (request, reply) => done(reply, await desk.send(staffOf(request), request.params.id, request.body)),
  )
}

function addRepresentationRoutes(app: App, desk: PeopleDesk): void {
  app.post(
    '/api/incidents/:id/representations',
    {
      schema: documented('Let somebody speak for the customer, after the deed was checked', shape.LinkView, {
        params: IncidentParams,
        body: shape.RepresentationBody,
      }),
      config: MAY_ADMIT,
      bodyLimit: DEED_LIMIT,
    },
    async (request, reply) =>
      send(reply, await desk.represent(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/incidents/:id/representation-endings',
    {
      schema: documented('End a representation', shape.DoneView, {
        params: IncidentParams,
        body: shape.EndingBody,
      }),
      config: MAY_ADMIT,
    },
    async (request, reply) =>
      done(reply, await desk.endRepresentation(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/incidents/:id/representations/:representation/deed',
    {
      schema: {
        tags: ['incidents'],
        summary: 'The power of attorney, as handed in',
        params: shape.DeedParams,
      },
      config: MAY_ADMIT,
    },
    async (request, reply) => {
      const { id, representation } = request.params
      const deed = await desk.deed(staffOf(request), id, representation)
      if (isRefusal(deed)) return reply.refuse(deed)
      return reply
        .header(
          'content-disposition',
          `attachment; filename="deed-${deed.digest.slice(0, 12)}${endingOf(deed.bytes)}"`,
        )
        .type('application/octet-stream')
        .send(deed.bytes)
    },
  )
}

/** What a scanned deed is, by its first bytes: a PDF or a picture. */
function endingOf(bytes: Buffer): string {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return '.pdf'
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return '.jpg'
  return bytes.subarray(1, 4).toString('latin1') === 'PNG' ? '.png' : ''
}

function documented<S extends Record<string, TSchema>>(summary: string, response: TSchema, schema: S) {
  return { tags: ['incidents'], summary, ...schema, response: { 200: response } }
}

function send<T>(reply: FastifyReply, result: T | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}

function done(reply: FastifyReply, result: null | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send({ done: true })
}
