import Type from 'typebox'
import type { ReportedLook } from '../customers/reports.ts'
import { customerOf } from '../customers/sessions.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Look } from './looks.ts'
import { lookPage, notMinePage } from './pages/look.ts'
import { looksPage } from './pages/looks.ts'
import { type MyRoom, refusalText, sendPage, signedInContext, statusOf } from './room.ts'
import { lookNotFound } from './timeline.ts'

const LookParams = Type.Object({ look: Type.String({ pattern: '^[0-9A-Za-z_-]{1,64}$' }) })
const tags = ['my']

/** Who looked, what they saw, the proof, and her answer. */
export function addLookRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my',
    {
      config: { access: { kind: 'customer' } },
      schema: {
        tags,
        summary: 'Who looked at my calls',
        querystring: Type.Object({ before: Type.Optional(Type.Integer({ minimum: 0 })) }),
      },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      const page = await signedInContext(room, request)
      const view = await room.timeline.page(subscriber, request.query.before ?? null)
      const begin = await room.epochs.begin()
      return sendPage(
        reply,
        looksPage(page, {
          ...view,
          verifierKey: room.ledger.verifierKey,
          epochs: { policy: room.epochs.policy.text, begin: begin.index },
          number: subscriber.number,
          since: Math.max(subscriber.tenureFrom * 1000, begin.at ?? page.now),
          first: request.query.before === undefined,
        }),
      )
    },
  )
  app.get(
    '/my/looks/:look',
    {
      config: { access: { kind: 'customer' } },
      schema: { tags, summary: 'What they saw', params: LookParams },
    },
    async (request, reply) => {
      const look = await room.timeline.look(customerOf(request).subscriber, request.params.look)
      if (isRefusal(look)) return reply.refuse(look)
      return sendPage(reply, lookPage(await signedInContext(room, request), look, room.money))
    },
  )
  addProofRoutes(app, room)
  addAnswerRoutes(app, room)
}

function addProofRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my/looks/:look/proof',
    {
      config: { access: { kind: 'customer' } },
      schema: { tags, summary: 'The proof of one look, to check or to keep', params: LookParams },
    },
    async (request, reply) => {
      const bundles = await room.timeline.proofs(customerOf(request).subscriber, request.params.look)
      if (isRefusal(bundles)) return reply.refuse(bundles)
      return { verifierKey: room.ledger.verifierKey, bundles }
    },
  )
  app.get(
    '/my/looks/:look/proof/:index',
    {
      config: { access: { kind: 'customer' } },
      schema: {
        tags,
        summary: 'The proof of one entry of a look, as a file (C2SP tlog-proof)',
        params: Type.Object({ ...LookParams.properties, index: Type.Integer({ minimum: 0 }) }),
      },
    },
    async (request, reply) => {
      const { look: name, index } = request.params
      const look = await room.timeline.look(customerOf(request).subscriber, name)
      if (isRefusal(look)) return reply.refuse(look)
      if (!look.entries.includes(index)) return reply.refuse(lookNotFound())
      const proof = await room.ledger.proofFileOf(index)
      return reply
        .header('content-disposition', `attachment; filename="entry-${index}.tlog-proof"`)
        .type('text/plain; charset=utf-8')
        .send(proof)
    },
  )
}

function addAnswerRoutes(app: App, room: MyRoom): void {
  app.post(
    '/my/looks/:look/mine',
    {
      config: { access: { kind: 'customer' } },
      schema: { tags, summary: 'This was me', params: LookParams, body: Type.Object({}) },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      const look = await room.timeline.look(subscriber, request.params.look)
      if (isRefusal(look)) return reply.refuse(look)
      await room.reports.acknowledge(subscriber, look.look)
      return reply.redirect('/my', 303)
    },
  )
  app.get(
    '/my/looks/:look/not-mine',
    {
      config: { access: { kind: 'customer' } },
      schema: { tags, summary: 'Before she says: this was not me', params: LookParams },
    },
    async (request, reply) => {
      const look = await room.timeline.look(customerOf(request).subscriber, request.params.look)
      if (isRefusal(look)) return reply.refuse(look)
      return sendPage(reply, notMinePage(await signedInContext(room, request), look))
    },
  )
  app.post(
    '/my/looks/:look/not-mine',
    {
      config: { access: { kind: 'customer' } },
      schema: {
        tags,
        summary: 'This was not me',
        params: LookParams,
        body: Type.Object({ says: Type.Optional(Type.String({ maxLength: 2000 })) }),
      },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      const look = await room.timeline.look(subscriber, request.params.look)
      if (isRefusal(look)) return reply.refuse(look)
      const filed = await room.reports.file(subscriber, reportedOf(look), (request.body.says ?? '').trim())
      if (!isRefusal(filed)) return reply.redirect('/my/case', 303)
      const page = await signedInContext(room, request)
      return sendPage(reply, notMinePage(page, look, refusalText(filed, page.language)), statusOf(filed))
    },
  )
}

/** What of a look a report keeps. */
function reportedOf(seen: Look): ReportedLook {
  const { look, staff, deskName, office, month, purpose, channel, confirmedByTelephony, from } = seen
  return { look, staffId: staff, deskName, office, month, purpose, channel, confirmedByTelephony, at: from }
}
