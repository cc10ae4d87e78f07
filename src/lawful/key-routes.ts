import Type from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import { staffOf } from '../staff/staff.ts'
import type { LawfulDesk } from './desk.ts'
import { answers, documented, needs } from './route.ts'
import * as schemas from './schemas.ts'
import type { KeyRow } from './store.ts'

const Params = { params: schemas.Params }

/** The keys that packages are encrypted to: written down, confirmed by another after a call back, ended. */
export function addKeyRoutes(app: App, desk: LawfulDesk): void {
  const answer = answers<{ keys: KeyRow[] }>()
  app.get(
    '/api/lawful/keys',
    {
      config: needs('register-recipient'),
      schema: documented('Keys that packages are encrypted to', answer, {}),
    },
    async () => ({ keys: await desk.keys() }),
  )
  app.post(
    '/api/lawful/keys',
    {
      config: needs('register-recipient'),
      schema: documented('Write a key down', answer, { body: schemas.RecipientBody }),
    },
    async (request, reply) => {
      const made = await desk.proposeKey(staffOf(request), request.body)
      return isRefusal(made) ? reply.refuse(made) : reply.send({ keys: await desk.keys() })
    },
  )
  app.post(
    '/api/lawful/keys/:id/confirmation',
    {
      config: needs('register-recipient'),
      schema: documented('Confirm it after calling back', answer, { ...Params, body: Type.Object({}) }),
    },
    async (request, reply) => {
      const made = await desk.confirmKey(staffOf(request), request.params.id)
      return isRefusal(made) ? reply.refuse(made) : reply.send({ keys: await desk.keys() })
    },
  )
  app.post(
    '/api/lawful/keys/:id/end',
    {
      config: needs('register-recipient'),
      schema: documented('End it', answer, { ...Params, body: Type.Object({}) }),
    },
    async (request, reply) => {
      const made = await desk.endKey(staffOf(request), request.params.id)
      return isRefusal(made) ? reply.refuse(made) : reply.send({ keys: await desk.keys() })
    },
  )
}
