import { CUSTOMER_PROBLEMS } from '../customers/problems.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { CareDesk } from './desk.ts'
import { addLookRoutes } from './look-routes.ts'
import * as look from './look-schemas.ts'
import { CARE_PROBLEMS } from './problems.ts'
import { CARE_ONLY, documented, STAFF_ONLY, send } from './route.ts'
import * as care from './schemas.ts'

/** HTTP of the care desk: schemas and status codes, nothing more. */

/** Adds the routes under `/api/care`, and the problems table. */
export function addCareRoutes(app: App, desk: CareDesk): void {
  app.addProblems(CARE_PROBLEMS)
  // What proves a caller is the customers' room's, and so are its refusals.
  app.addProblems(CUSTOMER_PROBLEMS)
  addContactRoutes(app, desk)
  addFactorRoutes(app, desk)
  addLookRoutes(app, desk)
  addKeyRoutes(app, desk)
  addTeamRoutes(app, desk)
  addBreakGlassRoutes(app, desk)
}

function addContactRoutes(app: App, desk: CareDesk): void {
  app.get(
    '/api/care/calls',
    { schema: documented('The call at my desk', care.CallsView, {}), config: CARE_ONLY },
    async (request) => ({
      calls: await desk.calls(staffOf(request)),
    }),
  )
  app.get(
    '/api/care/contacts',
    { schema: documented('My contacts of the last 30 days', look.ContactsView, {}), config: CARE_ONLY },
    async (request) => ({ contacts: await desk.contacts(staffOf(request)) }),
  )
  app.post(
    '/api/care/contacts',
    {
      schema: documented('Open a contact', care.ContactView, { body: care.OpenContactBody }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const contact = await desk.openContact(staff, request.body)
      return send(reply, isRefusal(contact) ? contact : await desk.view(staff, contact))
    },
  )
  app.get(
    '/api/care/contacts/:id',
    {
      schema: documented('One contact', care.ContactView, { params: care.ContactParams }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const contact = await desk.contact(staff, request.params.id)
      return send(reply, isRefusal(contact) ? contact : await desk.view(staff, contact))
    },
  )
}

function addFactorRoutes(app: App, desk: CareDesk): void {
  app.post(
    '/api/care/contacts/:id/factors/:factor',
    {
      schema: documented('Start a way of verifying', look.FactorStartedView, {
        params: care.FactorParams,
        body: care.StartFactorBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const { id, factor } = request.params
      const started = await desk.startFactor(staff, id, factor, request.body.document)
      return send(
        reply,
        isRefusal(started) ? started : { ...started, contact: await desk.view(staff, started.contact) },
      )
    },
  )
  app.post(
    '/api/care/contacts/:id/factors/:factor/answer',
    {
      schema: documented(
        'Answer it: a secret nobody reads back, or the second clerk’s word',
        look.FactorAnsweredView,
        {
          params: care.FactorParams,
          body: care.AnswerFactorBody,
        },
      ),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const { id, factor } = request.params
      const answered = await desk.answerFactor(staff, id, factor, request.body)
      if (isRefusal(answered)) return reply.refuse(answered)
      return reply.send({ ...answered, contact: await desk.view(staff, answered.contact) })
    },
  )
  app.post(
    '/api/care/contacts/:id/closing',
    {
      schema: documented('Close with a resolution and a note', care.ContactView, {
        params: care.ContactParams,
        body: care.ClosingBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const contact = await desk.closeContact(staff, request.params.id, request.body)
      return send(reply, isRefusal(contact) ? contact : await desk.view(staff, contact))
    },
  )
}

function addKeyRoutes(app: App, desk: CareDesk): void {
  app.post(
    '/api/care/contacts/:id/key-asks',
    {
      schema: documented('Ask her to allow one look with her own key', care.ContactView, {
        params: care.ContactParams,
        body: care.GrantBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const contact = await desk.askForKey(staff, request.params.id, request.body)
      return send(reply, isRefusal(contact) ? contact : await desk.view(staff, contact))
    },
  )
  app.post(
    '/api/care/contacts/:id/key-offers',
    {
      schema: documented('In a shop, after photo ID: let her make a key of her own', care.ContactView, {
        params: care.ContactParams,
        body: care.EmptyBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const contact = await desk.askToMakeKey(staff, request.params.id)
      return send(reply, isRefusal(contact) ? contact : await desk.view(staff, contact))
    },
  )
}

function addTeamRoutes(app: App, desk: CareDesk): void {
  app.get(
    '/api/care/day',
    { schema: documented('My day', look.DayView, {}), config: STAFF_ONLY },
    async (request) => desk.day(staffOf(request)),
  )
  app.get(
    '/api/care/team',
    {
      schema: documented('My team now, and what waits for a second word', look.TeamView, {}),
      config: { access: { kind: 'staff' as const, action: 'see-team' } },
    },
    async (request) => desk.team(staffOf(request)),
  )
  app.post(
    '/api/care/approvals/:id',
    {
      schema: documented('Say yes or no', look.DecidedView, {
        params: care.ContactParams,
        body: care.ApprovalBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) =>
      send(reply, await desk.decide(staffOf(request), request.params.id, request.body)),
  )
}

function addBreakGlassRoutes(app: App, desk: CareDesk): void {
  app.post(
    '/api/care/break-glass',
    {
      schema: documented('Break the glass: a life is at risk', look.BrokenGlassOpened, {
        body: care.BreakGlassBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const broken = await desk.breakGlass(staff, request.body)
      if (isRefusal(broken)) return reply.refuse(broken)
      return reply.send({
        breakGlass: desk.glassView(broken.glass),
        contact: await desk.view(staff, broken.contact),
      })
    },
  )
  app.post(
    '/api/care/break-glass/:id/justification',
    {
      schema: documented('Say why it was needed', look.BreakGlassView, {
        params: care.ContactParams,
        body: care.JustificationBody,
      }),
      config: STAFF_ONLY,
    },
    async (request, reply) => {
      const { justification } = request.body
      const glass = await desk.justifyBreakGlass(staffOf(request), request.params.id, justification)
      return send(reply, isRefusal(glass) ? glass : desk.glassView(glass))
    },
  )
  app.post(
    '/api/care/break-glass/:id/review',
    {
      schema: documented('Review it', look.BreakGlassView, {
        params: care.ContactParams,
        body: care.ReviewBody,
      }),
      config: { access: { kind: 'staff' as const, action: 'review-break-glass' } },
    },
    async (request, reply) => {
      const glass = await desk.reviewBreakGlass(staffOf(request), request.params.id, request.body)
      return send(reply, isRefusal(glass) ? glass : desk.glassView(glass))
    },
  )
}
