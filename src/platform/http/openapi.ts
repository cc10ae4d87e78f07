import swagger from '@fastify/swagger'
import Type from 'typebox'
import type { AccessRule } from './access.ts'
import type { App } from './app.ts'

/** What `sendProblem` sends (RFC 9457); to a browser that navigates, the same as a small page. */
const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    next: Type.String(),
  },
  { additionalProperties: false },
)
const refusal = (description: string) => ({
  description,
  content: {
    'application/problem+json': { schema: Problem },
    'text/html': { schema: Type.String() },
  },
})
/** Any route may refuse, and any may stop while witnesses or keys are missing. */
const REFUSALS = {
  '4XX': refusal('Refused: what the person can do next stands in `next`.'),
  503: refusal('Nothing is shown just now.'),
}

/** Where a route answers with a page, a file or a text of a format of its own, or sends the browser on. */
const ANSWERS = {
  '2XX': {
    description: 'A page, a file or a text.',
    content: { '*/*': { schema: Type.Unsafe({}) } },
  },
  // Without content: where it sends the browser stands in its header.
  '3XX': Type.Unsafe<undefined>({ description: 'Elsewhere.', type: 'null' }),
}

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
          representative: { type: 'apiKey', in: 'cookie', name: `${prefix}countersign-representative` },
          secret: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const rule = (route.config as { access?: AccessRule } | undefined)?.access
      const security = rule === undefined || rule.kind === 'public' ? [] : [{ [rule.kind]: [] }]
      const own: object = schema?.response ?? {}
      const told = Object.keys(own).some((status) => status.startsWith('2'))
      const response = { ...(told ? own : { ...own, ...ANSWERS }), ...REFUSALS }
      return { schema: { ...schema, response, security, hide: schema?.summary === undefined }, url }
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
