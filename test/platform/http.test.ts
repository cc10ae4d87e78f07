import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { systemClock } from '../../src/platform/clock.ts'
import { type App, type AppOptions, createApp } from '../../src/platform/http/app.ts'
import {
  clearSessionCookie,
  csrfFieldOf,
  csrfTokenOf,
  readSessionCookie,
  setSessionCookie,
} from '../../src/platform/http/cookies.ts'
import { PLATFORM_PROBLEMS } from '../../src/platform/http/problem.ts'
import { createLog } from '../../src/platform/log.ts'
import { refuse } from '../../src/platform/refusal.ts'

const ORIGIN = 'http://localhost:8080'
const PUBLIC = { access: { kind: 'public' } } as const
const STAFF = { access: { kind: 'staff', action: null } } as const
const CUSTOMER = { access: { kind: 'customer' } } as const
const described = { summary: 'A route of the test', tags: ['test'] }

async function appFor(t: { after(fn: () => Promise<void>): void }, options: Partial<AppOptions> = {}) {
  const lines: string[] = []
  const log = createLog({ level: 'debug', clock: systemClock, write: (line) => lines.push(line) })
  const app = await createApp({
    log,
    clock: systemClock,
    publicUrl: ORIGIN,
    operatorName: 'Test Mobile',
    demo: true,
    secureCookies: false,
    ...options,
  })
  t.after(() => app.close())
  return { app, lines }
}

/** Guards that believe any session cookie. */
function letSessionsIn(app: App): void {
  app.setGuards({
    staff: async (request) => {
      const session = readSessionCookie(request, 'staff')
      if (session === null) return refuse('not-signed-in', 'You are not signed in.', 'Sign in.')
      request.staff = { id: session }
      return null
    },
    customer: async (request) =>
      readSessionCookie(request, 'customer') === null
        ? refuse('not-signed-in', 'You are not signed in.', 'Sign in.')
        : null,
  })
}

test('a route that names no access rule stops the start', async (t) => {
  const { app } = await appFor(t)
  assert.throws(() => app.get('/open', () => 'hello'), { code: 'route-without-access' })
})

test('a route of the API that says neither summary nor tags stops the start', async (t) => {
  const { app } = await appFor(t)
  assert.throws(() => app.get('/api/silent', { config: PUBLIC }, () => 'hello'), /summary/)
})

test('a staff route without a guard stops the start', async (t) => {
  const { app } = await appFor(t)
  app.get('/api/staff', { config: STAFF, schema: described }, () => ({}))
  await assert.rejects(async () => app.ready(), /guard/)
})

test('the guard refuses whoever has no session, and its answer is not cached', async (t) => {
  const { app } = await appFor(t)
  letSessionsIn(app)
  app.get('/api/me', { config: STAFF, schema: described }, (request) => request.staff)
  const without = await app.inject({ url: '/api/me' })
  assert.equal(without.statusCode, 401)
  assert.equal(without.headers['content-type'], 'application/problem+json')
  assert.equal(without.json().code, 'not-signed-in')
  const signedIn = await app.inject({ url: '/api/me', headers: { cookie: 'countersign-staff=abc' } })
  assert.deepEqual(signedIn.json(), { id: 'abc' })
  assert.equal(signedIn.headers['cache-control'], 'no-store')
})

test('a guard that answers by itself, with the way to sign in, ends the request there', async (t) => {
  const { app, lines } = await appFor(t)
  app.setGuards({
    customer: async (_request, _rule, reply) => {
      reply.redirect('/my/sign-in', 303)
      return null
    },
  })
  let ran = false
  app.get('/my/calls', { config: CUSTOMER }, () => {
    ran = true
    return 'her calls'
  })
  const answer = await app.inject('/my/calls')
  assert.equal(answer.statusCode, 303)
  assert.equal(answer.headers.location, '/my/sign-in')
  assert.equal(ran, false)
  assert.deepEqual(lines, [])
})

test('a request that another site sent changes nothing', async (t) => {
  const { app } = await appFor(t)
  letSessionsIn(app)
  let changes = 0
  app.post('/api/change', { config: STAFF, schema: described }, () => ({ changes: ++changes }))
  app.post('/api/sign-in', { config: PUBLIC, schema: described }, () => ({ changes: ++changes }))
  const session = { cookie: 'countersign-staff=abc', 'x-csrf-token': csrfTokenOf('abc') }
  const attacks: Record<string, string>[] = [
    { ...session, 'sec-fetch-site': 'cross-site' },
    { ...session, 'sec-fetch-site': 'same-site' },
    { ...session, 'sec-fetch-site': 'none' },
    { ...session, origin: 'https://evil.example' },
    { ...session, origin: 'null' },
    { ...session, 'sec-fetch-site': 'cross-site', origin: ORIGIN },
  ]
  for (const headers of attacks) {
    for (const url of ['/api/change', '/api/sign-in']) {
      const answer = await app.inject({ method: 'POST', url, headers })
      assert.equal(answer.statusCode, 403, JSON.stringify(headers))
      assert.equal(answer.json().code, 'foreign-origin')
    }
  }
  assert.equal(changes, 0)
})

