import type { FastifyReply } from 'fastify'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { WatchDesk } from './desk.ts'
import { WATCH_PROBLEMS } from './problems.ts'
import * as schemas from './schemas.ts'

const tags = ['watch']
const SEE = { access: { kind: 'staff' as const, action: 'see-watch' } }
const JUDGE = { access: { kind: 'staff' as const, action: 'judge-alert' } }
const SWITCH = { access: { kind: 'staff' as const, action: 'switch-watch' } }
const OWN = { access: { kind: 'staff' as const, action: 'see-own-looks' } }

/** Adds the routes under `/api/watch`, and the problems table. */
export function addWatchRoutes(app: App, desk: WatchDesk): void {
  app.addProblems(WATCH_PROBLEMS)
  app.get(
    '/api/watch',
    {
      config: SEE,
      schema: { tags, summary: 'Looks worth a question', response: { 200: schemas.WatchView } },
    },
    async (request, reply) => send(reply, await desk.view(staffOf(request))),
  )
  app.post(
    '/api/watch/alerts/:id/opening',
    {
      config: SEE,
      schema: {
        tags,
        summary: 'Open a card; that it was opened is recorded',
        params: schemas.AlertParams,
        response: { 200: schemas.AlertCard },
      },
    },
    async (request, reply) => send(reply, await desk.open(staffOf(request), request.params.id)),
  )
  app.post(
    '/api/watch/alerts/:id/verdict',
    {
      config: JUDGE,
      schema: {
        tags,
        summary: 'Judge: fine, coaching or incident',
        params: schemas.AlertParams,
        body: schemas.VerdictBody,
        response: { 200: schemas.VerdictView },
      },
    },
    async (request, reply) =>
      send(reply, await desk.judge(staffOf(request), request.params.id, request.body)),
  )
  addSwitchRoutes(app, desk)
  addOwnRoutes(app, desk)
}

function addSwitchRoutes(app: App, desk: WatchDesk): void {
  for (const to of ['off', 'on'] as const)
    app.post(
      `/api/watch/${to}`,
      {
        config: SWITCH,
        schema: {
          tags,
          summary: `Switch watching ${to} for an office, with a reason`,
          body: schemas.SwitchBody,
          response: { 200: schemas.DoneView },
        },
      },
      async (request, reply) => {
        const no = await desk.switchOffice(staffOf(request), to, request.body)
        return send(reply, no ?? { done: true as const })
      },
    )
}

function addOwnRoutes(app: App, desk: WatchDesk): void {
  app.get(
    '/api/watch/own',
    {
      config: OWN,
      schema: { tags, summary: 'What is recorded about my looks', response: { 200: schemas.OwnLooksView } },
    },
    async (request) => desk.ownLooks(staffOf(request)),
  )
  app.post(
    '/api/watch/own/:look',
    {
      config: OWN,
      schema: {
        tags,
        summary: 'Say what a look was for',
        params: schemas.LookParams,
        body: schemas.WordBody,
        response: { 200: schemas.DoneView },
      },
    },
    async (request, reply) => {
      const no = await desk.answerWord(staffOf(request), request.params.look, request.body.says)
      return send(reply, no ?? { done: true as const })
    },
  )
}

async function send<T>(reply: FastifyReply, result: T | Refusal): Promise<FastifyReply> {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}
