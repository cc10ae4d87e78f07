import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import * as care from '../care/schemas.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { type Clients, clientOf, TOKEN_SECONDS } from './clients.ts'
import type { Asker, CrmDesk } from './desk.ts'
import { encodeBill, encodeRates, encodeUsage, type TmfPlace } from './tmf.ts'

const closed = { additionalProperties: false } as const
const tags = ['crm']
const CLIENT = { access: { kind: 'client' } } as const
const Held = { contact: Type.String(), state: Type.String(), link: Type.String() }
const HeldView = Type.Object(Held, closed)
const Any = Type.Unsafe<object>({ type: 'object', additionalProperties: true })
/** RFC 6749, 5.2, or the problem of a request that cannot be read. */
const NO_TOKEN = Type.Unsafe<object>({
  description: 'No token.',
  content: { 'application/json': { schema: Any }, 'application/problem+json': { schema: Any } },
})
const List = Type.Unsafe<object[]>({ type: 'array', items: { type: 'object', additionalProperties: true } })

/** HTTP status of this room's refusals. */
export const CRM_PROBLEMS: Readonly<Record<string, number>> = {
  'token-wrong': 401,
  'employee-not-here': 403,
  'grant-needed': 403,
  'contact-not-found': 404,
  'grant-not-found': 404,
}

/** The operator's own CRM: tokens, contacts in an employee's name, and TM Forum's shapes on a grant. */
export function addCrmRoutes(app: App, parties: { clients: Clients; desk: CrmDesk; place: TmfPlace }): void {
  app.addProblems(CRM_PROBLEMS)
  app.setGuards({ client: parties.clients.guard })
  addTokenRoute(app, parties.clients)
  addContactRoutes(app, parties.desk)
  addTmfRoutes(app, parties.desk, parties.place)
}

function addTokenRoute(app: App, clients: Clients): void {
  app.post(
    '/api/oauth/token',
    {
      config: { access: { kind: 'public' }, rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'An access token by client credentials (RFC 6749, 4.4)',
        body: Type.Object(
          {
            grant_type: Type.String({ maxLength: 40 }),
            client_id: Type.Optional(Type.String({ maxLength: 100 })),
            client_secret: Type.Optional(Type.String({ maxLength: 200 })),
            scope: Type.Optional(Type.String({ maxLength: 200 })),
          },
          closed,
        ),
        response: { 200: Any, 400: NO_TOKEN, 401: NO_TOKEN },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store').type('application/json').serializer(JSON.stringify)
      if (request.body.grant_type !== 'client_credentials')
        return reply.code(400).send({ error: 'unsupported_grant_type' })
      const { id, secret } = credentialsOf(request, request.body)
      const token = await clients.issue(id, secret)
      if (token === null)
        return reply.code(401).header('www-authenticate', 'Basic').send({ error: 'invalid_client' })
      return reply.send({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_SECONDS })
    },
  )
}

/** RFC 6749, 2.3.1: HTTP Basic with both parts form-encoded, or in the body. */
function credentialsOf(
  request: FastifyRequest,
  body: { client_id?: string; client_secret?: string },
): { id: string; secret: string } {
  const basic = /^Basic ([A-Za-z0-9+/=]{1,600})$/.exec(request.headers.authorization ?? '')?.[1]
  if (basic === undefined) return { id: body.client_id ?? '', secret: body.client_secret ?? '' }
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  return { id, secret }
}

function addContactRoutes(app: App, desk: CrmDesk): void {
  app.post(
    '/api/contacts',
    {
      config: CLIENT,
      schema: {
        tags,
        summary: 'Open a contact in an employee’s name; gives the link to its page',
        body: care.OpenContactBody,
        response: { 200: HeldView },
      },
    },
    async (request, reply) => send(reply, await desk.openContact(askerOf(request), request.body)),
  )
  app.get(
    '/api/contacts/:id',
    {
      config: CLIENT,
      schema: {
        tags,
        summary: 'Where a contact stands',
        params: care.ContactParams,
        response: { 200: HeldView },
      },
    },
    async (request, reply) => send(reply, await desk.contact(askerOf(request), request.params.id)),
  )
  app.post(
    '/api/contacts/:id/grants',
    {
      config: CLIENT,
      schema: {
        tags,
        summary: 'Ask for a look; its page is the contact’s',
        params: care.ContactParams,
        body: care.GrantBody,
        response: { 200: Type.Object({ ...Held, grant: Type.String(), endsAt: Type.Integer() }, closed) },
      },
    },
    async (request, reply) =>
      send(reply, await desk.askForLook(askerOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/contacts/:id/closing',
    {
      config: CLIENT,
      schema: {
        tags,
        summary: 'Close a contact',
        params: care.ContactParams,
        body: care.ClosingBody,
        response: { 200: HeldView },
      },
    },
    async (request, reply) =>
      send(reply, await desk.close(askerOf(request), request.params.id, request.body)),
  )
}

function addTmfRoutes(app: App, desk: CrmDesk, place: TmfPlace): void {
  const page = Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }, closed)
  app.get(
    '/tmf-api/usageManagement/v4/usage',
    {
      config: CLIENT,
      schema: {
        tags,
        summary: 'TMF635 usage of a grant, masked; each page is a reveal',
        querystring: page,
        response: { 200: List },
      },
    },
    async (request, reply) => {
      const rows = await desk.rows(askerOf(request), grantOf(request), request.query.page ?? 1)
      if (isRefusal(rows)) return reply.refuse(rows)
      const total = rows.grant.rowsTotal ?? rows.rows.length
      reply.header('x-total-count', total).header('x-result-count', rows.rows.length)
      return json(reply, encodeUsage(rows, place))
    },
  )
  app.get(
    '/tmf-api/customerBillManagement/v5/customerBill',
    {
      config: CLIENT,
      schema: { tags, summary: 'TMF678 bill of a grant: a reveal', response: { 200: List } },
    },
    async (request, reply) => {
      const bill = await desk.bill(askerOf(request), grantOf(request))
      return isRefusal(bill) ? reply.refuse(bill) : json(reply, [encodeBill(bill, place)])
    },
  )
  app.get(
    '/tmf-api/customerBillManagement/v5/appliedCustomerBillingRate',
    {
      config: CLIENT,
      schema: {
        tags,
        summary: 'TMF678 what the bill of a grant is made of: a reveal',
        response: { 200: List },
      },
    },
    async (request, reply) => {
      const bill = await desk.bill(askerOf(request), grantOf(request))
      return isRefusal(bill) ? reply.refuse(bill) : json(reply, encodeRates(bill, place))
    },
  )
}

function askerOf(request: FastifyRequest): Asker {
  return { client: clientOf(request), employee: headerOf(request, 'countersign-employee') }
}

function grantOf(request: FastifyRequest): string | undefined {
  const grant = headerOf(request, 'x-view-grant')
  return grant !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(grant) ? grant : undefined
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' && value.length <= 100 ? value : undefined
}

function json(reply: FastifyReply, list: object[]): FastifyReply {
  return reply.type('application/json').serializer(JSON.stringify).send(list)
}

function send(reply: FastifyReply, result: object | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}
