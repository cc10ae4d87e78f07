import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { CareDesk } from './desk.ts'
import * as look from './look-schemas.ts'
import { documented, STAFF_ONLY, send } from './route.ts'
import * as care from './schemas.ts'

/** Adds the routes of a look: its grant, bill, rows, matches, statement and single rows. */
export function addLookRoutes(app: App, desk: CareDesk): void {
  addGrantRoutes(app, desk)
  addAskingRoutes(app, desk)
}

function addGrantRoutes(app: App, desk: CareDesk): void {
  app.post(
    '/api/care/contacts/:id/grants',
    {
      schema: documented('Ask for a look', care.GrantView, {
        params: care.ContactParams,
        body: care.GrantBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const loaded = await desk.askForLook(staffOf(request), request.params.id, request.body)
      return send(reply, isRefusal(loaded) ? loaded : await desk.lookView(loaded))
    },
  )
  app.get(
    '/api/care/grants/:id',
    {
      schema: documented('A look and what is left of it', care.GrantView, { params: care.GrantParams }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const loaded = await desk.look(staffOf(request), request.params.id)
      return send(reply, isRefusal(loaded) ? loaded : await desk.lookView(loaded))
    },
  )
  app.post(
    '/api/care/grants/:id/bill',
    {
      schema: documented('The bill: totals, what is unusual first', look.BillView, {
        params: care.GrantParams,
        body: care.EmptyBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) => send(reply, await desk.openBill(staffOf(request), request.params.id)),
  )
  app.post(
    '/api/care/grants/:id/rows',
    {
      schema: documented('A page of masked rows', look.RowsView, {
        params: care.GrantParams,
        body: care.RowsBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) =>
      send(reply, await desk.openRows(staffOf(request), request.params.id, request.body.page)),
  )
}

function addAskingRoutes(app: App, desk: CareDesk): void {
  app.post(
    '/api/care/grants/:id/matches',
    {
      schema: documented('Does this number appear?', look.MatchView, {
        params: care.GrantParams,
        body: care.MatchBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) =>
      send(reply, await desk.matchNumber(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/care/grants/:id/statement',
    {
      schema: documented('Send the statement to her own channel', look.StatementSentView, {
        params: care.GrantParams,
        body: care.StatementBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) =>
      send(reply, await desk.sendStatement(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/care/grants/:id/unmask',
    {
      schema: documented('Ask her for one row', look.UnmaskSentView, {
        params: care.GrantParams,
        body: care.UnmaskBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) =>
      send(reply, await desk.askForRow(staffOf(request), request.params.id, request.body.row)),
  )
  app.post(
    '/api/care/grants/:id/unmask/answer',
    {
      schema: documented('Show one row with her code', look.UnmaskedView, {
        params: care.GrantParams,
        body: care.UnmaskAnswerBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const { row, code } = request.body
      return send(reply, await desk.answerForRow(staffOf(request), request.params.id, row, code))
    },
  )
}
