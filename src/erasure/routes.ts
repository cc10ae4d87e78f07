import Type from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { ErasureDesk } from './desk.ts'
import { ERASURE_PROBLEMS } from './problems.ts'

const closed = { additionalProperties: false } as const
const tags = ['erasure']
const Instant = Type.Integer()
const Maybe = <T extends Type.TSchema>(one: T) => Type.Union([one, Type.Null()])
const Reason = Type.String({ minLength: 10, maxLength: 500 })
const Tenure = Type.String({ pattern: '^[0-9A-Za-z_-]{0,64}$' })
const NumberText = Type.String({ minLength: 3, maxLength: 40 })
const Id = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{24}$' }) }, closed)
const WordsSchema = Type.Object({ en: Type.String(), my: Type.String() }, closed)

const ListSchema = Type.Object(
  {
    erasures: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          number: Type.String(),
          tenure: Type.String(),
          reason: Type.String(),
          proposedBy: Type.String(),
          proposedDesk: Type.String(),
          proposedAt: Instant,
          state: Type.Enum(['waiting', 'erased', 'declined']),
          decidedDesk: Maybe(Type.String()),
          decidedAt: Maybe(Instant),
          declinedBecause: Maybe(Type.String()),
          finalOn: Maybe(Type.String()),
          answer: Maybe(WordsSchema),
        },
        closed,
      ),
    ),
  },
  closed,
)
const HoldingsSchema = Type.Object(
  {
    holdings: Type.Array(
      Type.Object({ tenure: Type.String(), from: Maybe(Instant), until: Maybe(Instant) }, closed),
    ),
  },
  closed,
)

/** The officers' desk for erasing one holder's log. */
export function addErasureRoutes(app: App, desk: ErasureDesk): void {
  app.addProblems(ERASURE_PROBLEMS)
  app.get(
    '/api/erasures',
    {
      config: { access: { kind: 'staff', action: 'see-erasures' } },
      schema: { tags, summary: 'What was proposed and decided', response: { 200: ListSchema } },
    },
    async () => ({ erasures: [...(await desk.list())] }),
  )
  app.post(
    '/api/erasures/holdings',
    {
      config: { access: { kind: 'staff', action: 'propose-erasure' } },
      schema: {
        tags,
        summary: 'Who held a number when',
        body: Type.Object({ number: NumberText }, closed),
        response: { 200: HoldingsSchema },
      },
    },
    async (request, reply) => {
      const found = await desk.holdings(request.body.number)
      return isRefusal(found) ? reply.refuse(found) : { holdings: [...found] }
    },
  )
  app.post(
    '/api/erasures',
    {
      config: { access: { kind: 'staff', action: 'propose-erasure' } },
      schema: {
        tags,
        summary: 'Propose to erase a log; a second person carries it out',
        body: Type.Object({ number: NumberText, tenure: Tenure, reason: Reason }, closed),
        response: { 200: Type.Object({ id: Type.String() }, closed) },
      },
    },
    async (request, reply) => {
      const proposed = await desk.propose(staffOf(request), request.body)
      return isRefusal(proposed) ? reply.refuse(proposed) : proposed
    },
  )
  addDecisionRoutes(app, desk)
}

function addDecisionRoutes(app: App, desk: ErasureDesk): void {
  app.post(
    '/api/erasures/:id/approval',
    {
      config: { access: { kind: 'staff', action: 'approve-erasure' } },
      schema: {
        tags,
        summary: 'Erase the log, as the second person',
        params: Id,
        response: { 200: Type.Object({ finalOn: Type.String(), answer: WordsSchema }, closed) },
      },
    },
    async (request, reply) => {
      const done = await desk.approve(staffOf(request), request.params.id)
      return isRefusal(done) ? reply.refuse(done) : done
    },
  )
  app.post(
    '/api/erasures/:id/decline',
    {
      config: { access: { kind: 'staff', action: 'propose-erasure' } },
      schema: {
        tags,
        summary: 'Decline or withdraw a proposal',
        params: Id,
        body: Type.Object({ reason: Reason }, closed),
        response: { 200: Type.Object({ id: Type.String() }, closed) },
      },
    },
    async (request, reply) => {
      const done = await desk.decline(staffOf(request), request.params.id, request.body.reason)
      return isRefusal(done) ? reply.refuse(done) : done
    },
  )
}
