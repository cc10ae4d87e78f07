import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { StaffRoom } from './room.ts'
import * as schemas from './schemas.ts'
import { staffOf } from './staff.ts'

const tags = ['me']

/** What each employee does for themself: sign the code of conduct, declare numbers. */
export function addSelfRoutes(app: App, room: StaffRoom): void {
  app.get(
    '/api/conduct',
    {
      config: { access: { kind: 'staff', action: null } },
      schema: { tags, summary: 'The code of conduct', response: { 200: schemas.ConductSchema } },
    },
    async (request) => ({
      current: await room.conduct.current(),
      mine: await room.conduct.lastSignature(staffOf(request).id),
    }),
  )
  app.post(
    '/api/conduct',
    {
      config: { access: { kind: 'staff', action: 'publish-conduct' } },
      schema: {
        tags,
        summary: 'Publish a new code of conduct; everybody signs again',
        body: schemas.NewConductBody,
        response: { 200: schemas.VersionSchema },
      },
    },
    async (request, reply) => {
      const { text, reason } = request.body
      const published = await room.conduct.publish(staffOf(request), text, reason)
      return isRefusal(published) ? reply.refuse(published) : published
    },
  )
  app.post(
    '/api/conduct/signature',
    {
      config: { access: { kind: 'staff', action: 'sign-conduct' } },
      schema: {
        tags,
        summary: 'Sign the code of conduct in force',
        body: schemas.VersionBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const no = await room.conduct.sign(staff, staff.id, request.body.version)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
  addCircleRoutes(app, room)
}

function addCircleRoutes(app: App, room: StaffRoom): void {
  app.get(
    '/api/circle',
    {
      config: { access: { kind: 'staff', action: 'declare-number' } },
      schema: { tags, summary: 'Numbers I declared', response: { 200: schemas.CircleSchema } },
    },
    async (request) => ({ numbers: await room.circle.numbersOf(staffOf(request).id) }),
  )
  app.post(
    '/api/circle',
    {
      config: { access: { kind: 'staff', action: 'declare-number' } },
      schema: {
        tags,
        summary: 'Declare a number of my own, my household or my friends',
        body: schemas.NewNumberBody,
        response: { 200: schemas.CreatedSchema },
      },
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const declared = await room.circle.declare(staff, staff.id, request.body)
      return isRefusal(declared) ? reply.refuse(declared) : declared
    },
  )
  app.delete(
    '/api/circle/:id',
    {
      config: { access: { kind: 'staff', action: 'declare-number' } },
      schema: {
        tags,
        summary: 'Take a declared number back',
        params: schemas.IdParams,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const no = await room.circle.withdraw(staff, staff.id, request.params.id)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
  app.get(
    '/api/people/:id/circle',
    {
      config: { access: { kind: 'staff', action: 'see-circle' } },
      schema: {
        tags: ['people'],
        summary: "Somebody's declared numbers",
        params: schemas.IdParams,
        response: { 200: schemas.CircleSchema },
      },
    },
    async (request) => ({ numbers: await room.circle.numbersOf(request.params.id) }),
  )
}
