import { createHash, timingSafeEqual } from 'node:crypto'
import type { RateLimitOptions } from '@fastify/rate-limit'
import type {
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  preValidationAsyncHookHandler,
} from 'fastify'
import { CodedError, invariant } from '../coded-error.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { App } from './app.ts'
import { readSessionCookie } from './cookies.ts'
import { isUnsafe, refuseForeignOrigin, refuseWithoutToken } from './csrf.ts'

/**
 * Who may call a route. A route that names none stops the start.
 *
 * - `public`: anybody
 * - `staff`: a signed-in employee; `action` is the Cedar action that the guard asks about (resource: the
 *   system), or null where the use case itself asks with the resource it loaded
 * - `customer`: a signed-in customer, on at least this rung (`code` unless given)
 * - `representative`: somebody who speaks for a customer, signed in, and whose right to has not ended
 * - `client`: a system of the operator's that shows an access token (OAuth 2.0, client credentials)
 * - `secret`: a machine that sends `authorization: Bearer <secret in base64url>`, compared in constant time
 */
export type AccessRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'staff'; readonly action: string | null }
  | { readonly kind: 'customer'; readonly rung?: 'code' | 'person' }
  | { readonly kind: 'representative' }
  | { readonly kind: 'client' }
  | { readonly kind: 'secret'; readonly name: string }

export type StaffRule = Extract<AccessRule, { kind: 'staff' }>
export type CustomerRule = Extract<AccessRule, { kind: 'customer' }>

/** Sets `request.staff` and gives null, or gives the refusal to send. */
export type StaffGuard = (request: FastifyRequest, rule: StaffRule) => Promise<Refusal | null>
/** Sets `request.customer` and gives null; or gives the refusal, or answers itself (a redirect to sign in). */
export type CustomerGuard = (
  request: FastifyRequest,
  rule: CustomerRule,
  reply: FastifyReply,
) => Promise<Refusal | null>

/** Sets `request.representative` and gives null; or gives the refusal, or answers itself (a redirect to sign in). */
export type RepresentativeGuard = (request: FastifyRequest, reply: FastifyReply) => Promise<Refusal | null>

/** Sets `request.client` and gives null, or gives the refusal to send. */
export type ClientGuard = (request: FastifyRequest) => Promise<Refusal | null>

export interface Guards {
  client?: ClientGuard
  staff?: StaffGuard
  customer?: CustomerGuard
  representative?: RepresentativeGuard
  /** Shared secrets of machines, by name. */
  secrets?: Record<string, Buffer>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule
  }
  interface FastifyRequest {
    /** Set by the staff guard; the staff room's `staffOf(request)` gives it its type. */
    staff: unknown
    /** Set by the client guard; the crm room's `clientOf(request)` gives it its type. */
    client: unknown
    /** Set by the customer guard; the customers room's `customerOf(request)` gives it its type. */
    customer: unknown
    /** Set by the representative guard; the incident room's `representativeOf(request)` gives it its type. */
    representative: unknown
  }
}

/** What `guardRoutes` needs of the app. */
export interface GuardOptions {
  /** The origin of `publicUrl`: where a request that changes something must come from. */
  readonly ownOrigin: string
  readonly requestsPerMinute: number
}

/**
 * Makes every route registered from now on name its access rule, and puts the rule's own checks, and no more,
 * in front of it: a public page costs nothing.
 * @throws CodedError `route-without-access`, at registration
 * @returns adds guards; they are asked for at the time of a request, so rooms may come in any order
 */
export function guardRoutes(app: App, options: GuardOptions): (guards: Guards) => void {
  const guards: Guards = {}
  const needed = new Set<string>()
  app.addHook('onRoute', (route) => {
    const rule = route.config?.access
    if (rule === undefined) {
      throw new CodedError('route-without-access', `${route.method} ${route.url} names no access rule`)
    }
    needed.add(rule.kind === 'secret' ? `secret ${rule.name}` : rule.kind)
    route.config = { ...route.config, rateLimit: rateLimitOf(rule, options, route.config?.rateLimit) }
    const guard = guardOf(rule, guards)
    const methods = [route.method].flat()
    const origin = methods.some(isUnsafe) && !isMachine(rule) ? [refuseOrigin(options.ownOrigin)] : []
    route.onRequest = [...origin, ...(guard === null ? [] : [guard]), ...[route.onRequest ?? []].flat()]
    if (origin.length > 0 && rule.kind !== 'public') {
      route.preValidation = [refuseToken(rule), ...[route.preValidation ?? []].flat()]
    }
  })
  app.addHook('onReady', async () => {
    for (const kind of needed) invariant(hasGuard(kind, guards), `routes for ${kind} have a guard`)
  })
  return (more) => {
    const secrets = { ...guards.secrets, ...more.secrets }
    Object.assign(guards, more, { secrets })
  }
}

