import { readFileSync } from 'node:fs'
import type { FastifyReply } from 'fastify'
import Type, { type Static } from 'typebox'
import type { App } from '../http/app.ts'
import { openEventStream } from '../http/sse.ts'
import { refuse } from '../refusal.ts'
import type { SimulatedPbx } from '../telephony/simulated.ts'
import type { Language, Words } from '../words.ts'
import type { DemoPhones, PhonePerson } from './demo-phones.ts'
import { renderChooser, renderPhone, renderScreen } from './phone-page.ts'

export interface PhoneRoutesOptions {
  readonly phones: DemoPhones
  readonly pbx: SimulatedPbx
  /** People whose name or number holds `search`; those to begin with when it is empty. At most 30 are shown. */
  readonly people: (search: string) => Promise<readonly PhonePerson[]>
  /** Desks that would answer now, the likeliest first. */
  readonly desks: () => Promise<readonly { readonly desk: string; readonly says: Words }[]>
  readonly operatorName: string
  readonly publicUrl: string
  /** Of the operator's time zone, from UTC. */
  readonly offsetMinutes: number
}

const config = { access: { kind: 'public' } } as const
const Lang = Type.Union([Type.Literal('en'), Type.Literal('my')])
const query = Type.Object({ lang: Type.Optional(Lang) })
const params = Type.Object({ handle: Type.String({ pattern: '^[0-9a-f]{32}$' }) })
const Choice = Type.Object({ lang: Lang, person: Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$' }) })
const Search = Type.Object({ lang: Lang, who: Type.String({ maxLength: 60 }) })
const Ring = Type.Object({
  lang: Lang,
  desk: Type.String({ pattern: '^[A-Za-z0-9-]{1,20}$' }),
  spoofed: Type.Optional(Type.Literal('yes')),
})
const Digits = Type.Object({ lang: Lang, digits: Type.String({ pattern: '^[0-9]{1,12}$' }) })
const Plain = Type.Object({ lang: Lang })
const MOST_PEOPLE = 30

/**
 * The demo's phone, `/demo/phone`: choose whose, read the texts as they come, ring care, hang up, key digits in,
 * answer a call back. Numbers travel in bodies only; an address holds the phone's handle. Only for the demo: it
 * opens anybody's phone to anybody.
 */
export function addPhoneRoutes(app: App, options: PhoneRoutesOptions): void {
  addFile(app, '/demo/phone.css', 'text/css; charset=utf-8', './phone.css')
  addFile(app, '/demo/phone.js', 'text/javascript; charset=utf-8', './phone.js')
  addChooser(app, options)
  addScreens(app, options)
  addCalls(app, options)
}

function addFile(app: App, address: string, type: string, file: string): void {
  const content = readFileSync(new URL(file, import.meta.url), 'utf8')
  app.get(address, { config, schema: {} }, (_request, reply) =>
    reply.type(type).header('cache-control', 'public, max-age=3600').send(content),
  )
}

function addChooser(app: App, { people, phones }: PhoneRoutesOptions): void {
  app.get('/demo/phone', { config, schema: { querystring: query } }, async (request, reply) => {
    const language = request.query.lang ?? 'en'
    return page(reply, renderChooser({ language, people: await firstPeople(people, ''), searched: false }))
  })
  app.post('/demo/phone/find', { config, schema: { body: Search } }, async (request, reply) => {
    const { lang: language, who } = request.body
    return page(
      reply,
      renderChooser({ language, people: await firstPeople(people, who.trim()), searched: true }),
    )
  })
  app.post('/demo/phone/choose', { config, schema: { body: Choice } }, async (request, reply) => {
    const { lang, person: number } = request.body
    const person = (await people(number)).find((candidate) => candidate.number === number)
    if (person === undefined) return reply.refuse(NO_PHONE)
    return reply.redirect(`/demo/phone/${await phones.choose(person)}?lang=${lang}`, 303)
  })
}

function addScreens(app: App, options: PhoneRoutesOptions): void {
  const { phones, pbx } = options
  const schema = { params, querystring: query }
  for (const [ending, render] of [
    ['', renderPhone],
    ['/screen', renderScreen],
  ] as const) {
    app.get(`/demo/phone/:handle${ending}`, { config, schema }, async (request, reply) => {
      const { handle } = request.params as Static<typeof params>
      const { lang } = request.query as Static<typeof query>
      const person = await phones.personOf(handle)
      if (person === null) return reply.refuse(NO_PHONE)
      const { operatorName, publicUrl, offsetMinutes } = options
      const [texts, desks] = await Promise.all([phones.texts(handle), options.desks()])
      const state = pbx.phone(person.number)
      const language = lang ?? person.language
      return page(
        reply,
        render({ language, handle, person, texts, desks, state, operatorName, publicUrl, offsetMinutes }),
      )
    })
  }
  app.get('/demo/phone/:handle/events', { config, schema: { params } }, async (request, reply) => {
    const { handle } = request.params
    const person = await phones.personOf(handle)
    if (person === null) return reply.refuse(NO_PHONE)
    const stream = openEventStream(request, reply, { heartbeatSeconds: 15 })
    const stops = [
      phones.onText((changed) => changed === handle && stream.send('changed', {})),
      pbx.onChange((changed) => changed === person.number && stream.send('changed', {})),
    ]
    stream.onClose(() => {
      for (const stop of stops) stop()
    })
  })
}

function addCalls(app: App, { phones, pbx, desks }: PhoneRoutesOptions): void {
  const back = (reply: FastifyReply, handle: string, lang: Language): FastifyReply =>
    reply.redirect(`/demo/phone/${handle}?lang=${lang}`, 303)
  app.post('/demo/phone/:handle/ring', { config, schema: { params, body: Ring } }, async (request, reply) => {
    const person = await phones.personOf(request.params.handle)
    const { desk, spoofed, lang } = request.body
    const staffed = (await desks()).some((candidate) => candidate.desk === desk)
    if (person === null || !staffed) return reply.refuse(NO_PHONE)
    await pbx.ring(person.number, desk, { networkAsserted: spoofed === undefined })
    return back(reply, request.params.handle, lang)
  })
  app.post(
    '/demo/phone/:handle/digits',
    { config, schema: { params, body: Digits } },
    async (request, reply) => {
      const person = await phones.personOf(request.params.handle)
      if (person === null) return reply.refuse(NO_PHONE)
      await pbx.keyDigits(person.number, request.body.digits)
      return back(reply, request.params.handle, request.body.lang)
    },
  )
  const actions = { 'hang-up': pbx.hangUp, answer: pbx.answerCallBack, decline: pbx.declineCallBack }
  for (const [name, act] of Object.entries(actions)) {
    app.post(
      `/demo/phone/:handle/${name}`,
      { config, schema: { params, body: Plain } },
      async (request, reply) => {
        const { handle } = request.params as Static<typeof params>
        const person = await phones.personOf(handle)
        if (person === null) return reply.refuse(NO_PHONE)
        await act(person.number)
        return back(reply, handle, (request.body as Static<typeof Plain>).lang)
      },
    )
  }
}

const NO_PHONE = refuse('not-found', 'There is no such phone or desk.', 'Choose whose phone it is again.')

async function firstPeople(people: PhoneRoutesOptions['people'], search: string): Promise<PhonePerson[]> {
  return (await people(search)).slice(0, MOST_PEOPLE)
}

function page(reply: FastifyReply, html: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html)
}
