import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { systemClock } from '../../src/platform/clock.ts'
import { createApp } from '../../src/platform/http/app.ts'
import { createLog } from '../../src/platform/log.ts'

interface Operation {
  summary?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[]
  responses?: Record<string, { description?: string }>
  requestBody?: { content: Record<string, { schema: { additionalProperties?: boolean } }> }
}

test('the description is OpenAPI 3.1, names every route of the API, and says who may call it', async (t) => {
  const app = await createApp({
    log: createLog({ level: 'silent', clock: systemClock }),
    clock: systemClock,
    publicUrl: 'http://localhost:8080',
    operatorName: 'Test Mobile',
    demo: true,
    secureCookies: false,
  })
  t.after(() => app.close())
  app.setGuards({ staff: async () => null })
  const listed = new Set<string>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.startsWith('/api/') && method !== 'HEAD')
      listed.add(`${method} ${url.replace(/:(\w+)/g, '{$1}')}`)
  })
  const schema = {
    summary: 'Open a contact',
    tags: ['care'],
    params: Type.Object({ id: Type.String() }),
    querystring: Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1 })) }),
    body: Type.Object({ channel: Type.Union([Type.Literal('call'), Type.Literal('shop')]) }),
    response: { 200: Type.Object({ id: Type.String() }) },
  }
  app.post(
    '/api/care/contacts/:id',
    { config: { access: { kind: 'staff', action: 'open' } }, schema },
    () => ({
      id: 'x',
    }),
  )
  app.setGuards({ customer: async () => null, representative: async () => null })
  for (const kind of ['customer', 'representative'] as const)
    app.get(
      `/api/${kind}`,
      { config: { access: { kind } }, schema: { summary: kind, tags: ['my'] } },
      () => 'ok',
    )
  app.get('/page', { config: { access: { kind: 'public' } } }, () => 'a page, no part of the API')
  const answer = await app.inject('/api/openapi.json')
  const description = answer.json()
  assert.match(description.openapi, /^3\.1\.\d+$/)
  assert.ok(description.info.title && description.info.version)
  const paths = description.paths as Record<string, Record<string, Operation>>
  assert.equal(paths['/page'], undefined)
  for (const route of listed) {
    const [method = '', url = ''] = route.split(' ')
    assert.ok(paths[url]?.[method.toLowerCase()], route)
  }
  for (const [url, operations] of Object.entries(paths)) {
    for (const operation of Object.values(operations)) checkOperation(url, operation)
  }
  const contact = paths['/api/care/contacts/{id}']?.post
  assert.deepEqual(contact?.security, [{ staff: [] }])
  assert.equal(contact?.requestBody?.content['application/json']?.schema.additionalProperties, false)
  assert.ok(contact?.parameters?.some((parameter) => parameter.in === 'query' && parameter.name === 'page'))
  assert.deepEqual(paths['/api/health']?.get?.security, [])
})

/** What the specification asks of an Operation Object and of its parameters. */
function checkOperation(url: string, operation: Operation): void {
  assert.ok(operation.summary, `${url} has a summary`)
  assert.ok(operation.tags?.length, `${url} has tags`)
  const responses = Object.entries(operation.responses ?? {})
  assert.ok(responses.length > 0, `${url} has responses`)
  for (const [status, response] of responses) {
    assert.match(status, /^([1-5](\d\d|XX)|default)$/)
    assert.equal(typeof response.description, 'string')
  }
  const inPath = [...url.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
  const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
  assert.deepEqual(declared.map((parameter) => parameter.name).sort(), inPath.sort())
  assert.ok(declared.every((parameter) => parameter.required === true && parameter.schema))
}
