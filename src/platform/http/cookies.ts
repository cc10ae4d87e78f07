import { createHash } from 'node:crypto'
import { fastifyCookie, type SerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The kinds of people who sign in; one browser may hold a session of each. */
export type SessionKind = 'staff' | 'customer' | 'representative'

const SESSION_COOKIE: Record<SessionKind, string> = {
  staff: 'countersign-staff',
  customer: 'countersign-my',
  representative: 'countersign-representative',
}
const CSRF_COOKIE: Record<SessionKind, string> = {
  staff: 'countersign-staff-csrf',
  customer: 'countersign-my-csrf',
  representative: 'countersign-representative-csrf',
}

/**
 * Sets the session cookie (HttpOnly, SameSite=Strict, `__Host-` and Secure over https) and beside it the
 * cookie that the console's script reads to fill `x-csrf-token`.
 * @param token the session's secret, base64url of at least 32 random bytes.
 */
export function setSessionCookie(
  reply: FastifyReply,
  kind: SessionKind,
  token: string,
  maxAgeSeconds: number,
): void {
  setCookie(reply, SESSION_COOKIE[kind], token, maxAgeSeconds)
  appendCookie(reply, CSRF_COOKIE[kind], csrfTokenOf(token), { maxAge: maxAgeSeconds, httpOnly: false })
}

/** Takes both cookies of a session back. */
export function clearSessionCookie(reply: FastifyReply, kind: SessionKind): void {
  setCookie(reply, SESSION_COOKIE[kind], '', 0)
  appendCookie(reply, CSRF_COOKIE[kind], '', { maxAge: 0, httpOnly: false })
}

/** The session's secret as the browser sent it, not yet checked by anybody. */
export function readSessionCookie(request: FastifyRequest, kind: SessionKind): string | null {
  return readCookie(request, SESSION_COOKIE[kind])
}

/** What a form of a signed-in page sends back as its hidden field `_csrf`; null when nobody is signed in. */
export function csrfFieldOf(request: FastifyRequest, kind: SessionKind): string | null {
  const token = readSessionCookie(request, kind)
  return token === null ? null : csrfTokenOf(token)
}

/**
 * The token that proves a request was made by a page that could read our cookies. It is a hash of the session's
 * secret: whoever cannot read that (another site) cannot compute it, planting a cookie does not help since
 * both must fit, and knowing it tells nothing about the secret. No key, so every server agrees.
 */
export function csrfTokenOf(sessionToken: string): string {
  return createHash('sha256').update('countersign csrf v1\0').update(sessionToken).digest('base64url')
}

/** Sets an HttpOnly, SameSite=Strict cookie for the whole site. */
export function setCookie(reply: FastifyReply, name: string, value: string, maxAgeSeconds: number): void {
  appendCookie(reply, name, value, { maxAge: maxAgeSeconds, httpOnly: true })
}

/**
 * As {@link setCookie}, but sent when another site sends the browser back to us: what ties a sign-in at the directory
 * to the browser that began it. It opens nothing by itself.
 */
export function setReturnCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  maxAgeSeconds: number,
): void {
  appendCookie(reply, name, value, { maxAge: maxAgeSeconds, httpOnly: true, sameSite: 'lax' })
}

/** A cookie's value, or null. Parsed once a request, and only when somebody asks. */
export function readCookie(request: FastifyRequest, name: string): string | null {
  const header = request.headers.cookie
  if (header === undefined) return null
  let sent = parsed.get(request)
  if (sent === undefined) {
    sent = fastifyCookie.parse(header)
    parsed.set(request, sent)
  }
  const value = sent[prefixed(request.server.secureCookies, name)]
  return value === undefined || value === '' ? null : value
}

const parsed = new WeakMap<FastifyRequest, Record<string, string>>()

function appendCookie(reply: FastifyReply, name: string, value: string, options: SerializeOptions): void {
  const secure = reply.server.secureCookies
  const cookie = fastifyCookie.serialize(prefixed(secure, name), value, {
    path: '/',
    sameSite: 'strict',
    secure,
    ...options,
  })
  reply.header('set-cookie', cookie)
}

/** RFC 6265bis: a `__Host-` cookie is Secure, for `/`, and of this host alone, or the browser drops it. */
function prefixed(secure: boolean, name: string): string {
  return secure ? `__Host-${name}` : name
}
