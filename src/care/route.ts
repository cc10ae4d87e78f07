import type { FastifyReply } from 'fastify'
import type { TSchema } from 'typebox'
import { isRefusal, type Refusal } from '../platform/refusal.ts'

/** What every route of the desk has in common. */

/** Signed-in staff; the use cases ask the policy themselves, with the customer at hand. */
export const STAFF_ONLY = { access: { kind: 'staff' as const, action: null } }

/** Whoever takes contacts at all: even which number rings a desk is a customer's. */
export const CARE_ONLY = { access: { kind: 'staff' as const, action: 'see-my-day' as const } }

/** A route's schemas with what its documentation says. */
export function documented<S extends Record<string, TSchema>>(summary: string, response: TSchema, schema: S) {
  return { tags: ['care'], summary, ...schema, response: { 200: response } }
}

/** Sends a result, or the refusal. */
export async function send<T>(reply: FastifyReply, result: T | Refusal): Promise<FastifyReply> {
  return isRefusal(result) ? reply.refuse(result) : reply.send(result)
}
