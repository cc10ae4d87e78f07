import type { FastifyReply } from 'fastify'
import type { TSchema } from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { TraceDesk } from './desk.ts'
import type { ListGiven } from './list.ts'
import * as path from './path-schemas.ts'
import { TRACE_PROBLEMS } from './problems.ts'
import * as shape from './schemas.ts'

/** HTTP of the trace desk: schemas and status codes, nothing more. */

const MAY_TRACE = { access: { kind: 'staff' as const, action: 'run-trace' } }
const MAY_READ = { access: { kind: 'staff' as const, action: 'read-trace' } }
/** A workbook in base64. */
const LIST_LIMIT = 7 * 1024 * 1024
const CELLS_SHOWN = 200

/** Adds the routes under `/api/traces`, and the problems table. */
export function addTraceRoutes(app: App, desk: TraceDesk): void {
  app.addProblems(TRACE_PROBLEMS)
  app.post(
    '/api/traces/readings',
    {
      schema: documented('How a list is understood, before anything is opened', shape.ReadingAnswer, {
        body: shape.ReadingBody,
      }),
      config: MAY_TRACE,
      bodyLimit: LIST_LIMIT,
    },
    async (request, reply) => {
      const opened = await desk.read(staffOf(request), givenIn(request.body))
      if (isRefusal(opened)) return reply.refuse(opened)
      const { reading, rows, unread } = opened.read
      return reply.send({
        reading: { ...reading, columns: [...reading.columns] },
        cells: opened.cells.slice(0, CELLS_SHOWN).map((row) => [...row]),
        lines: opened.lines.length,
        rows: rows.length,
        unread: [...unread],
      })
    },
  )
  app.post(
    '/api/traces',
    {
      schema: documented('Trace a list for an open incident', shape.TraceView, { body: shape.TraceBody }),
      config: MAY_TRACE,
      bodyLimit: LIST_LIMIT,
    },
    async (request, reply) => {
      const { incident, subject } = request.body
      return send(reply, await desk.trace(staffOf(request), { ...givenIn(request.body), incident, subject }))
    },
  )
  app.get(
    '/api/traces',
    {
      schema: documented('The traces of an incident', shape.TracesView, { querystring: shape.TracesQuery }),
      config: MAY_READ,
    },
    async (request, reply) => {
      const traces = await desk.list(staffOf(request), request.query.incident)
      return send(reply, isRefusal(traces) ? traces : { traces })
    },
  )
  addPathRoutes(app, desk)
  app.get(
    '/api/traces/:id',
    {
      schema: documented('One trace', shape.TraceView, { params: shape.TraceParams }),
      config: MAY_READ,
    },
    async (request, reply) => send(reply, await desk.get(staffOf(request), request.params.id)),
  )
}

function addPathRoutes(app: App, desk: TraceDesk): void {
  app.post(
    '/api/traces/paths',
    {
      schema: documented('Search for a leak path in a confirmed incident', path.PathView, {
        body: path.PathBody,
      }),
      config: { access: { kind: 'staff' as const, action: 'search-path' } },
    },
    async (request, reply) => send(reply, await desk.searchPath(staffOf(request), request.body)),
  )
  app.get(
    '/api/traces/paths',
    {
      schema: documented('The leak paths searched for in an incident', path.PathsView, {
        querystring: path.PathsQuery,
      }),
      config: MAY_READ,
    },
    async (request, reply) => {
      const paths = await desk.paths(staffOf(request), request.query.incident)
      return send(reply, isRefusal(paths) ? paths : { paths })
    },
  )
}

function givenIn({ text, workbook, correction }: shape.ListBody): ListGiven {
  return { text, bytes: workbook === undefined ? undefined : Buffer.from(workbook, 'base64'), correction }
}

function documented<S extends Record<string, TSchema>>(summary: string, response: TSchema, schema: S) {
  return { tags: ['traces'], summary, ...schema, response: { 200: response } }
}

function send<T>(reply: FastifyReply, result: T | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}