test('a change under a session needs the token of that session', async (t) => {
  const { app } = await appFor(t)
  letSessionsIn(app)
  app.post('/api/change', { config: STAFF, schema: described }, () => ({ done: true }))
  const post = (headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/api/change', headers: { origin: ORIGIN, ...headers } })
  const cookie = 'countersign-staff=abc'
  assert.equal((await post({ cookie })).json().code, 'csrf-token-wrong')
  assert.equal((await post({ cookie, 'x-csrf-token': csrfTokenOf('other') })).statusCode, 403)
  assert.equal((await post({ cookie, 'x-csrf-token': 'abc' })).statusCode, 403)
  const planted = `${cookie}; countersign-staff-csrf=planted`
  assert.equal((await post({ cookie: planted, 'x-csrf-token': 'planted' })).statusCode, 403)
  assert.equal((await post({ cookie, 'x-csrf-token': csrfTokenOf('abc') })).statusCode, 200)
})

test('a form of a signed-in page sends its token as a field, which the route never sees', async (t) => {
  const { app } = await appFor(t)
  letSessionsIn(app)
  const body = Type.Object({ language: Type.String() })
  app.get('/my/form', { config: CUSTOMER }, (request) => ({ field: csrfFieldOf(request, 'customer') }))
  app.post('/my/form', { config: CUSTOMER, schema: { body } }, (request) => request.body)
  const cookie = 'countersign-my=xyz'
  const field = (await app.inject({ url: '/my/form', headers: { cookie } })).json().field
  const post = (payload: string) =>
    app.inject({
      method: 'POST',
      url: '/my/form',
      headers: {
        cookie,
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
      },
      payload,
    })
  assert.deepEqual((await post(`language=my&_csrf=${field}`)).json(), { language: 'my' })
  assert.equal((await post('language=my')).statusCode, 403)
  assert.equal((await post('language=my&_csrf=x')).statusCode, 403)
})

test('session cookies are HttpOnly, SameSite=Strict, and over https Secure and of this host alone', async (t) => {
  for (const secureCookies of [false, true]) {
    const { app } = await appFor(t, { secureCookies })
    app.get('/in', { config: PUBLIC }, (_request, reply) => {
      setSessionCookie(reply, 'staff', 'secret', 3600)
      return 'in'
    })
    app.get('/out', { config: PUBLIC }, (_request, reply) => {
      clearSessionCookie(reply, 'staff')
      return 'out'
    })
    const [session, csrf] = (await app.inject('/in')).headers['set-cookie'] as string[]
    const prefix = secureCookies ? '__Host-' : ''
    const secure = secureCookies ? '; Secure' : ''
    assert.equal(
      session,
      `${prefix}countersign-staff=secret; Max-Age=3600; Path=/; HttpOnly${secure}; SameSite=Strict`,
    )
    assert.equal(
      csrf,
      `${prefix}countersign-staff-csrf=${csrfTokenOf('secret')}; Max-Age=3600; Path=/${secure}; SameSite=Strict`,
    )
    for (const cookie of (await app.inject('/out')).headers['set-cookie'] as string[])
      assert.match(cookie, /=; Max-Age=0/)
  }
})

test('a machine needs its secret', async (t) => {
  const { app } = await appFor(t)
  const secret = Buffer.alloc(32, 7)
  app.setGuards({ secrets: { telephony: secret } })
  app.post('/machine', { config: { access: { kind: 'secret', name: 'telephony' } } }, () => 'in')
  const post = (authorization?: string) =>
    app.inject({
      method: 'POST',
      url: '/machine',
      headers: authorization === undefined ? {} : { authorization },
    })
  assert.equal((await post()).statusCode, 401)
  assert.equal((await post('Bearer ')).statusCode, 401)
  assert.equal((await post(`Bearer ${Buffer.alloc(32, 8).toString('base64url')}`)).statusCode, 401)
  assert.equal((await post(`Basic ${secret.toString('base64url')}`)).statusCode, 401)
  assert.equal((await post(`Bearer ${secret.toString('base64url')}`)).statusCode, 200)
})

test('the content security policy allows nothing inline and nothing from elsewhere', async (t) => {
  const { app } = await appFor(t)
  const { headers } = await app.inject('/api/health')
  const policy = String(headers['content-security-policy'])
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /script-src 'self'(;|$)/)
  assert.match(policy, /style-src 'self'(;|$)/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /unsafe|https?:|\*/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['referrer-policy'], 'same-origin')
  assert.equal(headers['strict-transport-security'], undefined)
  const secure = await appFor(t, { secureCookies: true, publicUrl: 'https://care.example' })
  assert.match(
    String((await secure.app.inject('/api/health')).headers['strict-transport-security']),
    /max-age=31536000/,
  )
})

