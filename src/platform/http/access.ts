import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../refusal.ts'

/**
 * Who may call a route. A route that names none stops the start.
 *
 * - `public`: anybody
 * - `staff`: a signed-in employee; `action` is the Cedar action that the guard asks about (resource: the
 *   system), or null where the use case itself asks with the resource it loaded
 * - `customer`: a signed-in customer, on at least this rung (`code` unless given)
 * - `secret`: a machine that sends `authorization: Bearer <secret>`, compared in constant time
 */
export type AccessRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'staff'; readonly action: string | null }
  | { readonly kind: 'customer'; readonly rung?: 'code' | 'person' }
  | { readonly kind: 'secret'; readonly name: string }

export type StaffRule = Extract<AccessRule, { kind: 'staff' }>
export type CustomerRule = Extract<AccessRule, { kind: 'customer' }>

/** Sets `request.staff` and gives null, or gives the refusal to send. */
export type StaffGuard = (request: FastifyRequest, rule: StaffRule) => Promise<Refusal | null>
/** Sets `request.customer` and gives null; or gives the refusal, or answers itself (a redirect to sign in). */
export type CustomerGuard = (
  request: FastifyRequest,
  rule: CustomerRule,
  reply: FastifyReply,
) => Promise<Refusal | null>

export interface Guards {
  staff?: StaffGuard
  customer?: CustomerGuard
  /** Shared secrets of machines, by name. */
  secrets?: Record<string, Buffer>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule
  }
  interface FastifyRequest {
    /** Set by the staff guard; the staff room's `staffOf(request)` gives it its type. */
    staff: unknown
    /** Set by the customer guard; the customers room's `customerOf(request)` gives it its type. */
    customer: unknown
  }
}
