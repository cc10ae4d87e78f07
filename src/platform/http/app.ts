import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Refusal } from '../refusal.ts'
import type { Guards } from './access.ts'

/** The HTTP server that every room adds its routes to. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export interface AppOptions {
  readonly log: Log
  readonly clock: Clock
  /** Where browsers find us: `http://localhost:8080`. Requests that change something must come from this origin. */
  readonly publicUrl: string
  readonly operatorName: string
  readonly demo: boolean
  /** Cookies with `Secure` and the `__Host-` prefix; false only where `publicUrl` is http. */
  readonly secureCookies: boolean
  /** Per session (or address, where nobody is signed in); default 1,200. Benches ask for more. */
  readonly requestsPerMinute?: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Says which HTTP status each refusal code of a room is sent with. A code said twice must agree. */
    addProblems(table: Readonly<Record<string, number>>): void
    /** Who checks sessions; may be called more than once, each call adds. */
    setGuards(guards: Guards): void
    /** A line of `GET /api/health`: `check` gives what is shown, or throws when unhealthy. */
    addHealth(name: string, check: () => Promise<string | number>): void
  }
  interface FastifyReply {
    /** Sends RFC 9457 problem details; a code in no table is a bug and answers 500. */
    refuse(refusal: Refusal): FastifyReply
  }
}
