import type { FastifyReply } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { Action } from '../staff/actions.ts'

/** What every route of both counters has in common. */

/** Signed-in staff who may have this action. */
export function needs(action: Action) {
  return { access: { kind: 'staff' as const, action } }
}

/** What a route answers, as its type says it. */
export function answers<T>() {
  return Type.Unsafe<T>({})
}

/** A route's schemas with what its documentation says. */
export function documented<S extends Record<string, TSchema>, T>(
  summary: string,
  response: ReturnType<typeof answers<T>>,
  schema: S,
) {
  return { tags: ['lawful'], summary, ...schema, response: { 200: response } }
}

/** Sends a result, or the refusal. */
export function send<T>(reply: FastifyReply, result: T | Refusal): FastifyReply {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}

/** Sends a file to keep. */
export function sendFile(
  reply: FastifyReply,
  result: { bytes: Buffer; name: string } | Refusal,
  type = 'application/octet-stream',
): FastifyReply {
  if (isRefusal(result)) return reply.refuse(result)
  return reply
    .type(type)
    .header('content-disposition', `attachment; filename="${result.name}"`)
    .send(result.bytes)
}
