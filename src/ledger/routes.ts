import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { CodedError } from '../platform/coded-error.ts'
import type { App } from '../platform/http/app.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { encodeBase64 } from './base64.ts'
import type { Ledger } from './ledger.ts'
import { encodeBundle, parseTilePath, TILE_WIDTH, type TileName, tileWidth } from './tiles.ts'
import { addWitnessRoutes, sendPublicText } from './witness-routes.ts'

/** HTTP statuses of this room's refusals. */
export const LEDGER_PROBLEMS: Readonly<Record<string, number>> = {
  'entry-unknown': 404,
  'entry-lost': 410,
  'tile-unknown': 404,
}

const Index = Type.Object({ index: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) })
const HeaderSchema = Type.Object(
  { v: Type.Literal(1), kind: Type.String(), day: Type.String() },
  { additionalProperties: true },
)
const EntrySchema = Type.Object({
  index: Type.Integer(),
  // Both are null where the texts were lost in a restore.
  id: Type.Union([Type.String(), Type.Null()]),
  header: Type.Union([HeaderSchema, Type.Null()]),
  bodyErased: Type.Boolean(),
})
const Text = Type.String()
const NullableInteger = Type.Union([Type.Integer(), Type.Null()])
const AlarmSchema = Type.Union([Type.Literal('refused'), Type.Literal('late'), Type.Null()])
const NullableText = Type.Union([Type.String(), Type.Null()])
const CountersignedSchema = Type.Object({
  size: Type.Integer(),
  at: NullableInteger,
  by: Type.Array(Text),
  of: Type.Integer(),
  waitingSince: NullableInteger,
  witnesses: Type.Array(
    Type.Object({
      name: Text,
      cosignedSize: NullableInteger,
      cosignedAt: NullableInteger,
      trouble: NullableText,
      refusedAt: NullableInteger,
      refusedWhy: NullableText,
    }),
  ),
})
const BundleSchema = Type.Object({
  origin: Text,
  verifierKey: Text,
  index: Type.Integer(),
  proof: Text,
  leaf: Text,
  header: Type.Object({ text: Text, salt: Text }),
  body: Type.Object({ text: NullableText, salt: NullableText, commitment: Text }),
})

/** Immutable for ever: a full tile. */
const FOR_EVER = 'public, max-age=31536000, immutable'
/** As immutable, but nobody asks for it once there is a wider one. */
const A_WHILE = 'public, max-age=3600, immutable'
/** A mirror or a monitor reads the whole log at once, from one address; a tile costs one read of a row. */
const TILES_A_MINUTE = 60_000

/** Adds the public log under `/log/` (C2SP tlog-tiles) and what the staff's console reads of the ledger. */
export function addLedgerRoutes(
  app: App,
  { ledger, strangers = async () => null }: { ledger: Ledger; strangers?: () => Promise<number | null> },
): void {
  app.addProblems(LEDGER_PROBLEMS)
  addPublicLog(app, ledger)
  addWitnessRoutes(app, ledger, strangers)
  addConsoleRoutes(app, ledger)
}

function addPublicLog(app: App, ledger: Ledger): void {
  app.get(
    '/log/checkpoint',
    {
      config: { access: { kind: 'public' } },
      schema: { tags: ['log'], summary: 'The newest countersigned checkpoint (C2SP tlog-checkpoint)' },
    },
    async (_request, reply) => {
      const { note } = await ledger.published()
      return sendPublicText(reply, note)
    },
  )
  app.get(
    '/log/tile/*',
    {
      config: { access: { kind: 'public' }, rateLimit: { max: TILES_A_MINUTE } },
      schema: {
        tags: ['log'],
        summary: 'A tile of hashes or a bundle of entries (C2SP tlog-tiles)',
        params: Type.Object({ '*': Type.String({ maxLength: 64 }) }),
      },
    },
    async (request, reply) => {
      const tile = parseTile(`tile/${request.params['*']}`)
      const { size } = await ledger.head()
      if (tile === null || tileWidth(size, tile.level, tile.index) < tile.width) return refuseTile(reply)
      const bytes = await readTile(ledger, tile)
      return reply
        .header('cache-control', tile.width === TILE_WIDTH ? FOR_EVER : A_WHILE)
        .header('access-control-allow-origin', '*')
        .type('application/octet-stream')
        .send(Buffer.from(bytes))
    },
  )
}

function parseTile(path: string): TileName | null {
  try {
    return parseTilePath(path)
  } catch (error) {
    if (error instanceof CodedError) return null
    throw error
  }
}

