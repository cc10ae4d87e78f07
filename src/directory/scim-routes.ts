import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Db } from '../platform/database.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { type Provisioning, Taken } from './people.ts'
import * as scim from './scim.ts'
import {
  type Account,
  findAccount,
  type Group,
  listAccounts,
  listGroups,
  membersOf,
  readAccount,
  readGroup,
} from './store.ts'

const config = { access: { kind: 'secret', name: 'scim' } } as const
const tags = ['directory']
/** Directories send what they like beside what is read of it. */
const Body = Type.Object({}, { additionalProperties: true })
const Id = Type.Object({ id: Type.String({ maxLength: 100 }) }, { additionalProperties: false })
const Query = Type.Object(
  {
    filter: Type.Optional(Type.String({ maxLength: 300 })),
    startIndex: Type.Optional(Type.Integer()),
    count: Type.Optional(Type.Integer()),
    attributes: Type.Optional(Type.String({ maxLength: 300 })),
    excludedAttributes: Type.Optional(Type.String({ maxLength: 300 })),
  },
  { additionalProperties: false },
)
const Any = Type.Unsafe<object>({ type: 'object', additionalProperties: true })
const TYPE = 'application/scim+json'
const MOST = 200
type Json = Record<string, unknown>

interface ScimParties {
  readonly db: Db
  readonly provisioning: Provisioning
  readonly publicUrl: string
}

/** SCIM 2.0 for the operator's directory, under `/scim/v2`; whoever shows the secret is the directory. */
export function addScimRoutes(app: App, parties: ScimParties): void {
  app.addContentTypeParser(TYPE, { parseAs: 'string', bodyLimit: 256 * 1024 }, (_request, text, done) => {
    try {
      done(null, JSON.parse(String(text)))
    } catch {
      done(null, [])
    }
  })
  const base = `${parties.publicUrl}/scim/v2`
  addUsersRoutes(app, parties, base)
  addUserRoutes(app, parties, base)
  addGroupsRoutes(app, parties, base)
  addGroupRoutes(app, parties, base)
  app.get(
    '/scim/v2/ServiceProviderConfig',
    { config, schema: { tags, summary: 'What of SCIM is spoken here', response: { 200: Any } } },
    (_request, reply) => send(reply, 200, PROVIDER),
  )
}

const PROVIDER = {
  schemas: [scim.CONFIG],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MOST },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    { type: 'oauthbearertoken', name: 'Bearer', description: 'The secret of the SCIM setting.' },
  ],
}

function addUsersRoutes(app: App, { db, provisioning }: ScimParties, base: string): void {
  const user = (account: Account) => scim.encodeUser(account, base)
  app.get(
    '/scim/v2/Users',
    { config, schema: { tags, summary: 'Users', querystring: Query, response: { 200: Any } } },
    async (request, reply) => {
      const filter = scim.parseFilter(request.query.filter)
      if (scim.isWrong(filter)) return wrong(reply, filter)
      if (filter !== null) {
        const { attribute, value } = filter
        const found =
          attribute === 'id'
            ? await readAccount(db, value)
            : await findAccount(db, attribute === 'externalid' ? { externalId: value } : { userName: value })
        const list = found === null ? [] : [user(found)]
        return send(reply, 200, listOf(list, list.length, 1))
      }
      const first = Math.max(1, request.query.startIndex ?? 1)
      const limit = Math.min(MOST, Math.max(0, request.query.count ?? MOST))
      const { total, accounts } = await listAccounts(db, { offset: first - 1, limit })
      return send(reply, 200, listOf(accounts.map(user), total, first))
    },
  )
  app.post(
    '/scim/v2/Users',
    { config, schema: { tags, summary: 'A user is new', body: Body, response: { 201: Any } } },
    async (request, reply) => {
      const asked = scim.parseUser(request.body as Json)
      if (scim.isWrong(asked)) return wrong(reply, asked)
      return answer(reply, 201, () => provisioning.addUser(asked), user)
    },
  )
}

