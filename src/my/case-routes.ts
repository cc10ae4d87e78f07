import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { customerOf } from '../customers/sessions.ts'
import { PEOPLE_PROBLEMS } from '../incident/people-routes.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { Language } from '../platform/words.ts'
import { CASE_REFUSALS_MY } from './case-words.ts'
import { casePage } from './pages/case.ts'
import { type MyRoom, refusalText, sendPage, signedInContext } from './room.ts'

const tags = ['my']
/** What a person types on a page, in any words. */
export const Says = Type.String({ minLength: 1, maxLength: 4000 })
const Id = Type.String({ pattern: '^[0-9a-f]{24}$' })

/** "My case": what she reported, what was found, each message, and who speaks for her. */
export function addCaseRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my/case',
    { config: { access: { kind: 'customer' } }, schema: { tags, summary: 'What became of my reports' } },
    (request, reply) => show(room, request, reply, null),
  )
  app.post(
    '/my/case/messages',
    {
      config: { access: { kind: 'customer' } },
      schema: { tags, summary: 'She writes to the officer', body: Type.Object({ case: Id, says: Says }) },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      const { case: id, says } = request.body
      return show(room, request, reply, await room.customerCases.write(subscriber, id, says.trim()))
    },
  )
  app.post(
    '/my/case/representation-end',
    {
      config: { access: { kind: 'customer' } },
      schema: {
        tags,
        summary: 'She ends what somebody may do in her place',
        body: Type.Object({ representation: Id }),
      },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      const { representation } = request.body
      return show(
        room,
        request,
        reply,
        await room.customerCases.endRepresentation(subscriber, representation),
      )
    },
  )
}

/** What a refusal of these pages says, in the reader's language. */
export function caseRefusalText(refusal: Refusal, language: Language): string {
  return refusalText(refusal, language, CASE_REFUSALS_MY)
}

/** Its status. */
export function caseStatusOf(refusal: Refusal): number {
  return PEOPLE_PROBLEMS[refusal.code] ?? 404
}

async function show(room: MyRoom, request: FastifyRequest, reply: FastifyReply, done: Refusal | null) {
  if (done === null && request.method === 'POST') return reply.redirect('/my/case', 303)
  const { subscriber } = customerOf(request)
  const page = await signedInContext(room, request)
  const { reports } = await room.reports.ofSubscriber(subscriber)
  const cases = await room.customerCases.ofSubscriber(subscriber)
  if (!isRefusal(done)) return sendPage(reply, casePage(page, reports, cases))
  const refused = caseRefusalText(done, page.language)
  return sendPage(reply, casePage(page, reports, cases, refused), caseStatusOf(done))
}
