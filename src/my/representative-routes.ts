import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { representativeOf } from '../incident/representative-door.ts'
import type { App } from '../platform/http/app.ts'
import {
  clearSessionCookie,
  csrfFieldOf,
  readCookie,
  setCookie,
  setSessionCookie,
} from '../platform/http/cookies.ts'
import { openEventStream } from '../platform/http/sse.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Language } from '../platform/words.ts'
import { caseRefusalText, caseStatusOf, Says } from './case-routes.ts'
import type { PageContext } from './layout.ts'
import {
  enrolPage,
  mattersPage,
  representativeCodePage,
  representativeDoorPage,
} from './pages/representative.ts'
import { type MyRoom, sendPage, signedOutContext } from './room.ts'

const LanguageSchema = Type.Union([Type.Literal('en'), Type.Literal('my')])
const LanguageQuery = Type.Object({ language: Type.Optional(LanguageSchema) })
const SIGN_IN_COOKIE = 'countersign-representative-sign-in'
/** Nobody has an account here: what language they chose is kept in their browser. */
const LANGUAGE_COOKIE = 'countersign-representative-language'
const SIGN_IN_SECONDS = 300
/** How often a comment keeps the stream of an open page alive. */
const HEARTBEAT_SECONDS = 20
const SESSION_SECONDS = 12 * 3600
const tags = ['representative']
const PUBLIC = {
  access: { kind: 'public' as const },
  rateLimit: { max: 30, timeWindow: '1 minute' },
}

/** The pages of whoever speaks for a customer: a link once, then a code each time, and one matter. */
export function addRepresentativeRoutes(app: App, room: MyRoom): void {
  addDoorRoutes(app, room)
  addEnrolRoutes(app, room)
  addCodeRoutes(app, room)
  addMatterRoutes(app, room)
}

function addDoorRoutes(app: App, room: MyRoom): void {
  app.get(
    '/representative/sign-in',
    {
      config: { access: { kind: 'public' } },
      schema: { tags, summary: 'Where a representative gives their contact', querystring: LanguageQuery },
    },
    (request, reply) =>
      sendPage(reply, representativeDoorPage(contextOf(room, request, '/representative/sign-in'))),
  )
  app.post(
    '/representative/sign-in',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'Send a code, if the contact is registered',
        body: Type.Object({ contact: Type.String({ maxLength: 200 }), language: LanguageSchema }),
      },
    },
    async (request, reply) => {
      const { contact: to, language } = request.body
      const kind = to.includes('@') ? 'email' : 'telephone'
      const begun = await room.representatives.start({ kind, to })
      return begin(room, request, reply, begun, language, representativeDoorPage)
    },
  )
}

function addEnrolRoutes(app: App, room: MyRoom): void {
  app.get(
    '/representative/enrol',
    {
      config: { access: { kind: 'public' } },
      schema: { tags, summary: 'Where an enrolment link leads', querystring: LanguageQuery },
    },
    (request, reply) => sendPage(reply, enrolPage(contextOf(room, request, '/representative/enrol'))),
  )
  app.post(
    '/representative/enrol',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'Send a code to whoever the link is for',
        body: Type.Object({ link: Type.String({ maxLength: 300 }), language: LanguageSchema }),
      },
    },
    async (request, reply) => {
      const { link, language } = request.body
      // Whoever copies the whole link means its secret.
      const begun = await room.representatives.startWithLink(link.trim().split('#').at(-1) ?? '')
      return begin(room, request, reply, begun, language, enrolPage)
    },
  )
}

function addCodeRoutes(app: App, room: MyRoom): void {
  app.get(
    '/representative/code',
    {
      config: { access: { kind: 'public' } },
      schema: { tags, summary: 'Where they type the code', querystring: LanguageQuery },
    },
    (request, reply) =>
      sendPage(reply, representativeCodePage(contextOf(room, request, '/representative/code'))),
  )
  app.post(
    '/representative/code',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'Sign in with the code',
        body: Type.Object({ code: Type.String({ maxLength: 20 }), language: LanguageSchema }),
      },
    },
    async (request, reply) => {
      const { code, language } = request.body
      const signIn = readCookie(request, SIGN_IN_COOKIE)
      const outcome = signIn === null ? nothingBegun() : await room.representatives.finish(signIn, code)
      if (isRefusal(outcome)) {
        const page = contextOf(room, request, '/representative/code', language)
        return sendPage(
          reply,
          representativeCodePage(page, caseRefusalText(outcome, language)),
          caseStatusOf(outcome),
        )
      }
      setCookie(reply, SIGN_IN_COOKIE, '', 0)
      setSessionCookie(reply, 'representative', outcome.token, SESSION_SECONDS)
      return reply.redirect(`/representative?language=${language}`, 303)
    },
  )
}

