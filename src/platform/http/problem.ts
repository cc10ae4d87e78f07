import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { CodedError, invariant } from '../coded-error.ts'
import type { Log } from '../log.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { renderPage } from './page.ts'

/** Refusals of the server itself; rooms add theirs with `app.addProblems`. */
export const PLATFORM_PROBLEMS: Readonly<Record<string, number>> = {
  'invalid-request': 400,
  'not-signed-in': 401,
  'secret-wrong': 401,
  'foreign-origin': 403,
  'csrf-token-wrong': 403,
  'not-found': 404,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'too-many-requests': 429,
  'internal-error': 500,
  'reveals-stopped': 503,
  'ledger-unavailable': 503,
  'key-missing': 503,
  'keys-broken': 503,
  'block-broken': 503,
}

/** The one table from refusal codes to HTTP statuses. */
export interface Problems {
  add(table: Readonly<Record<string, number>>): void
  /** @throws an invariant for a code that no table names. */
  statusOf(code: string): number
}

/** Starts with the platform's own codes. */
export function createProblems(): Problems {
  const statuses = new Map(Object.entries(PLATFORM_PROBLEMS))
  return {
    add: (table) => {
      for (const [code, status] of Object.entries(table)) {
        invariant(
          Number.isInteger(status) && status >= 400 && status < 600,
          `problem ${code} has an HTTP error status`,
        )
        invariant((statuses.get(code) ?? status) === status, `problem ${code} has one status`)
        statuses.set(code, status)
      }
    },
    statusOf: (code) => {
      const status = statuses.get(code)
      invariant(status !== undefined, `the refusal code ${code} is in a table of problems`)
      return status
    },
  }
}

/**
 * Sends `refusal` as RFC 9457 problem details with two members of our own, `code` and `next`; as a small page
 * to a browser that navigated to a page of ours.
 */
export function sendProblem(reply: FastifyReply, refusal: Refusal, status: number): FastifyReply {
  reply.code(status).header('cache-control', 'no-store')
  if (wantsPage(reply.request)) {
    return reply.type('text/html; charset=utf-8').send(problemPage(refusal))
  }
  return reply
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: `urn:countersign:problem:${refusal.code}`,
      title: refusal.says,
      status,
      detail: refusal.says,
      code: refusal.code,
      next: refusal.next,
    })
}

/** What went wrong, for a request that threw: bad input is told precisely, a fault of ours only by reference. */
export function refusalOfError(error: FastifyError, request: FastifyRequest, log: Log): Refusal {
  if (error.validation !== undefined) return invalidRequest(error)
  const known = KNOWN_ERRORS[error.code]
  if (known !== undefined) {
    // A lost key is among the alarms of health; of these nobody would hear.
    if (known.code === 'block-broken' || known.code === 'ledger-unavailable') logFailure(error, request, log)
    return known
  }
  if (error.statusCode === 429)
    return refuse('too-many-requests', 'Too many requests in a short time.', 'Wait a minute, then try again.')
  if (error.statusCode === 400)
    return refuse('invalid-request', 'The request cannot be read.', 'Send it as the API description says.')
  logFailure(error, request, log)
  return refuse(
    'internal-error',
    'Something went wrong on our side; nothing was changed.',
    `Try again. If it stays, give our support the reference ${request.id}.`,
  )
}

function logFailure(error: FastifyError, request: FastifyRequest, log: Log): void {
  log.error(
    { reference: request.id, route: request.routeOptions.url, ...describeError(error) },
    'request failed',
  )
}

/**
 * What a log line may say about an error. A database's message quotes the values it stumbled over, so of those
 * only code, table and constraint are kept; other messages are ours and hold none.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  const fromDatabase = 'severity' in error && 'routine' in error
  if (fromDatabase) {
    const { code, table, constraint, routine } = error as unknown as Record<string, unknown>
    return { error: 'DatabaseError', code, table, constraint, routine, stack: frames.slice(0, 8) }
  }
  const code = error instanceof CodedError ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) }
  return { error: error.name, ...code, says: error.message, stack: frames.slice(0, 8), ...cause }
}

const KEY_LOST = [
  'These records cannot be opened: a key is missing or damaged. Others open as ever.',
  'Nothing was shown. Tell an administrator: the command "keys check" says what is lost.',
] as const

const KNOWN_ERRORS: Readonly<Record<string, Refusal>> = {
  'reveals-stopped': refuse(
    'reveals-stopped',
    'Nothing is shown just now: the witnesses of the ledger do not stand behind it.',
    'Nothing was opened. The privacy officer finds the reason on the ledger’s page.',
  ),
  'ledger-unavailable': refuse(
    'ledger-unavailable',
    'The ledger cannot be written just now, so nothing was shown.',
    'Try again in a minute. If it stays, tell an administrator.',
  ),
  'key-missing': refuse('key-missing', ...KEY_LOST),
  'keys-broken': refuse('keys-broken', ...KEY_LOST),
  'block-broken': refuse(
    'block-broken',
    'These records cannot be opened: they were changed where they lie, or their key is another one. Others open as ever.',
    'Nothing was shown. Tell an administrator: the command "keys check" says what is lost.',
  ),
  FST_ERR_CTP_BODY_TOO_LARGE: refuse('body-too-large', 'The request is too large.', 'Send less at a time.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: refuse(
    'unsupported-media-type',
    'The content type of the request is not one we read.',
    'Send application/json.',
  ),
  FST_ERR_CTP_EMPTY_JSON_BODY: refuse(
    'invalid-request',
    'The request has no body, but says that it is JSON.',
    'Send a JSON body.',
  ),
}

/** Names the field and the rule, never the value: a value may be a customer's number. */
function invalidRequest(error: FastifyError): Refusal {
  const first = error.validation?.[0]
  const part = error.validationContext ?? 'request'
  const field = first?.instancePath ? ` ${first.instancePath.slice(1).replaceAll('/', '.')}` : ''
  const rule = first === undefined ? 'is not valid' : ruleOf(first.keyword, first.params, first.message)
  return refuse('invalid-request', `The ${part}${field} ${rule}.`, 'Correct it and send it again.')
}

function ruleOf(keyword: string, params: Record<string, unknown>, message: string | undefined): string {
  const names = (value: unknown): string =>
    Array.isArray(value) ? value.map((name) => String(name).slice(0, 40)).join(', ') : ''
  if (keyword === 'required') return `lacks ${names(params.requiredProperties)}`
  if (keyword === 'additionalProperties') return 'has a field that is not known'
  return message ?? 'is not valid'
}

function wantsPage(request: FastifyRequest): boolean {
  return !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html')
}

function problemPage(refusal: Refusal): string {
  return renderPage({
    language: 'en',
    title: refusal.says,
    body: `<main class="narrow"><h1>${refusal.says}</h1><p>${refusal.next}</p>
<p lang="my">ဤစာမျက်နှာကို ယခု မပြနိုင်ပါ။ နောက်တစ်ကြိမ် ထပ်ကြိုးစားကြည့်ပါ။</p>
<p><a href="/">Back to the start</a> · <a href="/my" lang="my">သင့်စာမျက်နှာသို့ ပြန်သွားရန်</a></p></main>`,
  })
}
