import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { CodedError } from '../coded-error.ts'
import { refuse } from '../refusal.ts'
import type { App } from './app.ts'

const config = { access: { kind: 'public' } } as const
const schema = {}
/** Addresses of rooms that render their own pages: what they do not know does not exist. */
const NOT_CONSOLE =
  /^\/(api|log|my|demo|scim|tmf-api|telephony|platform|assets|transparency|statements|verify)(\/|\?|$)/
const YEAR_MS = 365 * 24 * 3_600_000

/**
 * Serves the built console: hashed files under `/assets/` for ever, its page at `/` and at every address that
 * only its own router knows.
 * @throws CodedError `console-not-built` when `distDirectory` has no `index.html`
 */
export async function serveConsole(app: App, distDirectory: string): Promise<void> {
  if (!existsSync(join(distDirectory, 'index.html'))) {
    throw new CodedError('console-not-built', `the console is not built: ${distDirectory} has no index.html`)
  }
  await app.register(fastifyStatic, { root: distDirectory, serve: false })
  app.get('/assets/*', { config, schema }, (request, reply) => {
    const { '*': file } = request.params as { '*': string }
    return reply.sendFile(`assets/${file}`, { maxAge: YEAR_MS, immutable: true })
  })
  app.get('/', { config, schema }, sendPage)
  app.get('/*', { config, schema }, sendPage)
}

function sendPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { '*': path = '' } = request.params as { '*'?: string }
  if (/^[\w-]+\.[a-z0-9]{1,8}$/i.test(path)) return reply.sendFile(path, { maxAge: 3_600_000 })
  if (NOT_CONSOLE.test(request.url) || !(request.headers.accept ?? '').includes('text/html')) {
    return reply.refuse(refuse('not-found', 'There is nothing at this address.', 'Check the address.'))
  }
  return reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false })
}
