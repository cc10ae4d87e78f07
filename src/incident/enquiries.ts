import type { FastifyReply } from 'fastify'
import type { Db, Trx } from '../platform/database.ts'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import { type StaffFacts, staffOf } from '../staff/staff.ts'
import { recordStep } from './book.ts'
import { seen } from './case-access.ts'
import { type CaseworkParties, inCase, officer } from './casework.ts'
import { sayIn } from './communications.ts'
import { readStatements } from './court-store.ts'
import { type AnswerAsked, answerEnquiry, type Enquiry, type Standing } from './enquiry-rules.ts'
import * as shape from './enquiry-schemas.ts'
import { type EnquiryRow, readEnquiries, saveEnquiry } from './enquiry-store.ts'
import { IncidentParams } from './schemas.ts'
import { publishedStatements } from './statements.ts'

/** What the press asked about a case, and what it was told: each a line of the register of communications, too. */
export interface EnquiryDesk {
  list(staff: StaffFacts, incident: string): Promise<shape.EnquiriesViewData | Refusal>
  /** Files a question. */
  ask(
    staff: StaffFacts,
    incident: string,
    asked: shape.EnquiryAsked,
  ): Promise<shape.EnquiriesViewData | Refusal>
  /** Writes down that it was answered with what is published, or with a sentence that says nothing yet. */
  answer(
    staff: StaffFacts,
    of: { incident: string; id: string },
    asked: AnswerAsked,
  ): Promise<shape.EnquiriesViewData | Refusal>
}

/** HTTP status of every refusal code of this desk. */
export const ENQUIRY_PROBLEMS: Readonly<Record<string, number>> = {
  'enquiry-not-found': 404,
  'enquiry-unpublished': 409,
}

const PURPOSE = 'incident-enquiry'

/** Opens the desk. */
export function createEnquiryDesk(parties: CaseworkParties): EnquiryDesk {
  return {
    async list(staff, incident) {
      const held = await seen(parties, staff, incident, 'see-incidents')
      return isRefusal(held) ? held : viewOf(parties, incident)
    },
    async ask(staff, incident, asked) {
      const at = parties.clock.now()
      const id = Buffer.from(parties.random(12)).toString('hex')
      const one: Enquiry = { ...asked, at, deskName: staff.deskName, answers: [] }
      const done = await keep(parties, staff, { incident, id }, async () => one, 'in')
      return isRefusal(done) ? done : viewOf(parties, incident)
    },
    async answer(staff, of, asked) {
      const by = { at: parties.clock.now(), deskName: staff.deskName }
      const standing = await standingOf(parties, of.incident, asked.statement)
      const change = async (trx: Trx) => {
        const row = (await readEnquiries(trx, of.incident)).find(({ id }) => id === of.id)
        return row === undefined
          ? enquiryNotFound()
          : answerEnquiry(openEnquiry(parties, row), asked, { ...by, standing })
      }
      const done = await keep(parties, staff, of, change, 'out')
      return isRefusal(done) ? done : viewOf(parties, of.incident)
    },
  }
}

/** One change in one transaction: the line of the register, the entry that ties it to the question, the question. */
async function keep(
  parties: CaseworkParties,
  staff: StaffFacts,
  { incident, id }: { incident: string; id: string },
  change: (trx: Trx) => Promise<Enquiry | Refusal>,
  direction: 'in' | 'out',
): Promise<null | Refusal> {
  return inCase<null>(parties, staff, incident, 'write-communication', async (trx, append, held) => {
    const next = await change(trx)
    if (isRefusal(next)) return next
    const answer = next.answers.at(-1)
    const words = direction === 'in' ? next : (answer ?? next)
    const at = parties.clock.now()
    const said = await sayIn(parties, trx, append, held, officer(staff), {
      ...{ direction, with: 'press', name: `${next.who}, ${next.medium}`, via: words.via, sort: 'message' },
      says: direction === 'in' ? next.asked : (answer?.told ?? ''),
      ...{ at, nextAt: null, clock: null, past: null },
    })
    if (isRefusal(said)) return said
    await recordStep(parties, trx, append, held, staff, {
      ...{ kind: 'incident-worked', act: direction === 'in' ? 'enquiry-asked' : 'enquiry-answered', at },
      ...{ says: '', what: next.medium, header: null },
      more: {
        ...{ enquiry: id, message: said.id, answers: next.answers.length },
        ...(direction === 'in'
          ? {}
          : {
              how: answer?.how ?? null,
              statement: answer?.statement ?? null,
              version: answer?.version ?? null,
            }),
      },
    })
    const sealed = parties.keys.sealer.seal(PURPOSE, id, Buffer.from(JSON.stringify(next)))
    await saveEnquiry(trx, { id, incident, at: next.at, answers: next.answers.length, sealed })
    return null
  })
}