async function readTile(ledger: Ledger, tile: TileName): Promise<Uint8Array> {
  if (tile.level !== 'entries') return ledger.tile(tile.level, tile.index, tile.width)
  return encodeBundle(await ledger.publicEntries(tile.index * TILE_WIDTH, tile.width))
}

/** Never cached long: the next batch may bring it. */
function refuseTile(reply: FastifyReply): FastifyReply {
  const refusal = refuse(
    'tile-unknown',
    'The log has no such tile.',
    'Read the checkpoint for the size of the log.',
  )
  return reply.refuse(refusal)
}

function addConsoleRoutes(app: App, ledger: Ledger): void {
  app.get(
    '/api/ledger/head',
    {
      config: { access: { kind: 'staff', action: 'see-ledger-head' } },
      schema: {
        tags: ['ledger'],
        summary: 'How far the ledger reaches',
        response: {
          200: Type.Object({
            origin: Text,
            verifierKey: Text,
            size: Type.Integer(),
            root: Text,
            checkpoint: Text,
            at: Type.Integer(),
            countersigned: CountersignedSchema,
            alarm: AlarmSchema,
            stopped: AlarmSchema,
          }),
        },
      },
    },
    async () => {
      const { root, ...head } = await ledger.head()
      const { origin, verifierKey, witnessing } = ledger
      const { by, witnesses, ...countersigned } = witnessing.countersigned()
      return {
        ...head,
        origin,
        verifierKey,
        root: encodeBase64(root),
        countersigned: { ...countersigned, by: [...by], witnesses: [...witnesses] },
        alarm: witnessing.alarm(),
        stopped: witnessing.stopsReveals(),
      }
    },
  )
  app.get(
    '/api/ledger/entries',
    {
      config: { access: { kind: 'staff', action: 'read-entries' } },
      schema: {
        tags: ['ledger'],
        summary: 'Entries, newest first: what may one day be public of them',
        querystring: Type.Object({
          before: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
        }),
        response: { 200: Type.Object({ entries: Type.Array(EntrySchema) }) },
      },
    },
    async (request) => {
      const { before, limit = 50 } = request.query
      const entries = await ledger.headers({ limit, ...(before === undefined ? {} : { before }) })
      return { entries }
    },
  )
  addEntryRoutes(app, ledger)
}

function addEntryRoutes(app: App, ledger: Ledger): void {
  app.get(
    '/api/ledger/entries/:index',
    {
      config: { access: { kind: 'staff', action: 'read-entries' } },
      schema: {
        tags: ['ledger'],
        summary: 'One entry: what may one day be public of it',
        params: Index,
        response: { 200: EntrySchema },
      },
    },
    async (request, reply) => {
      const { index } = request.params
      const [entry] = await ledger.headers({ before: index + 1, limit: 1 })
      return entry?.index === index ? entry : reply.refuse(entryUnknown())
    },
  )
  app.get(
    '/api/ledger/entries/:index/body',
    {
      config: { access: { kind: 'staff', action: 'read-entry-bodies' } },
      schema: {
        tags: ['ledger'],
        summary: 'The sealed part of one entry, opened',
        params: Index,
        response: {
          200: Type.Object({
            index: Type.Integer(),
            kind: Text,
            at: Type.Integer(),
            actor: NullableText,
            body: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()]),
          }),
        },
      },
    },
    async (request, reply) => {
      const entry = await orRefusal(ledger.entry(request.params.index))
      if ('refused' in entry) return reply.refuse(entry)
      const { index, kind, at, actor, body } = entry
      return { index, kind, at, actor, body: body === null ? null : { ...body } }
    },
  )
  app.get(
    '/api/ledger/entries/:index/proof',
    {
      config: { access: { kind: 'staff', action: 'prove-entry' } },
      schema: {
        tags: ['ledger'],
        summary: 'The proof that an entry is in the signed log; without its body',
        params: Index,
        response: { 200: BundleSchema },
      },
    },
    async (request, reply) => {
      const bundle = await orRefusal(ledger.proofOf(request.params.index, { body: false }))
      return 'refused' in bundle ? reply.refuse(bundle) : bundle
    },
  )
}

async function orRefusal<T>(reading: Promise<T>): Promise<T | Refusal> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof CodedError && error.code === 'entry-unknown') return entryUnknown()
    if (error instanceof CodedError && error.code === 'entry-lost') return entryLost()
    throw error
  }
}

function entryLost(): Refusal {
  return refuse(
    'entry-lost',
    'The texts of this entry were lost when an older state was restored. That it stood here is proven.',
    'Download its proof file; the entry restore-acknowledged tells who answers for the restore.',
  )
}

function entryUnknown(): Refusal {
  return refuse(
    'entry-unknown',
    'The ledger has no such entry.',
    'Choose an entry below the size of the log.',
  )
}