function addMatterRoutes(app: App, room: MyRoom): void {
  const access = { kind: 'representative' as const }
  app.get(
    '/representative',
    {
      config: { access },
      schema: { tags, summary: 'The matters in which they speak', querystring: LanguageQuery },
    },
    (request, reply) => showMatters(room, request, reply, null),
  )
  app.get(
    '/representative/events',
    {
      config: { access },
      schema: { tags, summary: 'That their right ends, as it happens (server-sent events)' },
    },
    async (request, reply) => {
      const session = representativeOf(request)
      const stream = openEventStream(request, reply, { heartbeatSeconds: HEARTBEAT_SECONDS })
      const stop = room.representatives.watch(
        session,
        () => stream.send('representation-ended', {}),
        () => stream.send('resync', {}),
      )
      stream.onClose(stop)
      return reply
    },
  )
  app.post(
    '/representative/messages',
    {
      config: { access },
      schema: {
        tags,
        summary: 'They write to the officer, in her place',
        body: Type.Object({ case: Type.String({ pattern: '^[0-9a-f]{24}$' }), says: Says }),
      },
    },
    async (request, reply) => {
      const { case: id, says } = request.body
      const own = representativeOf(request).representations.find(({ incident }) => incident === id)
      const done = own === undefined ? noSuchMatter() : await room.customerCases.writeFor(own, says.trim())
      if (isRefusal(done)) return showMatters(room, request, reply, done)
      return reply.redirect('/representative', 303)
    },
  )
  app.post(
    '/representative/sign-out',
    { config: { access }, schema: { tags, summary: 'Sign out', body: Type.Object({}) } },
    async (request, reply) => {
      await room.representatives.end(representativeOf(request))
      clearSessionCookie(reply, 'representative')
      return reply.redirect('/representative/sign-in', 303)
    },
  )
}

async function showMatters(
  room: MyRoom,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Refusal | null,
): Promise<FastifyReply> {
  const matters = await Promise.all(
    representativeOf(request).representations.map((one) => room.customerCases.matterOf(one)),
  )
  const { language } = request.query as { language?: Language }
  if (language !== undefined) setCookie(reply, LANGUAGE_COOKIE, language, SESSION_SECONDS)
  const page = {
    ...contextOf(room, request, '/representative'),
    csrf: csrfFieldOf(request, 'representative'),
  }
  const open = matters.filter((one) => one !== null)
  const text = refused === null ? null : caseRefusalText(refused, page.language)
  return sendPage(reply, mattersPage(page, open, text), refused === null ? 200 : caseStatusOf(refused))
}

function begin(
  room: MyRoom,
  request: FastifyRequest,
  reply: FastifyReply,
  begun: string | Refusal,
  language: Language,
  again: (page: PageContext, refused: string) => string,
): FastifyReply {
  if (isRefusal(begun)) {
    const page = contextOf(room, request, request.routeOptions.url ?? '/representative/sign-in', language)
    return sendPage(reply, again(page, caseRefusalText(begun, language)), caseStatusOf(begun))
  }
  setCookie(reply, SIGN_IN_COOKIE, begun, SIGN_IN_SECONDS)
  return reply.redirect(`/representative/code?language=${language}`, 303)
}

/** What a page knows; the language is what they chose, else what their browser asks for first. */
function contextOf(room: MyRoom, request: FastifyRequest, at: string, chosen?: Language): PageContext {
  const asked = (request.query as { language?: Language }).language
  const cookie = readCookie(request, LANGUAGE_COOKIE)
  const kept = cookie === 'en' || cookie === 'my' ? cookie : null
  const first = /^en\b/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'my'
  return { ...signedOutContext(room, chosen ?? asked ?? kept ?? first), languageAt: at }
}

function nothingBegun(): Refusal {
  return refuse(
    'code-wrong',
    'That code does not fit, or has run out.',
    'Read the newest message again, or start anew.',
  )
}

function noSuchMatter(): Refusal {
  return refuse('incident-not-found', 'You speak in no such case.', 'Go back to your page.')
}
