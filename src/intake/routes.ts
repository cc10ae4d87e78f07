import type { Readable } from 'node:stream'
import Type from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Intake } from './intake.ts'

const closed = { additionalProperties: false } as const
const tags = ['intake']
const Count = Type.Integer({ minimum: 0 })
const Stream = Type.Object({ stream: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }) }, closed)
const LINES = 'application/x-ndjson'

const SummarySchema = Type.Object(
  { through: Count, read: Count, filed: Count, duplicate: Count, quarantined: Count },
  closed,
)
const OverviewSchema = Type.Object(
  {
    watching: Type.Boolean(),
    waiting: Type.Object({ files: Count, bytes: Count, oldestSeconds: Count }, closed),
    day: Type.Object(
      { files: Count, failed: Count, read: Count, filed: Count, longestLagSeconds: Count },
      closed,
    ),
    recordsPerSecond: Count,
    quarantined: Count,
    files: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          size: Count,
          outcome: Type.Enum(['done', 'failed']),
          reason: Type.Union([Type.String(), Type.Null()]),
          read: Count,
          filed: Count,
          duplicate: Count,
          quarantined: Count,
          finishedAt: Count,
          lagSeconds: Count,
        },
        closed,
      ),
    ),
    streams: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          read: Count,
          filed: Count,
          duplicate: Count,
          quarantined: Count,
          latestAt: Count,
        },
        closed,
      ),
    ),
  },
  closed,
)

/** HTTP status of this room's refusals. */
export const INTAKE_PROBLEMS: Readonly<Record<string, number>> = { 'intake-gap': 409 }

/** The page about what comes in; and, where a secret is set, the way in for streams of single records. */
export function addIntakeRoutes(
  app: App,
  { intake, secret }: { intake: Intake; secret: Buffer | null },
): void {
  app.addProblems(INTAKE_PROBLEMS)
  app.get(
    '/api/intake',
    {
      config: { access: { kind: 'staff', action: 'see-intake' } },
      schema: { tags, summary: 'What came in, how fast, and what waits', response: { 200: OverviewSchema } },
    },
    async () => {
      const { files, streams, ...rest } = await intake.overview()
      return { ...rest, files: [...files], streams: [...streams] }
    },
  )
  if (secret === null) return
  app.setGuards({ secrets: { intake: secret } })
  const access = { kind: 'secret', name: 'intake' } as const
  if (!app.hasContentTypeParser(LINES))
    app.addContentTypeParser(LINES, (_request, payload, done) => done(null, payload))
  app.post(
    '/api/intake/:stream',
    {
      config: { access },
      schema: {
        tags,
        summary: 'File lines of a stream of call records (NDJSON); what is on record is not filed again',
        params: Stream,
        querystring: Type.Object({ from: Type.Integer({ minimum: 1, maximum: 2 ** 51 }) }, closed),
        response: { 200: SummarySchema },
      },
    },
    async (request, reply) => {
      const { stream } = request.params
      const taken = await intake.takeLines(stream, request.query.from, request.body as Readable)
      return isRefusal(taken) ? reply.refuse(taken) : taken
    },
  )
  app.get(
    '/api/intake/:stream',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Up to which line a stream is on record',
        params: Stream,
        response: { 200: Type.Object({ through: Count }, closed) },
      },
    },
    async (request) => ({ through: await intake.through(request.params.stream) }),
  )
}