/** A statement of this case as it stands in public, or null. */
async function standingOf(
  parties: CaseworkParties,
  incident: string,
  statement: string | null,
): Promise<Standing | null> {
  const found = (await publicOf(parties, parties.db, incident)).find(({ id }) => id === statement)
  const last = found?.versions.at(-1)
  return last === undefined ? null : { version: last.version, text: last.content.text }
}

async function publicOf(parties: CaseworkParties, db: Db, incident: string) {
  const own = new Set((await readStatements(db, incident)).map(({ id }) => id))
  return (await publishedStatements(parties)).filter(({ id }) => own.has(id))
}

async function viewOf(parties: CaseworkParties, incident: string): Promise<shape.EnquiriesViewData> {
  const rows = await readEnquiries(parties.db, incident)
  const standing = await publicOf(parties, parties.db, incident)
  return {
    enquiries: rows.map((row) => {
      const { answers, ...one } = openEnquiry(parties, row)
      return { id: row.id, ...one, answers: answers.map((answer) => ({ ...answer })) }
    }),
    published: standing.flatMap(({ id, versions }) => {
      const text = versions.at(-1)?.content.text ?? null
      return text === null ? [] : [{ id, title: { ...text.title } }]
    }),
  }
}

function openEnquiry({ keys }: CaseworkParties, row: EnquiryRow): Enquiry {
  return JSON.parse(keys.sealer.open(PURPOSE, row.id, row.sealed).toString('utf8')) as Enquiry
}

function enquiryNotFound(): Refusal {
  return refuse('enquiry-not-found', 'There is no such question in this incident.', 'Go back to the case.')
}

/** Adds the routes under `/api/incidents/:id/enquiries`. */
export function addEnquiryRoutes(app: App, desk: EnquiryDesk): void {
  app.addProblems(ENQUIRY_PROBLEMS)
  const tags = ['incidents']
  const response = { 200: shape.EnquiriesView }
  const writes = { access: { kind: 'staff' as const, action: 'write-communication' } }
  app.get(
    '/api/incidents/:id/enquiries',
    {
      schema: { tags, summary: 'What the press asked, and was told', params: IncidentParams, response },
      config: { access: { kind: 'staff' as const, action: 'see-incidents' } },
    },
    async (request, reply) => send(reply, await desk.list(staffOf(request), request.params.id)),
  )
  app.post(
    '/api/incidents/:id/enquiries',
    {
      schema: {
        ...{ tags, summary: 'File what the press asks', params: IncidentParams },
        ...{ body: shape.EnquiryBody, response },
      },
      config: writes,
    },
    async (request, reply) => send(reply, await desk.ask(staffOf(request), request.params.id, request.body)),
  )
  app.post(
    '/api/incidents/:id/enquiries/:enquiry/answers',
    {
      schema: {
        ...{ tags, summary: 'Write down what the press was told', params: shape.EnquiryParams },
        ...{ body: shape.PressAnswerBody, response },
      },
      config: writes,
    },
    async (request, reply) => {
      const { id, enquiry } = request.params
      return send(reply, await desk.answer(staffOf(request), { incident: id, id: enquiry }, request.body))
    },
  )
}

function send<T>(reply: FastifyReply, result: T | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}
