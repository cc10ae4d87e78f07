import Type from 'typebox'
import { parseNumber } from '../calls/numbers.ts'
import { customerOf } from '../customers/sessions.ts'
import type { App } from '../platform/http/app.ts'
import { clearSessionCookie, readCookie, setCookie, setSessionCookie } from '../platform/http/cookies.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Language } from '../platform/words.ts'
import { codePage, provePage, signInPage } from './pages/sign-in.ts'
import { type MyRoom, refusalText, sendPage, signedInContext, signedOutContext, statusOf } from './room.ts'
import { W } from './words.ts'

const LanguageSchema = Type.Union([Type.Literal('en'), Type.Literal('my')])
const LanguageQuery = Type.Object({ language: Type.Optional(LanguageSchema) })
const To = Type.Union([Type.Literal('bill'), Type.Literal('calls')])
/** Names the sign-in under way; a cookie of its own, so that nobody else's code can be tried in it. */
const SIGN_IN_COOKIE = 'countersign-my-sign-in'
const SIGN_IN_SECONDS = 600
const SESSION_SECONDS = 12 * 3600
const tags = ['my']
/** A whole shop shares one address; whoever tries numbers one after another still gets nowhere. */
const rateLimit = { max: 30, timeWindow: '1 minute' }

/** Signing in, stepping up and out. The answer to a number never tells whether it is ours. */
export function addSignInRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my/sign-in',
    {
      config: { access: { kind: 'public' } },
      schema: { tags, summary: 'Where a customer gives her number', querystring: LanguageQuery },
    },
    (request, reply) =>
      sendPage(reply, signInPage(signedOutContext(room, languageOf(request.query, request.headers)))),
  )
  app.post(
    '/my/sign-in',
    {
      config: { access: { kind: 'public' }, rateLimit },
      schema: {
        tags,
        summary: 'Text a code, if the number is ours',
        body: Type.Object({ number: Type.String({ maxLength: 40 }), language: LanguageSchema }),
      },
    },
    async (request, reply) => {
      const { language } = request.body
      const number = parseNumber(request.body.number, room.plan)
      if (number === null) {
        return sendPage(reply, signInPage(signedOutContext(room, language), W.badNumber[language]), 422)
      }
      setCookie(reply, SIGN_IN_COOKIE, await room.sessions.start(number), SIGN_IN_SECONDS)
      return reply.redirect(`/my/code?language=${language}`, 303)
    },
  )
  addCodeRoutes(app, room)
  addSessionRoutes(app, room)
}

function addCodeRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my/code',
    {
      config: { access: { kind: 'public' } },
      schema: { tags, summary: 'Where she types the code', querystring: LanguageQuery },
    },
    (request, reply) =>
      sendPage(reply, codePage(signedOutContext(room, languageOf(request.query, request.headers)))),
  )
  app.post(
    '/my/code',
    {
      config: { access: { kind: 'public' }, rateLimit },
      schema: {
        tags,
        summary: 'Sign in with the code',
        body: Type.Object({ code: Type.String({ maxLength: 20 }), language: LanguageSchema }),
      },
    },
    async (request, reply) => {
      const { language, code } = request.body
      const signIn = readCookie(request, SIGN_IN_COOKIE)
      const outcome =
        signIn === null
          ? refuse(
              'code-wrong',
              'That code does not fit, or has run out.',
              'Read the newest text again, or start anew.',
            )
          : await room.sessions.finish(signIn, code)
      if (isRefusal(outcome)) {
        const page = codePage(signedOutContext(room, language), refusalText(outcome, language))
        return sendPage(reply, page, statusOf(outcome))
      }
      setCookie(reply, SIGN_IN_COOKIE, '', 0)
      setSessionCookie(reply, 'customer', outcome.token, SESSION_SECONDS)
      return reply.redirect('/my', 303)
    },
  )
}

function addSessionRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my/prove',
    {
      config: { access: { kind: 'customer' } },
      schema: {
        tags,
        summary: 'Where she gives her PIN',
        querystring: Type.Object({ to: Type.Optional(To) }),
      },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      const page = await signedInContext(room, request)
      return sendPage(reply, provePage(page, request.query.to ?? 'bill', subscriber.secret !== null))
    },
  )
  app.post(
    '/my/prove',
    {
      config: { access: { kind: 'customer' } },
      schema: {
        tags,
        summary: 'Step up with PIN or passphrase',
        body: Type.Object({ secret: Type.String({ maxLength: 200 }), to: To }),
      },
    },
    async (request, reply) => {
      const { to, secret } = request.body
      const session = customerOf(request)
      const refused = await room.sessions.stepUp(session, secret)
      if (refused === null) return reply.redirect(`/my/${to}`, 303)
      const page = await signedInContext(room, request)
      const text = refusalText(refused, page.language)
      return sendPage(reply, provePage(page, to, session.subscriber.secret !== null, text), statusOf(refused))
    },
  )
  app.post(
    '/my/sign-out',
    {
      config: { access: { kind: 'customer' } },
      schema: { tags, summary: 'Sign out', body: Type.Object({}) },
    },
    async (request, reply) => {
      await room.sessions.end(customerOf(request))
      clearSessionCookie(reply, 'customer')
      return reply.redirect('/my/sign-in', 303)
    },
  )
}

/** What she chose, else what her browser asks for first; Burmese where it says nothing. */
function languageOf(
  query: { language?: Language },
  headers: { 'accept-language'?: string | undefined },
): Language {
  return query.language ?? (/^en\b/i.test(headers['accept-language'] ?? '') ? 'en' : 'my')
}
