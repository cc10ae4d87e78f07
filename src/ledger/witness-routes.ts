import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { CodedError } from '../platform/coded-error.ts'
import type { App } from '../platform/http/app.ts'
import { refuse } from '../platform/refusal.ts'
import type { Ledger } from './ledger.ts'
import { encodeMetrics } from './metrics.ts'

const access = { kind: 'public' } as const

/** Adds what outsiders read of the witnesses' work, the metrics, and an entry's proof as a file. */
export function addWitnessRoutes(app: App, ledger: Ledger, strangers: () => Promise<number | null>): void {
  app.get(
    '/log/newest',
    {
      config: { access },
      schema: { tags: ['log'], summary: 'The newest signed checkpoint, with the cosignatures it has so far' },
    },
    async (_request, reply) => sendPublicText(reply, (await ledger.newest()).note),
  )
  app.get(
    '/log/policy',
    {
      config: { access },
      schema: {
        tags: ['log'],
        summary: 'Who countersigns this log (C2SP tlog-policy); trust it from elsewhere',
      },
    },
    async (_request, reply) => sendPublicText(reply, ledger.witnessing.policy.text),
  )
  app.get(
    '/metrics',
    {
      config: { access },
      schema: { tags: ['log'], summary: 'What /log/ tells everybody, for Prometheus; nothing private' },
    },
    async (_request, reply) => {
      const { size, at } = await ledger.head()
      const { witnessing } = ledger
      const metrics = encodeMetrics({
        size,
        signedAt: at,
        countersigned: witnessing.countersigned(),
        alarm: witnessing.alarm(),
        stopped: witnessing.stopsReveals(),
        strangers: await strangers(),
      })
      return reply
        .header('cache-control', 'no-store')
        .type('text/plain; version=0.0.4; charset=utf-8')
        .send(metrics)
    },
  )
  addProofFile(app, ledger)
}

/** Text that anybody may read, from any page, and nobody may keep: it changes with the next batch. */
export function sendPublicText(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .header('cache-control', 'no-cache')
    .header('access-control-allow-origin', '*')
    .type('text/plain; charset=utf-8')
    .send(text)
}

function addProofFile(app: App, ledger: Ledger): void {
  app.get(
    '/api/ledger/entries/:index/tlog-proof',
    {
      config: { access: { kind: 'staff', action: 'prove-entry' } },
      schema: {
        tags: ['ledger'],
        summary: 'The proof of an entry as a file (C2SP tlog-proof), with its cosignatures',
        params: Type.Object({ index: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) }),
      },
    },
    async (request, reply) => {
      const { index } = request.params
      try {
        const proof = await ledger.proofFileOf(index)
        return reply
          .header('content-disposition', `attachment; filename="entry-${index}.tlog-proof"`)
          .type('text/plain; charset=utf-8')
          .send(proof)
      } catch (error) {
        if (!(error instanceof CodedError) || error.code !== 'entry-unknown') throw error
        return reply.refuse(
          refuse(
            'entry-unknown',
            'The ledger has no such entry.',
            'Choose an entry below the size of the log.',
          ),
        )
      }
    },
  )
}