function addUserRoutes(app: App, { db, provisioning }: ScimParties, base: string): void {
  const user = (account: Account) => scim.encodeUser(account, base)
  app.get(
    '/scim/v2/Users/:id',
    { config, schema: { tags, summary: 'One user', params: Id, response: { 200: Any } } },
    async (request, reply) => {
      const account = await readAccount(db, request.params.id)
      return account === null ? notFound(reply) : send(reply, 200, user(account))
    },
  )
  app.put(
    '/scim/v2/Users/:id',
    {
      config,
      schema: { tags, summary: 'A user as a whole', params: Id, body: Body, response: { 200: Any } },
    },
    async (request, reply) => {
      const asked = scim.parseUser(request.body as Json)
      if (scim.isWrong(asked)) return wrong(reply, asked)
      return answer(reply, 200, () => provisioning.changeUser(request.params.id, asked), user)
    },
  )
  app.patch(
    '/scim/v2/Users/:id',
    {
      config,
      schema: { tags, summary: 'What changes of a user', params: Id, body: Body, response: { 200: Any } },
    },
    async (request, reply) => {
      const change = scim.parseUserPatch(request.body as Json)
      if (scim.isWrong(change)) return wrong(reply, change)
      return answer(reply, 200, () => provisioning.changeUser(request.params.id, change), user)
    },
  )
  app.delete(
    '/scim/v2/Users/:id',
    {
      config,
      schema: { tags, summary: 'A user is gone: frozen here', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const done = await provisioning.removeUser(request.params.id)
      return isRefusal(done) ? notFound(reply) : reply.code(204).send(null)
    },
  )
}

function addGroupsRoutes(app: App, { db, provisioning }: ScimParties, base: string): void {
  const group = async (one: Group) => scim.encodeGroup(one, await membersOf(db, one.id), base)
  app.get(
    '/scim/v2/Groups',
    { config, schema: { tags, summary: 'Groups', querystring: Query, response: { 200: Any } } },
    async (request, reply) => {
      const filter = scim.parseFilter(request.query.filter)
      if (scim.isWrong(filter)) return wrong(reply, filter)
      if (filter !== null && filter.attribute !== 'displayname')
        return wrong(reply, { wrong: 'invalidFilter', says: 'groups are looked up by displayName' })
      const all = await listGroups(db, filter?.value ?? null)
      const first = Math.max(1, request.query.startIndex ?? 1)
      const limit = Math.min(MOST, Math.max(0, request.query.count ?? MOST))
      const page = await Promise.all(all.slice(first - 1, first - 1 + limit).map(group))
      return send(reply, 200, listOf(page, all.length, first))
    },
  )
  app.post(
    '/scim/v2/Groups',
    { config, schema: { tags, summary: 'A group is new', body: Body, response: { 201: Any } } },
    async (request, reply) => {
      const asked = scim.parseGroup(request.body as Json)
      if (scim.isWrong(asked)) return wrong(reply, asked)
      return answer(reply, 201, () => provisioning.putGroup(null, asked), group)
    },
  )
}

function addGroupRoutes(app: App, { db, provisioning }: ScimParties, base: string): void {
  const group = async (one: Group) => scim.encodeGroup(one, await membersOf(db, one.id), base)
  app.get(
    '/scim/v2/Groups/:id',
    { config, schema: { tags, summary: 'One group', params: Id, response: { 200: Any } } },
    async (request, reply) => {
      const found = await readGroup(db, request.params.id)
      return found === null ? notFound(reply) : send(reply, 200, await group(found))
    },
  )
  app.put(
    '/scim/v2/Groups/:id',
    {
      config,
      schema: { tags, summary: 'A group as a whole', params: Id, body: Body, response: { 200: Any } },
    },
    async (request, reply) => {
      const asked = scim.parseGroup(request.body as Json)
      if (scim.isWrong(asked)) return wrong(reply, asked)
      return answer(reply, 200, () => provisioning.putGroup(request.params.id, asked), group)
    },
  )
  app.patch(
    '/scim/v2/Groups/:id',
    {
      config,
      schema: { tags, summary: 'What changes of a group', params: Id, body: Body, response: { 200: Any } },
    },
    async (request, reply) => {
      const found = await readGroup(db, request.params.id)
      if (found === null) return notFound(reply)
      const { displayName, externalId } = found
      const before = { displayName, externalId, members: await membersOf(db, found.id) }
      const asked = scim.parseGroupPatch(request.body as Json, before)
      if (scim.isWrong(asked)) return wrong(reply, asked)
      return answer(reply, 200, () => provisioning.putGroup(found.id, asked), group)
    },
  )
  app.delete(
    '/scim/v2/Groups/:id',
    { config, schema: { tags, summary: 'A group is gone', params: Id, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const done = await provisioning.removeGroup(request.params.id)
      return isRefusal(done) ? notFound(reply) : reply.code(204).send(null)
    },
  )
}

async function answer<T extends object>(
  reply: FastifyReply,
  status: number,
  act: () => Promise<T | Refusal>,
  encode: (done: T) => Json | Promise<Json>,
): Promise<FastifyReply> {
  try {
    const done = await act()
    if (isRefusal(done))
      return done.code === 'directory-not-found' ? notFound(reply) : fault(reply, 409, done.says)
    return send(reply, status, await encode(done))
  } catch (error) {
    if (error instanceof Taken) return fault(reply, 409, 'another one has this name or id', 'uniqueness')
    throw error
  }
}

function listOf(resources: readonly object[], total: number, first: number): Json {
  return {
    schemas: [scim.LIST],
    totalResults: total,
    startIndex: first,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

function send(reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply.code(status).type(TYPE).serializer(JSON.stringify).send(body)
}

function fault(reply: FastifyReply, status: number, detail: string, scimType?: string): FastifyReply {
  return send(reply, status, {
    schemas: [scim.ERROR],
    status: String(status),
    detail,
    ...(scimType === undefined ? {} : { scimType }),
  })
}

function wrong(reply: FastifyReply, { wrong: scimType, says }: scim.Wrong): FastifyReply {
  return fault(reply, 400, says, scimType)
}

function notFound(reply: FastifyReply): FastifyReply {
  return fault(reply, 404, 'there is no such resource')
}
