import type { FastifyReply } from 'fastify'
import { commitWith } from '../ledger/commit.ts'
import type { JsonObject } from '../ledger/entry.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import { type StaffFacts, staffOf } from '../staff/staff.ts'
import { readPathsOf, readTracesOf } from '../trace/store.ts'
import { type Held, incidentNotFound, openCase, recordStep } from './book.ts'
import { may, seen, unseen } from './case-access.ts'
import { type Chain, type ChainAct, changeChain, NO_CHAIN } from './chain-rules.ts'
import { type ChainAsked, ChainBody, ChainView, type ChainViewData } from './chain-schemas.ts'
import { readChain, saveChain } from './court-store.ts'
import type { CourtParties } from './parties.ts'
import { IncidentParams } from './schemas.ts'
import { readIncident } from './store.ts'

/** The chain of a leak: drawn by the investigator, each change with its reason and an entry. */
export interface ChainDesk {
  get(staff: StaffFacts, incident: string): Promise<ChainViewData | Refusal>
  change(staff: StaffFacts, incident: string, asked: ChainAsked): Promise<ChainViewData | Refusal>
}

/** HTTP status of every refusal code of chains. */
export const CHAIN_PROBLEMS: Readonly<Record<string, number>> = {
  'chain-person-there': 409,
  'chain-link-loop': 422,
  'chain-person-linked': 409,
  'chain-ground-unknown': 422,
  'chain-too-sure': 422,
  'chain-full': 409,
  'chain-part-unknown': 404,
}

const PURPOSE = 'incident-chain'

/** Opens the desk of chains. */
export function createChainDesk(parties: CourtParties): ChainDesk {
  return {
    async get(staff, incident) {
      const held = await seen(parties, staff, incident, 'see-incidents')
      return isRefusal(held) ? held : viewOf(parties, parties.db, incident)
    },
    change: (staff, incident, asked) => change(parties, staff, incident, asked),
  }
}

async function change(
  parties: CourtParties,
  staff: StaffFacts,
  incident: string,
  asked: ChainAsked,
): Promise<ChainViewData | Refusal> {
  const done = await commitWith<Held | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const row = await readIncident(trx, incident, true)
    if (row === null) return incidentNotFound()
    const held = openCase(parties, row)
    const no = unseen(may(parties, staff, 'draw-chain', held))
    if (no !== null) return no
    if (held.case.state === 'closed')
      return refuse('incident-closed', 'This incident is closed.', 'Reopen it with the reason first.')
    const chain = await open(parties, trx, incident, true)
    const act = actOf(asked, Buffer.from(parties.random(8)).toString('hex'))
    const next = changeChain(chain, act, await knownOf(trx, incident))
    if (isRefusal(next)) return next
    const { says, ...what } = asked
    await recordStep(parties, trx, append, held, staff, {
      ...{ kind: 'chain-drawn', act: `chain-${asked.do}`, at: parties.clock.now(), says, header: null },
      what: nameOf(act, chain),
      more: { change: what as unknown as JsonObject, ...partsOf(act, chain) },
    })
    const sealed = parties.keys.sealer.seal(PURPOSE, incident, Buffer.from(JSON.stringify(next)))
    await saveChain(trx, incident, sealed)
    return held
  })
  return isRefusal(done) ? done : viewOf(parties, parties.db, incident)
}

function actOf(asked: ChainAsked, id: string): ChainAct {
  if (asked.do === 'person')
    return { do: 'person', person: { id, kind: asked.kind, name: asked.name.trim() } }
  if (asked.do === 'revise') return asked
  if (asked.do === 'remove') return asked
  const { from, to, how, ground, confidence } = asked
  return { do: 'link', link: { id, from, to, how, ground, confidence } }
}

/** What a reader of the entry sees of the ends, whose ids say nothing. */
function partsOf(act: ChainAct, chain: Chain): JsonObject {
  const link = act.do === 'link' ? act.link : chain.links.find(({ id }) => 'id' in act && id === act.id)
  const name = (id: string) => chain.people.find((person) => person.id === id)?.name ?? ''
  return link === undefined ? {} : { from: name(link.from), to: name(link.to) }
}

function nameOf(act: ChainAct, chain: Chain): string {
  if (act.do === 'person') return act.person.name
  const { from, to } = partsOf(act, chain) as { from?: string; to?: string }
  if (from !== undefined) return `${from} → ${to}`
  return chain.people.find(({ id }) => 'id' in act && id === act.id)?.name ?? ''
}

async function open(parties: CourtParties, db: Db | Trx, incident: string, lock = false): Promise<Chain> {
  const sealed = await readChain(db, incident, lock)
  if (sealed === null) return NO_CHAIN
  return JSON.parse(parties.keys.sealer.open(PURPOSE, incident, sealed).toString('utf8')) as Chain
}

async function knownOf(db: Db | Trx, incident: string) {
  const ids = (rows: readonly { id: string }[]) => new Set(rows.map(({ id }) => id))
  return { traces: ids(await readTracesOf(db, incident)), paths: ids(await readPathsOf(db, incident)) }
}

async function viewOf(parties: CourtParties, db: Db, incident: string): Promise<ChainViewData> {
  const { people, links } = await open(parties, db, incident)
  const brief = (rows: readonly { id: string; at: number }[]) => rows.map(({ id, at }) => ({ id, at }))
  return {
    people: people.map((one) => ({ ...one })),
    links: links.map((one) => ({ ...one, ground: { ...one.ground } })),
    traces: brief(await readTracesOf(db, incident)),
    paths: brief(await readPathsOf(db, incident)),
  }
}

/** Adds the routes under `/api/incidents/:id/chain`. */
export function addChainRoutes(app: App, desk: ChainDesk): void {
  app.addProblems(CHAIN_PROBLEMS)
  const schema = { tags: ['incidents'], params: IncidentParams, response: { 200: ChainView } }
  app.get(
    '/api/incidents/:id/chain',
    {
      schema: { ...schema, summary: 'People and links of a leak, with their grounds' },
      config: { access: { kind: 'staff' as const, action: 'see-incidents' } },
    },
    async (request, reply) => send(reply, await desk.get(staffOf(request), request.params.id)),
  )
  app.post(
    '/api/incidents/:id/chain',
    {
      schema: { ...schema, summary: 'Change the chain of a leak', body: ChainBody },
      config: { access: { kind: 'staff' as const, action: 'draw-chain' } },
    },
    async (request, reply) =>
      send(reply, await desk.change(staffOf(request), request.params.id, request.body)),
  )
}

function send<T>(reply: FastifyReply, result: T | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}
