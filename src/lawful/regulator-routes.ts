import Type from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { Command } from './command.ts'
import type { LawfulDesk } from './desk.ts'
import { addHandoverRoute } from './handover.ts'
import { answers, documented, needs, send, sendFile } from './route.ts'
import * as schemas from './schemas.ts'
import type { RegulatorView } from './views.ts'

const Seen = answers<RegulatorView>()
const Params = { params: schemas.Params }
const Nothing = Type.Object({})
/** A letter of 5 MB in base64, and the filing around it. */
const LETTER_LIMIT = 8 * 1024 * 1024

type Asking = Parameters<typeof staffOf>[0]
type Answering = Parameters<typeof send>[0]

/** The regulator's counter: file, filter, follow, fetch, acknowledge; by hand, or by machine in TS 102 657. */
export function addRegulatorRoutes(app: App, desk: LawfulDesk): void {
  addFiling(app, desk)
  addFollowing(app, desk)
  addHandoverRoute(app, desk)
}

function addFiling(app: App, desk: LawfulDesk): void {
  app.post(
    '/api/regulator/requests',
    {
      bodyLimit: LETTER_LIMIT,
      config: needs('file-request'),
      schema: documented('File a request', Seen, { body: schemas.FileBody }),
    },
    async (request, reply) => {
      const { filing, letter } = request.body
      const staff = staffOf(request)
      const held = await desk.file(staff, filing, letter)
      return isRefusal(held) ? reply.refuse(held) : send(reply, await desk.regulatorPage(staff, held.id))
    },
  )
  app.post(
    '/api/regulator/requests/:id/completion',
    {
      bodyLimit: LETTER_LIMIT,
      config: needs('file-request'),
      schema: documented('Bring what was missing', Seen, { ...Params, body: schemas.FileBody }),
    },
    async (request, reply) =>
      pageOr(await desk.complete(staffOf(request), request.params.id, request.body), desk, request, reply),
  )
  app.post(
    '/api/regulator/requests/:id/paper',
    {
      bodyLimit: LETTER_LIMIT,
      config: needs('file-request'),
      schema: documented('Bring the written paper of an emergency', Seen, {
        ...Params,
        body: schemas.PaperFileBody,
      }),
    },
    async (request, reply) =>
      pageOr(await desk.bringPaper(staffOf(request), request.params.id, request.body), desk, request, reply),
  )
  app.post(
    '/api/regulator/requests/:id/taking',
    {
      config: needs('filter-request'),
      schema: documented('Take it to filter', Seen, { ...Params, body: Nothing }),
    },
    async (request, reply) => acted(desk, request, request.params.id, { do: 'take' }, reply),
  )
  app.post(
    '/api/regulator/requests/:id/filter',
    {
      config: needs('filter-request'),
      schema: documented('Let it pass, refuse it or return it, with reasons', Seen, {
        ...Params,
        body: schemas.FilterBody,
      }),
    },
    async (request, reply) =>
      acted(desk, request, request.params.id, { do: 'filter', ...request.body }, reply),
  )
}

function addFollowing(app: App, desk: LawfulDesk): void {
  app.get(
    '/api/regulator/requests',
    {
      config: needs('file-request'),
      schema: documented('The queue', answers<{ requests: RegulatorView[] }>(), {}),
    },
    async (request) => ({ requests: await desk.queue(staffOf(request)) }),
  )
  app.get(
    '/api/regulator/requests/:id',
    { config: needs('file-request'), schema: documented('Where a request stands', Seen, Params) },
    async (request, reply) => send(reply, await desk.regulatorPage(staffOf(request), request.params.id)),
  )
  app.get(
    '/api/regulator/requests/:id/package',
    { config: needs('file-request'), schema: documented('Fetch the package', answers<Buffer>(), Params) },
    async (request, reply) => sendFile(reply, await desk.fetchPackage(staffOf(request), request.params.id)),
  )
  app.post(
    '/api/regulator/requests/:id/acknowledgement',
    {
      config: needs('file-request'),
      schema: documented('It has come whole', Seen, { ...Params, body: Nothing }),
    },
    async (request, reply) => acted(desk, request, request.params.id, { do: 'acknowledge' }, reply),
  )
  app.post(
    '/api/regulator/requests/:id/withdrawal',
    {
      config: needs('file-request'),
      schema: documented('Withdraw it', Seen, { ...Params, body: schemas.ReasonBody }),
    },
    async (request, reply) =>
      acted(desk, request, request.params.id, { do: 'withdraw', ...request.body }, reply),
  )
  app.post(
    '/api/regulator/requests/:id/secrecy',
    {
      config: needs('file-request'),
      schema: documented('Renew secrecy, with a reason', Seen, { ...Params, body: schemas.SecrecyBody }),
    },
    async (request, reply) =>
      acted(desk, request, request.params.id, { do: 'renew-secrecy', ...request.body }, reply),
  )
  app.post(
    '/api/regulator/requests/:id/hold',
    {
      config: needs('file-request'),
      schema: documented('Extend what is preserved, once', Seen, { ...Params, body: schemas.ReasonBody }),
    },
    async (request, reply) =>
      pageOr(
        await desk.extendHold(staffOf(request), request.params.id, request.body.reason),
        desk,
        request as Asking & { params: { id: string } },
        reply,
      ),
  )
}

async function acted(desk: LawfulDesk, request: Asking, id: string, command: Command, reply: Answering) {
  const staff = staffOf(request)
  const done = await desk.act(staff, id, command)
  return isRefusal(done) ? reply.refuse(done) : send(reply, await desk.regulatorPage(staff, id))
}

async function pageOr(
  done: unknown,
  desk: LawfulDesk,
  request: Asking & { params: { id: string } },
  reply: Answering,
) {
  if (isRefusal(done)) return reply.refuse(done)
  return send(reply, await desk.regulatorPage(staffOf(request), request.params.id))
}
