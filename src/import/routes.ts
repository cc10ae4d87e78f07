import type { Readable } from 'node:stream'
import Type from 'typebox'
import type { App } from '../platform/http/app.ts'
import { refuse } from '../platform/refusal.ts'
import { LINE_KINDS } from './kinds.ts'
import { readJsonLines } from './read-lines.ts'
import type { Place } from './read-values.ts'
import { type ImportParties, importLines, streamThrough } from './run.ts'
import { listFaults, listSources } from './store.ts'
import type { Importer } from './take.ts'

const closed = { additionalProperties: false } as const
const tags = ['import']
const Count = Type.Integer({ minimum: 0 })
const Kind = Type.Object({ kind: Type.Enum(LINE_KINDS) }, closed)
const Stream = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })
const LINES = 'application/x-ndjson'
const SHOWN_SOURCES = 100
const SHOWN_FAULTS = 20

const counts = { read: Count, added: Count, changed: Count, same: Count, quarantined: Count }
const Faults = Type.Array(Type.Object({ line: Count, reason: Type.String() }, closed))
const SummarySchema = Type.Object({ through: Count, ...counts, faults: Faults }, closed)
const OverviewSchema = Type.Object(
  {
    sources: Type.Array(
      Type.Object(
        { kind: Type.String(), stream: Type.String(), ...counts, latestAt: Count, faults: Faults },
        closed,
      ),
    ),
  },
  closed,
)

/** HTTP status of this room's refusals. */
export const IMPORT_PROBLEMS: Readonly<Record<string, number>> = { 'import-gap': 409 }

/** Whoever sends lines is not the command line: roles are given by two administrators. */
export const BY_STREAM: Importer = { by: { system: 'import' }, giveRoles: false }

/** What came in and what waits in quarantine; and, where a secret is set, the way in for lines of JSON. */
export function addImportRoutes(
  app: App,
  { parties, place, secret }: { parties: ImportParties; place: Place; secret: Buffer | null },
): void {
  const { db } = parties
  app.addProblems(IMPORT_PROBLEMS)
  app.get(
    '/api/import',
    {
      config: { access: { kind: 'staff', action: 'see-intake' } },
      schema: {
        tags,
        summary: 'What was taken over, and what could not be',
        response: { 200: OverviewSchema },
      },
    },
    async () => {
      const sources = await listSources(db, SHOWN_SOURCES)
      const shown = sources.map(async ({ id, key, through: _through, ...source }) => ({
        ...source,
        stream: key.startsWith('stream ') ? key.slice('stream '.length) : 'file',
        faults: source.quarantined === 0 ? [] : await listFaults(db, id, SHOWN_FAULTS),
      }))
      return { sources: await Promise.all(shown) }
    },
  )
  if (secret === null) return
  app.setGuards({ secrets: { import: secret } })
  addStreamRoutes(app, parties, place)
}

function addStreamRoutes(app: App, parties: ImportParties, place: Place): void {
  const config = { access: { kind: 'secret', name: 'import' } } as const
  // The intake of call records may have come first; both take the stream as it is.
  if (!app.hasContentTypeParser(LINES))
    app.addContentTypeParser(LINES, (_request, payload, done) => done(null, payload))
  app.post(
    '/api/import/:kind',
    {
      config,
      schema: {
        tags,
        summary: 'Take lines of a stream (NDJSON); what is on record is not taken again',
        params: Kind,
        querystring: Type.Object(
          { stream: Stream, from: Type.Integer({ minimum: 1, maximum: 2 ** 51 }) },
          closed,
        ),
        response: { 200: SummarySchema },
      },
    },
    async (request, reply) => {
      const { kind } = request.params
      const { stream, from: first } = request.query
      const through = await streamThrough(parties, kind, stream)
      if (first > through + 1)
        return reply.refuse(
          refuse(
            'import-gap',
            `Lines are missing before this one: the stream is on record up to line ${through}.`,
            `Send from line ${through + 1} on.`,
          ),
        )
      const source = { kind, key: `stream ${stream}`, whole: false, importer: BY_STREAM }
      const lines = readJsonLines(request.body as Readable, { kind, place, first, whole: false })
      const { faults, ...summary } = await importLines(parties, source, lines)
      return { ...summary, faults: [...faults] }
    },
  )
  app.get(
    '/api/import/:kind',
    {
      config,
      schema: {
        tags,
        summary: 'Up to which line a stream is on record',
        params: Kind,
        querystring: Type.Object({ stream: Stream }, closed),
        response: { 200: Type.Object({ through: Count }, closed) },
      },
    },
    async (request) => ({
      through: await streamThrough(parties, request.params.kind, request.query.stream),
    }),
  )
}
