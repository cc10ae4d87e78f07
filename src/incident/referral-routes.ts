import type { FastifyReply } from 'fastify'
import type { TSchema } from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { ReferralDesk } from './referral.ts'
import * as shape from './referral-schemas.ts'
import { IncidentParams } from './schemas.ts'

/** HTTP of referrals: schemas and status codes, nothing more. */

/** HTTP status of every refusal code of referrals. */
export const REFERRAL_PROBLEMS: Readonly<Record<string, number>> = {
  'referral-not-found': 404,
  'referral-not-now': 409,
  'referral-yours': 403,
  'referral-approved-before': 409,
  'referral-other-role': 403,
  'referral-not-held': 409,
  'referral-digest-other': 422,
  'referral-names-another': 422,
}

const SEE = { access: { kind: 'staff' as const, action: 'see-incidents' } }
const PREPARE = { access: { kind: 'staff' as const, action: 'prepare-referral' } }
const APPROVE = { access: { kind: 'staff' as const, action: 'approve-referral' } }
const HAND = { access: { kind: 'staff' as const, action: 'hand-over-referral' } }
const CASE = { params: IncidentParams }
const ONE = { params: shape.ReferralParams }
const tags = ['incidents']

/** Adds the routes under `/api/incidents/:id/referrals`. */
export function addReferralRoutes(app: App, desk: ReferralDesk): void {
  app.addProblems(REFERRAL_PROBLEMS)
  app.get(
    '/api/incidents/:id/referrals',
    { schema: documented('Referrals of an incident to the police', shape.ReferralsView, CASE), config: SEE },
    async (request, reply) => {
      const found = await desk.list(staffOf(request), request.params.id)
      return isRefusal(found) ? reply.refuse(found) : { referrals: found }
    },
  )
  app.get(
    '/api/incidents/:id/referral-preview',
    { schema: documented('What a referral would give now', shape.ReferralPreview, CASE), config: PREPARE },
    async (request, reply) => send(reply, await desk.preview(staffOf(request), request.params.id)),
  )
  app.post(
    '/api/incidents/:id/referrals',
    {
      schema: documented('Prepare a referral', shape.ReferralView, { ...CASE, body: shape.PreparingBody }),
      config: PREPARE,
    },
    async (request, reply) =>
      send(reply, await desk.prepare(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/incidents/:id/referrals/:referral/steps',
    {
      schema: documented('Approve, hand over, note the receipt, withdraw', shape.ReferralView, {
        ...ONE,
        body: shape.ReferralActBody,
      }),
      config: APPROVE,
    },
    async (request, reply) =>
      send(reply, await desk.act(staffOf(request), ofReferral(request.params), request.body)),
  )
  addBundleRoutes(app, desk)
}

function addBundleRoutes(app: App, desk: ReferralDesk): void {
  app.post(
    '/api/incidents/:id/referrals/:referral/bundle',
    { schema: documented('Make the bundle of an approved referral', shape.ReferralView, ONE), config: HAND },
    async (request, reply) => send(reply, await desk.make(staffOf(request), ofReferral(request.params))),
  )
  app.post(
    '/api/incidents/:id/referrals/:referral/copies',
    { schema: { tags, summary: 'Take a copy of the bundle', ...ONE, body: shape.CopyBody }, config: HAND },
    async (request, reply) => {
      const { says } = request.body
      return sendZip(reply, await desk.copy(staffOf(request), ofReferral(request.params), says))
    },
  )
  app.post(
    '/api/incidents/:id/referrals/:referral/custody',
    { schema: { tags, summary: 'The chain of custody so far, as a bundle', ...ONE }, config: HAND },
    async (request, reply) =>
      sendZip(reply, await desk.custody(staffOf(request), ofReferral(request.params))),
  )
}

function ofReferral({ id, referral }: { id: string; referral: string }): { incident: string; id: string } {
  return { incident: id, id: referral }
}

function documented<S extends Record<string, TSchema>>(summary: string, response: TSchema, schema: S) {
  return { tags, summary, ...schema, response: { 200: response } }
}

function send<T>(reply: FastifyReply, result: T | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}

function sendZip(reply: FastifyReply, made: { name: string; zip: Buffer } | Refusal): FastifyReply {
  if (isRefusal(made)) return reply.refuse(made)
  return reply
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${made.name}"`)
    .type('application/zip')
    .send(made.zip)
}