test('a body over the limit, of another type, or not JSON is refused', async (t) => {
  const { app } = await appFor(t)
  const body = Type.Object({ note: Type.String() })
  app.post('/api/note', { config: PUBLIC, schema: { ...described, body } }, () => ({ done: true }))
  const post = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/api/note', headers: { 'content-type': type }, payload })
  assert.equal((await post(JSON.stringify({ note: 'x'.repeat(70_000) }))).json().code, 'body-too-large')
  assert.equal((await post('<note/>', 'application/xml')).json().code, 'unsupported-media-type')
  assert.equal((await post('{"note":')).json().code, 'invalid-request')
  assert.equal((await post('{"__proto__":{"a":1},"note":"x"}')).statusCode, 400)
})

test('the rest of an address is refused when it is too long, whatever stands in it', async (t) => {
  const { app } = await appFor(t)
  const params = Type.Object({ '*': Type.String({ maxLength: 64 }) })
  app.get('/log/tile/*', { config: PUBLIC, schema: { ...described, params } }, () => 'a tile')
  for (const rest of ['a'.repeat(65), '%0A%F3%8E%B1%B6'.repeat(40), '*'.repeat(65)]) {
    const answer = await app.inject(`/log/tile/${rest}`)
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.json().code, 'invalid-request')
  }
  assert.equal((await app.inject('/log/tile/x000/001')).statusCode, 200)
})

test('an address that cannot be read is refused like anything else, and not repeated', async (t) => {
  const { app, lines } = await appFor(t)
  app.get('/api/notes/:id', { config: PUBLIC, schema: described }, () => 'a note')
  for (const id of [`09791204412${'x'.repeat(200)}`, '09791204412%C3', '%2509791204412%']) {
    const answer = await app.inject(`/api/notes/${id}`)
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.headers['content-type'], 'application/problem+json')
    assert.equal(answer.json().code, 'invalid-request')
    assert.ok(answer.headers['content-security-policy'])
    assert.doesNotMatch(answer.body + lines.join(''), /204412/)
  }
})

test('an unknown field is refused at any depth, and the refusal names the field and never the value', async (t) => {
  const { app } = await appFor(t)
  const body = Type.Object({
    to: Type.String({ pattern: '^\\+[0-9]+$' }),
    list: Type.Array(Type.Object({ day: Type.Integer() }), { maxItems: 3 }),
  })
  const querystring = Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1 })) })
  app.post('/api/send', { config: PUBLIC, schema: { ...described, body, querystring } }, (r) => r.query)
  const post = (payload: object, query = '') =>
    app.inject({ method: 'POST', url: `/api/send${query}`, payload: payload as Record<string, unknown> })
  assert.deepEqual((await post({ to: '+95', list: [{ day: 1 }] }, '?page=2')).json(), { page: 2 })
  const wrong = [
    await post({ to: '09791204412', list: [] }),
    await post({ to: '+95', list: [{ day: 1, extra: '09791204412' }] }),
    await post({ to: '+95', list: [], secret: '09791204412' }),
    await post({ to: '+95', list: [{ day: '1' }] }),
    await post({ to: '+95', list: [] }, '?page=2&number=09791204412'),
    await post({ to: '+95', list: [] }, '?page=0'),
    await post({ list: [] }),
  ]
  for (const answer of wrong) {
    assert.equal(answer.statusCode, 400, answer.body)
    assert.equal(answer.json().code, 'invalid-request')
    assert.doesNotMatch(answer.body, /09791204412/)
  }
  assert.match(wrong[6]?.json().detail, /lacks to/)
})

test('every refusal code has a status, and a code that no table names answers 500', async (t) => {
  const { app, lines } = await appFor(t)
  app.addProblems({ 'grant-ended': 410 })
  app.get('/api/known', { config: PUBLIC, schema: described }, (_r, reply) =>
    reply.refuse(refuse('grant-ended', 'The grant has ended.', 'Ask anew.')),
  )
  app.get('/api/unknown', { config: PUBLIC, schema: described }, (_r, reply) =>
    reply.refuse(refuse('never-said', 'No.', 'No.')),
  )
  const known = await app.inject('/api/known')
  assert.equal(known.statusCode, 410)
  assert.deepEqual(known.json(), {
    type: 'urn:countersign:problem:grant-ended',
    title: 'The grant has ended.',
    status: 410,
    detail: 'The grant has ended.',
    code: 'grant-ended',
    next: 'Ask anew.',
  })
  const unknown = await app.inject('/api/unknown')
  assert.equal(unknown.statusCode, 500)
  assert.equal(unknown.json().code, 'internal-error')
  assert.match(lines.join(), /never-said/)
  assert.throws(() => app.addProblems({ 'grant-ended': 404 }), /one status/)
  assert.throws(() => app.addProblems({ fine: 200 }), /error status/)
  assert.equal(PLATFORM_PROBLEMS['internal-error'], 500)
})

