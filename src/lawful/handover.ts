import type { FastifyReply } from 'fastify'
import type { App } from '../platform/http/app.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { LawfulDesk } from './desk.ts'
import { E, RESPONSE_STATUS } from './etsi-names.ts'
import { type IncomingMessage, type MessageFault, readMessage } from './etsi-read.ts'
import { type MessageHead, writeMessage } from './etsi-write.ts'
import { type Held, REGULATOR_SYSTEM } from './parties.ts'
import type { RequestState } from './request.ts'
import type { FilingInput } from './schemas.ts'

/**
 * HI-A and HI-B of ETSI TS 102 657 for the regulator's own system: one address takes a message and answers with one.
 * A request that comes this way was filed by a machine, so any officer of the regulator may filter it; every other
 * step is the same.
 */

const XML = 'application/xml; charset=utf-8'

/** Adds the address; what is posted is read as text and never trusted. */
export function addHandoverRoute(app: App, desk: LawfulDesk): void {
  for (const type of ['application/xml', 'text/xml'])
    if (!app.hasContentTypeParser(type))
      app.addContentTypeParser(
        type,
        { parseAs: 'string', bodyLimit: 8 * 1024 * 1024 },
        (_request, body, done) => done(null, body),
      )
  app.post(
    '/api/regulator/handover',
    {
      bodyLimit: 8 * 1024 * 1024,
      config: { access: { kind: 'secret', name: 'regulator' } },
      schema: {
        tags: ['lawful'],
        summary: 'A message of ETSI TS 102 657 in XML; the answer is one too',
        consumes: ['application/xml'],
        produces: ['application/xml'],
      },
    },
    async (request, reply) => {
      const message = readMessage(typeof request.body === 'string' ? request.body : '')
      if ('fault' in message) return sendFault(desk, reply, null, message.fault)
      return answer(desk, reply, message)
    },
  )
}

async function answer(
  desk: LawfulDesk,
  reply: FastifyReply,
  message: IncomingMessage,
): Promise<FastifyReply> {
  const frame = desk.frames.find(({ countryCode }) => countryCode === message.countryCode)
  if (frame === undefined)
    return sendFault(desk, reply, message, {
      code: 'value-wrong',
      place: [E.message, E.header, E.requestId, E.countryCode].join('/'),
      rule: `is one of ${desk.frames.map(({ countryCode }) => countryCode).join(', ')}`,
    })
  if (message.name === E.request) return fileIt(desk, reply, message, { ...message.filing!, frame: frame.id })
  const held = await desk.findByNumber(frame.id, message.requestNumber)
  if (held === null)
    return sendFault(desk, reply, message, {
      code: 'value-wrong',
      place: [E.message, E.header, E.requestId, E.requestNumber].join('/'),
      rule: 'no request of this number was filed',
    })
  if (message.name === E.getStatus)
    return sendMessage(desk, reply, message, E.status, { [E.requestStatus]: statusOf(held.case.state) })
  if (message.name === E.getResults) return results(desk, reply, message, held)
  const command =
    message.name === E.cancel
      ? ({ do: 'withdraw', reason: 'cancelMessage' } as const)
      : ({ do: 'acknowledge' } as const)
  const done = await desk.actBySystem(REGULATOR_SYSTEM, held.id, command)
  if (isRefusal(done)) return sendRefusal(desk, reply, message, done)
  return sendMessage(desk, reply, message, message.name === E.cancel ? E.cancelAcknowledgement : E.status, {
    ...(message.name === E.cancel ? {} : { [E.requestStatus]: statusOf(done.case.state) }),
  })
}

async function fileIt(
  desk: LawfulDesk,
  reply: FastifyReply,
  message: IncomingMessage,
  filing: FilingInput,
): Promise<FastifyReply> {
  const held = await desk.fileBySystem(REGULATOR_SYSTEM, filing, message.letter)
  if (isRefusal(held)) return sendRefusal(desk, reply, message, held)
  const hours = desk.frames.find(({ id }) => id === filing.frame)!.deadlines
  const within = {
    routine: hours.routineHours,
    priority: hours.priorityHours,
    emergency: hours.emergencyHours,
  }
  const at = held.case.receivedAt + within[filing.urgency] * 3_600_000
  return sendMessage(desk, reply, message, E.requestAcknowledgement, {
    [E.suggestedTime]: `${new Date(at).toISOString().slice(0, 19)}Z`,
  })
}

/** HI-B: the encrypted package in base64, or that there is none yet. */
async function results(
  desk: LawfulDesk,
  reply: FastifyReply,
  message: IncomingMessage,
  held: Held,
): Promise<FastifyReply> {
  const fetched = await desk.fetchPackage(REGULATOR_SYSTEM, held.id)
  if (isRefusal(fetched))
    return sendMessage(desk, reply, message, E.response, {
      [E.responseNumber]: 1,
      [E.responseStatus]: statusOf(held.case.state),
    })
  return sendMessage(desk, reply, message, E.response, {
    [E.responseNumber]: 1,
    [E.responseStatus]: RESPONSE_STATUS.complete,
    [E.nationalResponse]: {
      name: fetched.name,
      encryption: 'age',
      content: fetched.bytes.toString('base64'),
    },
  })
}

/** Where a request stands, in the standard's words. What is approved and not yet there is still under way. */
function statusOf(state: RequestState): string {
  if (['delivered', 'acknowledged', 'closed'].includes(state)) return RESPONSE_STATUS.complete
  if (['refused', 'expired', 'misdirected', 'duress'].includes(state)) return RESPONSE_STATUS.failed
  return state === 'withdrawn' ? RESPONSE_STATUS.unavailable : RESPONSE_STATUS.incomplete
}

type About = Pick<IncomingMessage, 'countryCode' | 'organisation' | 'requestNumber'>

function headOf(desk: LawfulDesk, about: About | null): MessageHead {
  return {
    countryCode: about?.countryCode ?? desk.frames[0]!.countryCode,
    organisation: about?.organisation ?? desk.frames[0]!.gate.id,
    requestNumber: about?.requestNumber ?? '',
    provider: desk.operatorName,
    at: desk.at(),
  }
}

function sendMessage(
  desk: LawfulDesk,
  reply: FastifyReply,
  about: About | null,
  name: string,
  payload: Parameters<typeof writeMessage>[2],
): FastifyReply {
  return reply.type(XML).send(writeMessage(headOf(desk, about), name, payload))
}

function sendFault(
  desk: LawfulDesk,
  reply: FastifyReply,
  about: About | null,
  fault: MessageFault,
): FastifyReply {
  reply.code(fault.code === 'too-large' ? 413 : 422)
  return sendMessage(desk, reply, about, E.error, {
    [E.errorInformation]: {
      [E.errorCode]: fault.code,
      [E.errorPlace]: fault.place,
      [E.errorRule]: fault.rule,
    },
  })
}

function sendRefusal(desk: LawfulDesk, reply: FastifyReply, about: About, refusal: Refusal): FastifyReply {
  reply.code(422)
  return sendMessage(desk, reply, about, E.error, {
    [E.errorInformation]: {
      [E.errorCode]: refusal.code,
      [E.errorPlace]: '',
      [E.errorRule]: `${refusal.says} ${refusal.next}`,
    },
  })
}
