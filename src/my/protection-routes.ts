import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Subscriber } from '../customers/customers.ts'
import { customerOf } from '../customers/sessions.ts'
import type { Trx } from '../platform/database.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { protectionPage } from './pages/protection.ts'
import { type MyRoom, refusalText, sendPage, signedInContext, statusOf } from './room.ts'

const tags = ['my']
const access = { kind: 'customer' } as const

/** PIN, only in a shop, safe mode, language, and stopping what waits. */
export function addProtectionRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my/protection',
    { config: { access }, schema: { tags, summary: 'My protection' } },
    (request, reply) => show(room, request, reply, null),
  )
  app.post(
    '/my/protection/secret',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Set a PIN or passphrase',
        body: Type.Object({
          kind: Type.Union([Type.Literal('pin'), Type.Literal('passphrase')]),
          secret: Type.String({ maxLength: 200 }),
          old: Type.Optional(Type.String({ maxLength: 200 })),
        }),
      },
    },
    (request, reply) => {
      const { kind, secret, old } = request.body
      return change(room, request, reply, (trx, subscriber) =>
        room.customers.protection.setSecretOnline(trx, subscriber, { kind, secret, old: old ?? null }),
      )
    },
  )
  addShopOnlyRoute(app, room)
  addSafeModeRoute(app, room)
  addStopRoute(app, room)
  addLanguageRoute(app, room)
}

function addShopOnlyRoute(app: App, room: MyRoom): void {
  app.post(
    '/my/protection/shop-only',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Only in a shop, on or off',
        body: Type.Object({ on: Type.Union([Type.Literal('yes'), Type.Literal('no')]) }),
      },
    },
    (request, reply) =>
      change(room, request, reply, (trx, subscriber) =>
        room.customers.protection.setShopOnly(trx, subscriber, request.body.on === 'yes'),
      ),
  )
}

function addSafeModeRoute(app: App, room: MyRoom): void {
  app.post(
    '/my/protection/safe-mode',
    {
      config: { access },
      schema: {
        tags,
        summary: 'How texts are sent',
        body: Type.Object({
          mode: Type.Union([
            Type.Literal('off'),
            Type.Literal('neutral'),
            Type.Literal('page'),
            Type.Literal('shop'),
          ]),
        }),
      },
    },
    (request, reply) =>
      change(room, request, reply, (trx, subscriber) =>
        room.customers.protection.setSafeMode(trx, subscriber, request.body.mode),
      ),
  )
}

function addStopRoute(app: App, room: MyRoom): void {
  app.post(
    '/my/protection/stop',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Stop a change that waits',
        body: Type.Object({ change: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
      },
    },
    (request, reply) =>
      change(room, request, reply, (trx, subscriber) =>
        room.customers.protection.stop(trx, subscriber, request.body.change),
      ),
  )
}

function addLanguageRoute(app: App, room: MyRoom): void {
  app.post(
    '/my/language',
    {
      config: { access },
      schema: {
        tags,
        summary: 'The language of this page and of our texts',
        body: Type.Object({ language: Type.Union([Type.Literal('en'), Type.Literal('my')]) }),
      },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      await room.db
        .transaction()
        .execute((trx) => room.customers.protection.setLanguage(trx, subscriber, request.body.language))
      await room.ledger.sequence()
      return reply.redirect(backOf(request), 303)
    },
  )
}

/** Makes a change in one transaction with its entry, and shows the page again, or what was refused. */
export async function change(
  room: MyRoom,
  request: FastifyRequest,
  reply: FastifyReply,
  run: (trx: Trx, subscriber: Subscriber) => Promise<unknown>,
): Promise<FastifyReply> {
  const { subscriber } = customerOf(request)
  const outcome = await room.db.transaction().execute((trx) => run(trx, subscriber))
  await room.ledger.sequence()
  return isRefusal(outcome) ? show(room, request, reply, outcome) : reply.redirect('/my/protection', 303)
}

async function show(
  room: MyRoom,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Refusal | null,
): Promise<FastifyReply> {
  const { subscriber } = customerOf(request)
  const page = await signedInContext(room, request)
  const view = {
    subscriber,
    keys: await room.customers.ownKeys.list(room.db, subscriber),
    waiting: await room.customers.protection.waiting(room.db, subscriber),
    changes: await room.timeline.changes(subscriber),
  }
  const text = refused === null ? null : refusalText(refused, page.language)
  return sendPage(reply, protectionPage(page, view, text), refused === null ? 200 : statusOf(refused))
}

/** Back to the page of hers that the form stood on; anything else leads to the first one. */
function backOf(request: FastifyRequest): string {
  const path = /^https?:\/\/[^/]+(\/my(?:\/(?:bill|calls|protection|case))?)(?:$|\?)/.exec(
    request.headers.referer ?? '',
  )?.[1]
  return path ?? '/my'
}