/** Machines carry their right in a header that no other site can make a browser send. */
function isMachine(rule: AccessRule): boolean {
  return rule.kind === 'secret' || rule.kind === 'client'
}

function hasGuard(kind: string, guards: Guards): boolean {
  if (kind === 'public') return true
  if (kind === 'staff' || kind === 'customer' || kind === 'representative' || kind === 'client')
    return guards[kind] !== undefined
  return guards.secrets?.[kind.slice('secret '.length)] !== undefined
}

type Hook = onRequestAsyncHookHandler

function guardOf(rule: AccessRule, guards: Guards): Hook | null {
  if (rule.kind === 'public') return null
  if (rule.kind === 'staff') {
    return async (request, reply) => {
      invariant(guards.staff, 'there is a staff guard')
      reply.header('cache-control', 'no-store')
      const refusal = await guards.staff(request, rule)
      if (refusal !== null) return reply.refuse(refusal)
    }
  }
  if (rule.kind === 'customer') {
    return async (request, reply) => {
      invariant(guards.customer, 'there is a customer guard')
      reply.header('cache-control', 'no-store')
      const refusal = await guards.customer(request, rule, reply)
      if (refusal !== null) return reply.refuse(refusal)
      if (reply.sent) return reply
    }
  }
  if (rule.kind === 'representative') {
    return async (request, reply) => {
      invariant(guards.representative, 'there is a guard of representatives')
      reply.header('cache-control', 'no-store')
      const refusal = await guards.representative(request, reply)
      if (refusal !== null) return reply.refuse(refusal)
      if (reply.sent) return reply
    }
  }
  if (rule.kind === 'client') {
    return async (request, reply) => {
      invariant(guards.client, 'there is a guard of clients')
      reply.header('cache-control', 'no-store')
      const refusal = await guards.client(request)
      if (refusal !== null) return reply.refuse(refusal)
    }
  }
  return async (request, reply) => {
    const secret = guards.secrets?.[rule.name]
    invariant(secret, `there is a secret ${rule.name}`)
    if (!bears(request, secret)) {
      return reply.refuse(refuse('secret-wrong', 'The secret is missing or wrong.', 'Check both settings.'))
    }
  }
}

/** Compares hashes, so that neither length nor content of the secret shows in the time it takes. */
function bears(request: FastifyRequest, secret: Buffer): boolean {
  const given = /^Bearer (.{1,200})$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const sha256 = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest()
  return timingSafeEqual(sha256(given), sha256(secret.toString('base64url')))
}

function refuseOrigin(ownOrigin: string): Hook {
  return async (request, reply) => {
    const refusal = refuseForeignOrigin(request, ownOrigin)
    if (refusal !== null) return reply.refuse(refusal)
  }
}

function refuseToken(rule: AccessRule): preValidationAsyncHookHandler {
  return async (request, reply) => {
    const refusal = refuseWithoutToken(request, rule)
    if (refusal !== null) return reply.refuse(refusal)
  }
}

/**
 * A signed-in person has a count of their own, since a whole shop shares one address; who is not signed in is
 * counted by address. Making up session cookies gains nothing but refusals.
 */
function rateLimitOf(
  rule: AccessRule,
  options: GuardOptions,
  own: RateLimitOptions | false | undefined,
): RateLimitOptions | false {
  if (rule.kind === 'secret') return false
  const limit = { max: options.requestsPerMinute, timeWindow: '1 minute', ...own }
  if (rule.kind === 'public' || rule.kind === 'client') return limit
  return { keyGenerator: (request) => readSessionCookie(request, rule.kind) ?? request.ip, ...limit }
}
