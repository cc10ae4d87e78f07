import type { FastifyRequest } from 'fastify'
import { commitWith } from '../ledger/commit.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Db } from '../platform/database.ts'
import type { ClientGuard } from '../platform/http/access.ts'
import { refuse } from '../platform/refusal.ts'
import { bySaying } from '../staff/say.ts'
import { hashOf } from '../staff/sessions.ts'
import type { System } from '../staff/staff.ts'
import {
  type Client,
  clientOfToken,
  endClient,
  findClient,
  insertClient,
  insertToken,
  listClients,
} from './store.ts'

/** How long an access token holds. */
export const TOKEN_SECONDS = 600

export interface ClientParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly clock: Clock
  readonly random: RandomBytes
}

/** The operator's own systems and their access tokens (OAuth 2.0, RFC 6749, 4.4); secrets are kept as hashes only. */
export interface Clients {
  /** Adds one. The secret is given once and cannot be read again. */
  add(by: System, name: string): Promise<{ id: string; secret: string }>
  /** Takes its right away, with every token. @returns false when there is no such client. */
  remove(by: System, id: string): Promise<boolean>
  list(): Promise<Client[]>
  /** A token for who has the secret; null for anybody else. */
  issue(id: string, secret: string): Promise<string | null>
  /** For `app.setGuards`. */
  readonly guard: ClientGuard
}

/** The use cases over these parties. */
export function createClients({ db, ledger, clock, random }: ClientParties): Clients {
  const draw = (bytes: number, form: 'hex' | 'base64url') => Buffer.from(random(bytes)).toString(form)
  return {
    async add(by, name) {
      const id = `crm-${draw(6, 'hex')}`
      // 256 random bits need no salt and no slow hash.
      const secret = draw(32, 'base64url')
      await commitWith(db, ledger, async (trx, append) => {
        await insertClient(trx, { id, name, secretHash: hashOf(secret), addedAt: clock.now() })
        await append({ kind: 'client-added', header: null, body: { client: id, name, by: bySaying(by) } })
      })
      return { id, secret }
    },
    remove: (by, id) =>
      commitWith(db, ledger, async (trx, append) => {
        if (!(await endClient(trx, id, clock.now()))) return false
        await append({ kind: 'client-removed', header: null, body: { client: id, by: bySaying(by) } })
        return true
      }),
    list: () => listClients(db),
    async issue(id, secret) {
      const client = await findClient(db, id, hashOf(secret))
      if (client === null) return null
      const token = draw(32, 'base64url')
      const now = clock.now()
      const expiresAt = now + TOKEN_SECONDS * 1000
      await insertToken(db, { hash: hashOf(token), client: id, expiresAt }, now)
      return token
    },
    async guard(request) {
      const token = /^Bearer ([A-Za-z0-9_-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1]
      const client = token === undefined ? null : await clientOfToken(db, hashOf(token), clock.now())
      if (client === null)
        return refuse(
          'token-wrong',
          'The access token is missing, wrong or has run out.',
          'Ask for a new one at /api/oauth/token.',
        )
      request.client = client
      return null
    },
  }
}

/** The client of a request that passed the guard; a bug if the route has no client rule. */
export function clientOf(request: FastifyRequest): Client {
  invariant(request.client, 'a client route runs only behind the client guard')
  return request.client as Client
}
