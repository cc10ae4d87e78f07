import swagger from '@fastify/swagger'
import Type from 'typebox'
import type { AccessRule } from './access.ts'
import type { App } from './app.ts'

/**
 * Describes every route under `/api/` (and what else has a summary) as OpenAPI 3.1 at `/api/openapi.json`, from
 * the same schemas that check requests.
 */
export async function addOpenApi(
  app: App,
  options: { operatorName: string; publicUrl: string },
): Promise<void> {
  const prefix = app.secureCookies ? '__Host-' : ''
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `Countersign of ${options.operatorName}`,
        description:
          'The one door to call records: every look has a reason, a verified customer and a witness.',
        version: '0.1.0',
      },
      servers: [{ url: options.publicUrl }],
      components: {
        securitySchemes: {
          staff: { type: 'apiKey', in: 'cookie', name: `${prefix}countersign-staff` },
          customer: { type: 'apiKey', in: 'cookie', name: `${prefix}countersign-my` },
          client: {
            type: 'oauth2',
            flows: { clientCredentials: { tokenUrl: `${options.publicUrl}/api/oauth/token`, scopes: {} } },
          },
          secret: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const rule = (route.config as { access?: AccessRule } | undefined)?.access
      const security = rule === undefined || rule.kind === 'public' ? [] : [{ [rule.kind]: [] }]
      return { schema: { ...schema, security, hide: schema?.summary === undefined }, url }
    },
  })
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/') || route.method === 'HEAD') return
    const { summary, tags } = route.schema ?? {}
    if (summary === undefined || tags === undefined) {
      throw new Error(`invariant broken: ${route.method} ${route.url} says its summary and tags`)
    }
  })
  const config = { access: { kind: 'public' } as const }
  const schema = {
    summary: 'This description',
    tags: ['platform'],
    response: { 200: Type.Unsafe<object>({ type: 'object', additionalProperties: true }) },
  }
  let description: string | undefined
  app.get('/api/openapi.json', { config, schema }, (_request, reply) => {
    description ??= JSON.stringify(app.swagger())
    return reply
      .type('application/json')
      .serializer(String)
      .send(description as unknown as object)
  })
}
