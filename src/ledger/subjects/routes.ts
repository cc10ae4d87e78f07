import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { CodedError } from '../../platform/coded-error.ts'
import type { App } from '../../platform/http/app.ts'
import { refuse } from '../../platform/refusal.ts'
import { encodeBundle, parseTilePath, TILE_WIDTH, tileWidth } from '../tiles.ts'
import { sendPublicText } from '../witness-routes.ts'
import { type AuditParties, addAuditRoutes } from './audit-routes.ts'
import type { Epochs } from './epochs.ts'

const access = { kind: 'public' } as const
const tags = ['log']
const FOR_EVER = 'public, max-age=31536000, immutable'
const TILES_A_MINUTE = 60_000

/** Adds the second public log under `/subjects/` (C2SP tlog-tiles), and what a replay elsewhere needs. */
export function addEpochRoutes(app: App, parties: AuditParties & { epochs: Epochs }): void {
  const { epochs } = parties
  app.get(
    '/subjects/checkpoint',
    {
      config: { access },
      schema: { tags, summary: 'The newest countersigned checkpoint of the log of epochs' },
    },
    async (_request, reply) => sendPublicText(reply, (await epochs.published()).note),
  )
  app.get(
    '/subjects/newest',
    {
      config: { access },
      schema: { tags, summary: 'Its newest signed checkpoint, with the cosignatures it has so far' },
    },
    async (_request, reply) => sendPublicText(reply, (await epochs.newest()).note),
  )
  app.get(
    '/subjects/policy',
    {
      config: { access },
      schema: { tags, summary: 'Who countersigns it (C2SP tlog-policy); trust it from elsewhere' },
    },
    async (_request, reply) => sendPublicText(reply, epochs.policy.text),
  )
  app.get(
    '/subjects/tile/*',
    {
      config: { access, rateLimit: { max: TILES_A_MINUTE } },
      schema: {
        tags,
        summary: 'A tile of its hashes or a bundle of epochs (C2SP tlog-tiles)',
        params: Type.Object({ '*': Type.String({ maxLength: 64 }) }),
      },
    },
    async (request, reply) => sendTile(reply, epochs, `tile/${request.params['*']}`),
  )
  addAuditRoutes(app, parties)
}

async function sendTile(reply: FastifyReply, epochs: Epochs, path: string): Promise<FastifyReply> {
  const bytes = await readTile(epochs, path)
  if (bytes === null)
    return reply.refuse(
      refuse('tile-unknown', 'The log has no such tile.', 'Read the checkpoint for the size of the log.'),
    )
  return reply
    .header('cache-control', path.includes('.p/') ? 'public, max-age=3600' : FOR_EVER)
    .header('access-control-allow-origin', '*')
    .type('application/octet-stream')
    .send(Buffer.from(bytes))
}

async function readTile(epochs: Epochs, path: string): Promise<Uint8Array | null> {
  try {
    const { level, index, width } = parseTilePath(path)
    if (tileWidth(await epochs.size(), level, index) < width) return null
    if (level !== 'entries') return await epochs.tile(level, index, width)
    return encodeBundle(await epochs.entries(index * TILE_WIDTH, width))
  } catch (error) {
    if (error instanceof CodedError && error.code === 'tile-path-malformed') return null
    throw error
  }
}