test('no number, name or code of a failed request reaches a log line', async (t) => {
  const { app, lines } = await appFor(t)
  const querystring = Type.Object({ q: Type.String() })
  app.get('/api/fails/:who', { config: PUBLIC, schema: { ...described, querystring } }, () => {
    throw Object.assign(new Error('invalid input syntax: "+95 9 791 204 412"'), {
      severity: 'ERROR',
      routine: 'x',
      code: '22P02',
    })
  })
  app.get('/api/throws', { config: PUBLIC, schema: described }, () => {
    throw new Error('no route to 09-791-204-412 or ၀၉၇၉၁၂၀၄၄၁၂ with code 123456')
  })
  const answer = await app.inject('/api/fails/DawKhin?q=09791204412')
  assert.equal(answer.statusCode, 500)
  await app.inject('/api/throws')
  const log = lines.join('\n')
  assert.match(log, /22P02/)
  assert.match(log, /\/api\/fails\/:who/)
  // Instants and places in the code are numbers of their own.
  const said = log.replaceAll(/:\d+:\d+\)|"at":"[^"]*"/g, '')
  assert.doesNotMatch(said + answer.body, /791|204|412|DawKhin|၀၉၇|123456/)
})

test('too many requests are refused, by session where there is one', async (t) => {
  const { app } = await appFor(t, { requestsPerMinute: 3 })
  letSessionsIn(app)
  app.get('/api/me', { config: STAFF, schema: described }, () => ({}))
  app.get('/api/public', { config: PUBLIC, schema: described }, () => ({}))
  const get = async (url: string, session: string) =>
    (await app.inject({ url, headers: { cookie: `countersign-staff=${session}` } })).statusCode
  for (let i = 0; i < 3; i++) assert.equal(await get('/api/me', 'one'), 200)
  assert.equal(await get('/api/me', 'one'), 429)
  assert.equal(await get('/api/me', 'two'), 200)
  for (let i = 0; i < 3; i++) assert.equal(await get('/api/public', `new${i}`), 200)
  const refused = await app.inject({ url: '/api/public' })
  assert.equal(refused.json().code, 'too-many-requests')
  assert.ok(Number(refused.headers['retry-after']) > 0)
})

test('health says ok, and which check fails', async (t) => {
  const { app } = await appFor(t)
  app.addHealth('database', async () => 'ok')
  assert.deepEqual((await app.inject('/api/health')).json(), { status: 'ok', database: 'ok' })
  app.addHealth('witnesses', async () => ({ alarm: 'a witness refuses this log' }))
  const alarmed = await app.inject('/api/health')
  assert.equal(alarmed.statusCode, 200, 'no load balancer takes the server out for it')
  assert.deepEqual(alarmed.json(), {
    status: 'ok',
    database: 'ok',
    witnesses: 'a witness refuses this log',
    alarms: ['witnesses: a witness refuses this log'],
  })
  app.addHealth('witnesses', async () => 'none')
  app.addHealth('ledger', async () => {
    throw new Error('gone')
  })
  const failing = await app.inject('/api/health')
  assert.equal(failing.statusCode, 503)
  assert.deepEqual(failing.json(), {
    status: 'failing',
    database: 'ok',
    witnesses: 'none',
    ledger: 'failing',
  })
})

test('a browser that goes astray gets a page, a program gets problem details', async (t) => {
  const { app } = await appFor(t)
  const page = await app.inject({ url: '/nowhere', headers: { accept: 'text/html' } })
  assert.equal(page.statusCode, 404)
  assert.match(page.body, /There is nothing at this address/)
  assert.doesNotMatch(page.body, /style=|<style|<script/)
  assert.equal((await app.inject('/api/nowhere')).json().code, 'not-found')
  const style = (await app.inject('/platform/page.css')).body
  const fonts = [...style.matchAll(/url\("([^"]+)"\)/g)].map((match) => match[1] ?? '')
  assert.equal(fonts.length, 3)
  for (const font of fonts) assert.equal((await app.inject(font)).headers['content-type'], 'font/woff2')
})
