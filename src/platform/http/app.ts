import { fastifyCookie } from '@fastify/cookie'
import formbody from '@fastify/formbody'
import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  fastify,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { traceRequests } from '../tracing.ts'
import { type Guards, guardRoutes } from './access.ts'
import { addHealthRoute, type HealthCheck } from './health.ts'
import { addOpenApi } from './openapi.ts'
import { addPageStyle } from './page.ts'
import { createProblems, refusalOfError, sendProblem } from './problem.ts'
import { closeObjects, compileValidator } from './schema.ts'
import { securityHeaders } from './security-headers.ts'

/** The HTTP server that every room adds its routes to. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export interface AppOptions {
  readonly log: Log
  readonly clock: Clock
  /** Where browsers find us: `http://localhost:8080`. Requests that change something must come from this origin. */
  readonly publicUrl: string
  readonly operatorName: string
  readonly demo: boolean
  /** Cookies with `Secure` and the `__Host-` prefix; false only where `publicUrl` is http. */
  readonly secureCookies: boolean
  /** Per session (or address, where nobody is signed in); default 1,200. Benches ask for more. */
  readonly requestsPerMinute?: number
  /** Addresses of proxies in front of us whose `X-Forwarded-For` is believed; none unless given. */
  readonly trustedProxies?: readonly string[]
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly secureCookies: boolean
    /** Says which HTTP status each refusal code of a room is sent with. A code said twice must agree. */
    addProblems(table: Readonly<Record<string, number>>): void
    /** Who checks sessions; may be called more than once, each call adds. */
    setGuards(guards: Guards): void
    /** A line of `GET /api/health`: `check` gives what is shown, or throws when unhealthy. */
    addHealth(name: string, check: HealthCheck): void
  }
  interface FastifyReply {
    /** Sends RFC 9457 problem details; a code in no table is a bug and answers 500. */
    refuse(refusal: Refusal): FastifyReply
  }
}

/** The largest request that a route takes unless it says less or more, in bytes. */
const BODY_LIMIT = 64 * 1024

/** How much of a limit is left is nobody's business; `retry-after` is sent when it is reached. */
const NO_COUNTS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false }

const UNREADABLE_ADDRESS = refuse(
  'invalid-request',
  'The address cannot be read: part of it is too long, or not UTF-8.',
  'Check the address.',
)

/**
 * The server, without routes of any room: security headers, limits, access rules, problem details, OpenAPI and
 * health. Nothing of a request is logged unless it fails on our side; then the route's pattern, never the
 * address, the query or the body.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const headers = await securityHeaders(options.secureCookies)
  const app: App = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    routerOptions: { maxParamLength: 200 },
    // An address that no route can be found for. The framework's own answer would repeat it.
    frameworkErrors: (_error, _request, reply) => {
      reply.headers(headers)
      return sendProblem(reply, UNREADABLE_ADDRESS, 400)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(compileValidator)
  app.decorate('secureCookies', options.secureCookies)
  app.decorateRequest('staff', null)
  app.decorateRequest('client', null)
  app.decorateRequest('customer', null)
  app.decorateRequest('representative', null)
  addProblemDetails(app, options.log)
  traceRequests(app)
  const { origin } = new URL(options.publicUrl)
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
  // Without its hook: `readCookie` parses when somebody asks.
  await app.register(fastifyCookie, { hook: false })
  const requestsPerMinute = options.requestsPerMinute ?? 1_200
  app.decorate('setGuards', guardRoutes(app, { ownOrigin: origin, requestsPerMinute }))
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    cache: 20_000,
    addHeaders: NO_COUNTS,
    addHeadersOnExceeding: NO_COUNTS,
  })
  await app.register(formbody, { bodyLimit: BODY_LIMIT })
  app.addHook('onRoute', (route) => {
    for (const part of ['body', 'querystring', 'params'] as const) closeObjects(route.schema?.[part])
  })
  await addOpenApi(app, options)
  app.decorate('addHealth', addHealthRoute(app))
  addPageStyle(app)
  return app
}

function addProblemDetails(app: App, log: Log): void {
  const problems = createProblems()
  app.decorate('addProblems', problems.add)
  app.decorateReply('refuse', function (refusal: Refusal) {
    return sendProblem(this, refusal, problems.statusOf(refusal.code))
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalOfError(error, request, log)
    return sendProblem(reply, refusal, problems.statusOf(refusal.code))
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.refuse(refuse('not-found', 'There is nothing at this address.', 'Check the address.')),
  )
}
