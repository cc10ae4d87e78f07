import type { App } from '../platform/http/app.ts'
import { staffOf } from '../staff/staff.ts'
import type { LawfulDesk } from './desk.ts'
import type { Encounter } from './encounters.ts'
import { answers, documented, needs, send, sendFile } from './route.ts'
import * as schemas from './schemas.ts'

const Params = { params: schemas.Params }

/** Police who come straight to us, and what is taken under threat. */
export function addDoorRoutes(app: App, desk: LawfulDesk): void {
  app.get(
    '/api/lawful/encounters',
    {
      config: needs('report-misdirected'),
      schema: documented('Who came straight to us', answers<{ encounters: Encounter[] }>(), {}),
    },
    async (request) => {
      const staff = staffOf(request)
      const all = await desk.encounters()
      const mayAll = staff.roles.some((role) => ['counsel', 'investigator', 'privacy-officer'].includes(role))
      return { encounters: mayAll ? all : all.filter((one) => one.staff === staff.id) }
    },
  )
  app.post(
    '/api/lawful/encounters/misdirected',
    {
      config: needs('report-misdirected'),
      schema: documented('An authority came straight to us', answers<Encounter>(), {
        body: schemas.MisdirectedBody,
      }),
    },
    async (request, reply) => send(reply, await desk.meetMisdirected(staffOf(request), request.body)),
  )
  app.post(
    '/api/lawful/encounters/duress',
    {
      config: needs('record-duress'),
      schema: documented('Something was taken under threat', answers<Encounter>(), {
        body: schemas.DuressBody,
      }),
    },
    async (request, reply) => send(reply, await desk.meetDuress(staffOf(request), request.body)),
  )
  app.get(
    '/api/lawful/encounters/:id/letter',
    {
      config: needs('report-misdirected'),
      schema: documented('The written answer that says where to go', answers<Buffer>(), Params),
    },
    async (request, reply) => {
      const bytes = await desk.misdirectedLetter(request.params.id)
      if (bytes === null) return reply.refuse(UNKNOWN)
      return sendFile(reply, { bytes, name: 'where-to-go.pdf' }, 'application/pdf')
    },
  )
}

const UNKNOWN = {
  refused: true,
  code: 'request-not-found',
  says: 'There is no such letter.',
  next: 'Go back to the list.',
} as const
