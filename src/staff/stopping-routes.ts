import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { StaffRoom } from './room.ts'
import * as schemas from './schemas.ts'
import { staffOf } from './staff.ts'

const tags = ['people']

/** Freezing, dismissing and ending sessions; hours, courses and links for one person. */
export function addStoppingRoutes(app: App, room: StaffRoom): void {
  app.post(
    '/api/people/:id/freeze',
    {
      config: { access: { kind: 'staff', action: 'freeze-person' } },
      schema: {
        tags,
        summary: 'Freeze somebody: sessions and grants end at once, everywhere',
        params: schemas.IdParams,
        body: schemas.ReasonBody,
        response: { 200: schemas.SessionsEndedSchema },
      },
    },
    async (request, reply) => {
      const done = await room.people.freeze(staffOf(request), request.params.id, request.body.reason)
      return isRefusal(done) ? reply.refuse(done) : done
    },
  )
  app.post(
    '/api/people/:id/freeze/lifting',
    {
      config: { access: { kind: 'staff', action: 'lift-freeze' } },
      schema: {
        tags,
        summary: 'Lift a freeze',
        params: schemas.IdParams,
        body: schemas.ReasonBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const no = await room.people.liftFreeze(staffOf(request), request.params.id, request.body.reason)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
  app.post(
    '/api/people/:id/dismissal',
    {
      config: { access: { kind: 'staff', action: 'dismiss-person' } },
      schema: {
        tags,
        summary: 'Dismiss somebody: access is gone at that moment',
        params: schemas.IdParams,
        body: schemas.DismissalBody,
        response: { 200: schemas.SessionsEndedSchema },
      },
    },
    async (request, reply) => {
      const done = await room.people.dismiss(staffOf(request), request.params.id, request.body)
      return isRefusal(done) ? reply.refuse(done) : done
    },
  )
  addEndingRoute(app, room)
  addWorkRoutes(app, room)
}

function addEndingRoute(app: App, room: StaffRoom): void {
  app.post(
    '/api/people/:id/sessions/ending',
    {
      config: { access: { kind: 'staff', action: 'end-sessions' } },
      schema: {
        tags,
        summary: 'Sign somebody out everywhere',
        params: schemas.IdParams,
        body: schemas.ReasonBody,
        response: { 200: schemas.SessionsEndedSchema },
      },
    },
    async (request, reply) => {
      const done = await room.people.endSessions(staffOf(request), request.params.id, request.body.reason)
      return isRefusal(done) ? reply.refuse(done) : done
    },
  )
}

function addWorkRoutes(app: App, room: StaffRoom): void {
  app.post(
    '/api/people/:id/shifts',
    {
      config: { access: { kind: 'staff', action: 'plan-shift' } },
      schema: {
        tags,
        summary: 'Plan shifts',
        params: schemas.IdParams,
        body: schemas.ShiftsBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const no = await room.work.planShifts(staffOf(request), request.params.id, request.body.shifts)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
  app.post(
    '/api/people/:id/approvals',
    {
      config: { access: { kind: 'staff', action: 'approve-off-shift' } },
      schema: {
        tags,
        summary: 'Let somebody of my team work now, outside their shift',
        params: schemas.IdParams,
        body: schemas.ApprovalBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const no = await room.work.approveOffShift(staffOf(request), request.params.id, request.body)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
  app.post(
    '/api/people/:id/trainings',
    {
      config: { access: { kind: 'staff', action: 'record-training' } },
      schema: {
        tags,
        summary: 'Record a course passed',
        params: schemas.IdParams,
        body: schemas.TrainingBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const no = await room.work.recordTraining(staffOf(request), request.params.id, request.body)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
  app.post(
    '/api/people/:id/enrolment',
    {
      config: { access: { kind: 'staff', action: 'issue-enrolment' } },
      schema: {
        tags,
        summary: 'Issue a link that enrols one passkey',
        params: schemas.IdParams,
        response: { 200: schemas.LinkSchema },
      },
    },
    async (request, reply) => {
      const link = await room.passkeys.issueLink(staffOf(request), request.params.id)
      return isRefusal(link) ? reply.refuse(link) : link
    },
  )
}
