import helmet from '@fastify/helmet'
import { fastify } from 'fastify'

/** What HTTP itself says of one answer; everything else that helmet's answer carries is ours to send. */
const OF_ONE_ANSWER = new Set(['content-type', 'content-length', 'date', 'connection'])

/**
 * The headers that every answer carries: script, style, fonts and pictures only from us, nothing inline, no frames,
 * no plugins, no foreign forms. They are the same each time, and helmet puts them together anew for each request
 * at a tenth of its cost, so helmet is asked once.
 *
 * `same-origin` referrers: without one, browsers say `Origin: null` on our own forms, and we could not tell them
 * from another site's. HSTS only over https, or a demo on localhost would lock the browser out.
 */
export async function securityHeaders(https: boolean): Promise<Record<string, string>> {
  const once = fastify()
  await once.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  })
  once.addHook('onRequest', async (_request, reply) => reply.send(''))
  const { headers } = await once.inject('/')
  await once.close()
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !OF_ONE_ANSWER.has(name))
      .map(([name, value]) => [name, String(value)]),
  )
}
