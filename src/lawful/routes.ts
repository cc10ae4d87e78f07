import Type from 'typebox'
import type { LawfulFrame } from '../calls/lawful-frame.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import { addCertificateRoutes } from './certificate-routes.ts'
import type { Command } from './command.ts'
import type { ScopeCounts } from './count.ts'
import type { LawfulDesk } from './desk.ts'
import { addDoorRoutes } from './door-routes.ts'
import { addKeyRoutes } from './key-routes.ts'
import { LAWFUL_PROBLEMS } from './problems.ts'
import { addRegulatorRoutes } from './regulator-routes.ts'
import { answers, documented, needs, send, sendFile } from './route.ts'
import * as schemas from './schemas.ts'
import type { BoardLine, DeskView } from './views.ts'

const DeskAnswer = answers<DeskView>()
const Params = { params: schemas.Params }

/** Adds the operator's desk and the regulator's counter. */
export function addLawfulRoutes(app: App, desk: LawfulDesk): void {
  app.addProblems(LAWFUL_PROBLEMS)
  addSeeing(app, desk)
  addSteps(app, desk)
  addEnds(app, desk)
  addPackages(app, desk)
  addKeyRoutes(app, desk)
  addDoorRoutes(app, desk)
  addCertificateRoutes(app, desk)
  addRegulatorRoutes(app, desk)
}

function addSeeing(app: App, desk: LawfulDesk): void {
  app.get(
    '/api/lawful/frames',
    {
      config: { access: { kind: 'staff', action: null } },
      schema: documented(
        'Categories, legal bases, authorities, grounds and clocks',
        answers<{ frames: readonly LawfulFrame[] }>(),
        {},
      ),
    },
    async () => ({ frames: desk.frames }),
  )
  app.get(
    '/api/lawful/requests',
    {
      config: needs('see-requests'),
      schema: documented('The board', answers<{ requests: BoardLine[] }>(), {}),
    },
    async () => ({ requests: await desk.board() }),
  )
  app.get(
    '/api/lawful/requests/:id',
    { config: needs('see-requests'), schema: documented('One request', DeskAnswer, Params) },
    async (request, reply) => send(reply, await desk.page(staffOf(request), request.params.id)),
  )
  app.get(
    '/api/lawful/requests/:id/letters/:digest',
    {
      config: needs('see-requests'),
      schema: documented('The signed letter', answers<Buffer>(), {
        params: Type.Object({
          id: Type.String({ pattern: '^[0-9a-f]{24}$' }),
          digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        }),
      }),
    },
    async (request, reply) => {
      const { id, digest } = request.params
      const bytes = await desk.letter(staffOf(request), id, digest)
      if (isRefusal(bytes)) return reply.refuse(bytes)
      return sendFile(reply, { bytes, name: `letter-${digest.slice(0, 8)}.pdf` }, 'application/pdf')
    },
  )
  app.post(
    '/api/lawful/requests/:id/counts',
    {
      config: needs('produce-request'),
      schema: documented('What a narrowing would hand over, in counts alone', answers<ScopeCounts>(), {
        ...Params,
        body: schemas.CountBody,
      }),
    },
    async (request, reply) =>
      send(reply, await desk.count(staffOf(request), request.params.id, request.body.scope)),
  )
}

