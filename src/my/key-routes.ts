import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { customerOf } from '../customers/sessions.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { Language } from '../platform/words.ts'
import { allowPage, answeredPage, keyDoorPage, makeKeyPage } from './pages/key.ts'
import { change } from './protection-routes.ts'
import { type MyRoom, refusalText, sendPage, signedOutContext, statusOf } from './room.ts'

const LanguageSchema = Type.Union([Type.Literal('en'), Type.Literal('my')])
const Link = Type.String({ minLength: 1, maxLength: 300 })
/** What the phone answered, as JSON. */
const Response = Type.String({ maxLength: 16_000 })
const tags = ['my']
const PUBLIC = {
  access: { kind: 'public' as const },
  rateLimit: { max: 30, timeWindow: '1 minute' },
}

/** Her own key: the link in a text, yes or no, and her keys under Protection. */
export function addKeyRoutes(app: App, room: MyRoom): void {
  addLinkRoutes(app, room)
  addAnswerRoutes(app, room)
  addOwnKeyRoutes(app, room)
}

function addLinkRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my/allow',
    {
      config: { access: { kind: 'public' } },
      schema: {
        tags,
        summary: 'Where the link in a text leads',
        querystring: Type.Object({ language: Type.Optional(LanguageSchema) }),
      },
    },
    (request, reply) => {
      const first = /^en\b/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'my'
      return sendPage(reply, keyDoorPage(pageOf(room, request.query.language ?? first)))
    },
  )
  app.post(
    '/my/allow',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'What she would allow',
        body: Type.Object({ link: Link, language: LanguageSchema }),
      },
    },
    (request, reply) => showAsk(room, reply, request.body, null),
  )
}

function addAnswerRoutes(app: App, room: MyRoom): void {
  app.post(
    '/my/allow/yes',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'She allows it with her own key',
        body: Type.Object({ link: Link, language: LanguageSchema, response: Response }),
      },
    },
    async (request, reply) => {
      const { link, response } = request.body
      const done = await room.care.allowWithKey(secretOf(link), parseAnswer(response))
      if (isRefusal(done)) return showAsk(room, reply, request.body, done)
      return sendPage(reply, answeredPage(pageOf(room, done.language), 'allowed'))
    },
  )
  app.post(
    '/my/allow/no',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'She refuses it; the contact ends',
        body: Type.Object({
          link: Link,
          language: LanguageSchema,
          report: Type.Optional(Type.Literal('yes')),
          says: Type.Optional(Type.String({ maxLength: 2000 })),
        }),
      },
    },
    async (request, reply) => {
      const { link, language, report, says } = request.body
      const done = await room.care.refuseWithKey(secretOf(link))
      if (isRefusal(done)) return refused(room, reply, done, language)
      const page = pageOf(room, done.subscriber.language)
      if (report !== 'yes') return sendPage(reply, answeredPage(page, 'refused'))
      const filed = await room.reports.file(done.subscriber, done.look, (says ?? '').trim())
      return sendPage(reply, answeredPage(page, isRefusal(filed) ? 'refused' : 'reported'))
    },
  )
  app.post(
    '/my/allow/key',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'In a shop: she made a key',
        body: Type.Object({
          link: Link,
          language: LanguageSchema,
          id: Type.String({ maxLength: 64 }),
          response: Response,
        }),
      },
    },
    async (request, reply) => {
      const { link, id, response, language } = request.body
      const done = await room.care.makeKeyInShop(secretOf(link), { id, response: parseAnswer(response) })
      if (isRefusal(done)) return refused(room, reply, done, language)
      return sendPage(reply, answeredPage(pageOf(room, done.language), 'made'))
    },
  )
}

function addOwnKeyRoutes(app: App, room: MyRoom): void {
  const access = { kind: 'customer' } as const
  app.post(
    '/my/protection/key/options',
    {
      config: { access },
      schema: { tags, summary: 'A challenge under which her phone makes a key', body: Type.Object({}) },
    },
    async (request, reply) => {
      const begun = await room.customers.ownKeys.options(customerOf(request).subscriber)
      return isRefusal(begun) ? reply.refuse(begun) : begun
    },
  )
  app.post(
    '/my/protection/key',
    {
      config: { access },
      schema: {
        tags,
        summary: 'The key that her phone made; it waits 72 hours',
        body: Type.Object({ id: Type.String({ maxLength: 64 }), response: Response }),
      },
    },
    (request, reply) => {
      const { id, response } = request.body
      return change(room, request, reply, (trx, subscriber) =>
        room.customers.protection.addOwnKeyOnline(trx, subscriber, { id, response: parseAnswer(response) }),
      )
    },
  )
  app.post(
    '/my/protection/key/removal',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Take a key off, at once',
        body: Type.Object({ key: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
      },
    },
    (request, reply) =>
      change(room, request, reply, (trx, subscriber) =>
        room.customers.ownKeys.remove(trx, subscriber, request.body.key),
      ),
  )
}

/** The page of what the link is about; with what went wrong on it, where she may try again. */
async function showAsk(
  room: MyRoom,
  reply: FastifyReply,
  { link, language }: { link: string; language: Language },
  failed: Refusal | null,
): Promise<FastifyReply> {
  const ask = await room.care.seeKeyAsk(secretOf(link))
  if (isRefusal(ask)) return refused(room, reply, failed ?? ask, language)
  const page = pageOf(room, ask.subscriber.language)
  if (ask.kind === 'enrol') return sendPage(reply, makeKeyPage(page, { ...ask, link: secretOf(link) }))
  const text = failed === null ? null : refusalText(failed, page.language)
  const status = failed === null ? 200 : statusOf(failed)
  return sendPage(reply, allowPage(page, { ...ask, link: secretOf(link) }, text), status)
}

function refused(room: MyRoom, reply: FastifyReply, refusal: Refusal, language: Language): FastifyReply {
  return sendPage(
    reply,
    keyDoorPage(pageOf(room, language), refusalText(refusal, language)),
    statusOf(refusal),
  )
}

function pageOf(room: MyRoom, language: Language) {
  return { ...signedOutContext(room, language), languageAt: '/my/allow' }
}

/** Whoever copies the whole link means its secret. */
function secretOf(link: string): string {
  return link.trim().split('#').at(-1) ?? ''
}

/** What the phone answered; anything that is no object is an answer that fits nothing. */
function parseAnswer(text: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? { ...answer } : {}
  } catch {
    return {}
  }
}
