import type { FastifyReply } from 'fastify'
import type pg from 'pg'
import Type from 'typebox'
import { CodedError } from '../../platform/coded-error.ts'
import type { App } from '../../platform/http/app.ts'
import { refuse } from '../../platform/refusal.ts'
import { encodeBase64 } from '../base64.ts'
import { encodeBundle, parseTilePath, TILE_WIDTH, tileWidth } from '../tiles.ts'
import { sendPublicText } from '../witness-routes.ts'
import { readChangesOf, readLabelsOf } from './epoch-store.ts'
import type { Epochs } from './epochs.ts'
import { readLinksFrom } from './link-store.ts'

const access = { kind: 'public' } as const
const tags = ['log']
const FOR_EVER = 'public, max-age=31536000, immutable'
const TILES_A_MINUTE = 60_000
/** What an auditor gets at once. */
const MOST_AT_ONCE = 1_000

/** Adds the second public log under `/subjects/` (C2SP tlog-tiles), and what a replay elsewhere needs. */
export function addEpochRoutes(app: App, parties: { epochs: Epochs; pool: pg.Pool }): void {
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
  addAuditorRoutes(app, parties.pool)
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

const Page = Type.Object({
  from: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_AT_ONCE })),
})

const LinkView = Type.Object({
  index: Type.Integer(),
  subject: Type.String(),
  tenure: Type.String(),
  sequence: Type.Integer(),
  link: Type.String(),
  label: Type.Union([Type.String(), Type.Null()]),
})

/** Pseudonyms, indexes, labels, hashes: with the bodies an auditor may read anyway, all that a replay needs. */
function addAuditorRoutes(app: App, pool: pg.Pool): void {
  const config = { access: { kind: 'staff', action: 'read-entry-bodies' } } as const
  app.get(
    '/api/ledger/links',
    {
      config,
      schema: {
        tags: ['ledger'],
        summary: 'Links of all chains, in the order of the ledger, with the labels of their tenures',
        querystring: Page,
        response: {
          200: Type.Object({
            links: Type.Array(LinkView),
          }),
        },
      },
    },
    async (request) => {
      const { from, limit = MOST_AT_ONCE } = request.query
      const links = await readLinksFrom(pool, from, limit)
      const labels = await readLabelsOf(pool, links)
      return {
        links: links.map(({ link, ...one }) => {
          const label = labels.get(`${one.subject}/${one.tenure}`)
          return {
            ...one,
            link: encodeBase64(link),
            label: label === undefined ? null : encodeBase64(label),
          }
        }),
      }
    },
  )
  app.get(
    '/api/ledger/epochs',
    {
      config,
      schema: {
        tags: ['ledger'],
        summary: 'What one epoch changed in the map of subjects',
        querystring: Type.Object({ epoch: Page.properties.from }),
        response: {
          200: Type.Object({
            changes: Type.Array(
              Type.Object({ label: Type.String(), count: Type.Integer(), link: Type.String() }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const changes = await readChangesOf(pool, request.query.epoch)
      return {
        changes: changes.map(({ label, count, link }) => ({
          label: encodeBase64(label),
          count,
          link: encodeBase64(link),
        })),
      }
    },
  )
}