function addSteps(app: App, desk: LawfulDesk): void {
  app.post(
    '/api/lawful/requests/:id/checks',
    {
      config: needs('prepare-request'),
      schema: documented('Answer standards, each with its reason', DeskAnswer, {
        ...Params,
        body: schemas.ChecksBody,
      }),
    },
    async (request, reply) =>
      acted(desk, request, request.params.id, { do: 'answer-checks', ...request.body }, reply),
  )
  app.post(
    '/api/lawful/requests/:id/return',
    {
      config: needs('prepare-request'),
      schema: documented('Send it back with what is missing', DeskAnswer, {
        ...Params,
        body: schemas.ReturnBody,
      }),
    },
    async (request, reply) =>
      acted(desk, request, request.params.id, { do: 'return', ...request.body }, reply),
  )
  app.post(
    '/api/lawful/requests/:id/ruling',
    {
      config: needs('rule-request'),
      schema: documented('The first key: counsel rules', DeskAnswer, { ...Params, body: schemas.KeyBody }),
    },
    async (request, reply) => acted(desk, request, request.params.id, { do: 'rule', ...request.body }, reply),
  )
  app.post(
    '/api/lawful/requests/:id/second',
    {
      config: needs('second-request'),
      schema: documented('The second key, of another role', DeskAnswer, { ...Params, body: schemas.KeyBody }),
    },
    async (request, reply) =>
      acted(desk, request, request.params.id, { do: 'second', ...request.body }, reply),
  )
}

function addEnds(app: App, desk: LawfulDesk): void {
  app.post(
    '/api/lawful/requests/:id/closing',
    {
      config: needs('produce-request'),
      schema: documented('Close it', DeskAnswer, { ...Params, body: Type.Object({}) }),
    },
    async (request, reply) => acted(desk, request, request.params.id, { do: 'close' }, reply),
  )
  app.post(
    '/api/lawful/requests/:id/after-review',
    {
      config: needs('review-emergency'),
      schema: documented('Say whether an emergency was one', DeskAnswer, {
        ...Params,
        body: schemas.AfterReviewBody,
      }),
    },
    async (request, reply) =>
      acted(desk, request, request.params.id, { do: 'after-review', ...request.body }, reply),
  )
  app.post(
    '/api/lawful/requests/:id/duress',
    {
      config: needs('record-duress'),
      schema: documented('It was taken under threat', DeskAnswer, { ...Params, body: schemas.ReasonBody }),
    },
    async (request, reply) =>
      acted(desk, request, request.params.id, { do: 'duress', ...request.body }, reply),
  )
}

type Asking = Parameters<typeof staffOf>[0]
type Answering = Parameters<typeof send>[0]

/** Does a step and gives the page as it is now, or sends the refusal. */
async function acted(desk: LawfulDesk, request: Asking, id: string, command: Command, reply: Answering) {
  const staff = staffOf(request)
  const done = await desk.act(staff, id, command)
  return pageOr(done, desk, staff, id, reply)
}

async function pageOr(
  done: unknown,
  desk: LawfulDesk,
  staff: ReturnType<typeof staffOf>,
  id: string,
  reply: Answering,
) {
  return isRefusal(done) ? reply.refuse(done) : send(reply, await desk.page(staff, id))
}

function addPackages(app: App, desk: LawfulDesk): void {
  app.post(
    '/api/lawful/requests/:id/production',
    {
      config: needs('produce-request'),
      schema: documented('Make the package', DeskAnswer, { ...Params, body: Type.Object({}) }),
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const { id } = request.params
      return pageOr(await desk.produce(staff, id), desk, staff, id, reply)
    },
  )
  app.post(
    '/api/lawful/requests/:id/release',
    {
      config: needs('produce-request'),
      schema: documented('Release it', DeskAnswer, { ...Params, body: Type.Object({}) }),
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const { id } = request.params
      return pageOr(await desk.release(staff, id), desk, staff, id, reply)
    },
  )
  app.get(
    '/api/lawful/requests/:id/package',
    {
      config: needs('produce-request'),
      schema: documented('What was delivered, to the byte', answers<Buffer>(), Params),
    },
    async (request, reply) => sendFile(reply, await desk.deliveredPackage(request.params.id)),
  )
  app.post(
    '/api/lawful/requests/:id/reopening',
    {
      config: needs('produce-request'),
      schema: documented('The archive inside, with a reason', answers<Buffer>(), {
        ...Params,
        body: schemas.ReasonBody,
      }),
    },
    async (request, reply) =>
      sendFile(
        reply,
        await desk.reopenPackage(staffOf(request), request.params.id, request.body.reason),
        'application/x-tar',
      ),
  )
}
