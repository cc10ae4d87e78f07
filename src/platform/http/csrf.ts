import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { type Refusal, refuse } from '../refusal.ts'
import type { AccessRule } from './access.ts'
import { csrfTokenOf, readSessionCookie } from './cookies.ts'

/** Whether a method may change something (RFC 9110, 9.2.1). */
export function isUnsafe(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
}

/**
 * Refuses a request that another site made a browser send. Browsers set `Sec-Fetch-Site` and `Origin`
 * themselves and no script can forge them; a client that sends neither is no browser and carries nobody's
 * cookies unasked.
 * @param ownOrigin the origin of `publicUrl`
 */
export function refuseForeignOrigin(request: FastifyRequest, ownOrigin: string): Refusal | null {
  const site = request.headers['sec-fetch-site']
  const origin = request.headers.origin
  const foreign = site === undefined ? origin !== undefined && origin !== ownOrigin : site !== 'same-origin'
  if (!foreign) return null
  return refuse(
    'foreign-origin',
    'This request came from another site.',
    'Open our own page and do it there.',
  )
}

/**
 * For requests that change something under a session: the token must be the session's own, as header
 * `x-csrf-token` or as the form field `_csrf`, which is taken out of the body before it is validated.
 */
export function refuseWithoutToken(request: FastifyRequest, rule: AccessRule): Refusal | null {
  if (rule.kind === 'public' || rule.kind === 'secret' || rule.kind === 'client') return null
  const session = readSessionCookie(request, rule.kind)
  const given = takeFormField(request) ?? request.headers['x-csrf-token']
  if (session !== null && typeof given === 'string' && sameText(given, csrfTokenOf(session))) return null
  return refuse(
    'csrf-token-wrong',
    'This page is older than your session.',
    'Reload the page and do it again.',
  )
}

function takeFormField(request: FastifyRequest): string | undefined {
  const body = request.body
  if (typeof body !== 'object' || body === null || !('_csrf' in body)) return undefined
  const { _csrf: token, ...rest } = body
  request.body = rest
  return typeof token === 'string' ? token : undefined
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
