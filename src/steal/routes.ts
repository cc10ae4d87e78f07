import { readFileSync } from 'node:fs'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { App } from '../platform/http/app.ts'
import type { Language } from '../platform/words.ts'
import type { Heist } from './heist.ts'
import type { Game } from './house.ts'
import { AT, renderStage } from './pages.ts'

const config = { access: { kind: 'public' } } as const
const Lang = Type.Union([Type.Literal('en'), Type.Literal('my')])
const query = Type.Object({ lang: Type.Optional(Lang) })
const Plain = Type.Object({ lang: Lang })
const Row = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })
const Copying = Type.Object({
  lang: Lang,
  row: Type.Optional(Type.Union([Row, Type.Array(Row, { maxItems: 1_000 })])),
})
const Asking = Type.Object({ lang: Lang, number: Type.String({ minLength: 3, maxLength: 32 }) })

/** The game "Try to steal it", `/demo/steal`; only for the demo. Numbers travel in bodies only. */
export function addStealRoutes(app: App, game: Game): void {
  addFile(app, '.css', 'text/css; charset=utf-8')
  addFile(app, '.js', 'text/javascript; charset=utf-8')
  app.get(AT, { config, schema: { querystring: query } }, (request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(renderStage(game.stage, game.cast, request.query.lang ?? 'en')),
  )
  for (const [path, act] of [
    ['begin', game.begin],
    ['hand-in', game.handIn],
  ] as const)
    app.post(`${AT}/${path}`, { config, schema: { body: Plain } }, (request, reply) => {
      // The page waits for it by looking again; what fails is on the page, too.
      void act()
      return back(reply, (request.body as { lang: Language }).lang)
    })
  addDeskActs(app, game)
}

function addFile(app: App, ending: '.css' | '.js', type: string): void {
  const content = readFileSync(new URL(`./steal${ending}`, import.meta.url), 'utf8')
  app.get(`${AT}${ending}`, { config, schema: {} }, (_request, reply) =>
    reply.type(type).header('cache-control', 'public, max-age=3600').send(content),
  )
}

function addDeskActs(app: App, game: Game): void {
  const heist = (): Heist | null => (game.stage.at === 'desk' ? game.stage.heist : null)
  const acts: Readonly<Record<string, (heist: Heist) => unknown>> = {
    page: (open) => open.turnPage(),
    'copy-all': (open) => open.copyByHand(),
    photograph: (open) => open.photograph(),
    guess: (open) => open.guessCode(),
    elsewhere: (open) => open.lookElsewhere(),
  }
  for (const [path, act] of Object.entries(acts))
    app.post(`${AT}/${path}`, { config, schema: { body: Plain } }, async (request, reply) => {
      const open = heist()
      if (open !== null) await act(open)
      return back(reply, (request.body as { lang: Language }).lang)
    })
  app.post(`${AT}/copy`, { config, schema: { body: Copying } }, (request, reply) => {
    const { lang, row } = request.body
    if (row !== undefined) heist()?.copyByHand([row].flat())
    return back(reply, lang)
  })
  app.post(`${AT}/ask`, { config, schema: { body: Asking } }, async (request, reply) => {
    const { lang, number } = request.body
    await heist()?.askFor(number)
    return back(reply, lang)
  })
}

function back(reply: FastifyReply, language: Language): FastifyReply {
  return reply.redirect(`${AT}?lang=${language}`, 303)
}
