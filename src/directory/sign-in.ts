import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { commitWith } from '../ledger/commit.ts'
import type { DirectoryConfig } from '../platform/config.ts'
import { describeError } from '../platform/http/problem.ts'
import type { Log } from '../platform/log.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { hashOf } from '../staff/sessions.ts'
import { readPerson } from '../staff/store.ts'
import type { DirectoryParties } from './people.ts'
import { findAccount, keepSignIn, sessionsOf, spendLogout, takeSignIn, tieSession } from './store.ts'

/** Where the directory sends the browser back to. */
export const BACK = '/sign-in/directory/back'
const AWAY_MS = 10 * 60_000
const LOGOUT_MS = 10 * 60_000
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/**
 * Sign-in by the operator's directory (OpenID Connect Core 1.0, code flow with PKCE), and its back-channel logout.
 * The directory says who it is; who may do what is said here. When it cannot be reached, nobody new gets in.
 */
export interface DirectorySignIn {
  /** Where to send the browser, and what ties the way back to it. */
  begin(): Promise<{ location: string; state: string } | Refusal>
  /** `url` is the address that the browser came back to; `state` is what it was given. */
  end(
    url: URL,
    state: string | null,
    shop: string | null,
  ): Promise<{ token: string; staffId: string } | Refusal>
  /** Ends what a session of the directory began here (OpenID Connect Back-Channel Logout 1.0). */
  logout(token: string): Promise<{ sessionsEnded: number } | Refusal>
}

type Parties = DirectoryParties & { readonly directory: DirectoryConfig; readonly log: Log }

/** The use cases over these parties; the directory is asked about itself at the first sign-in, and again when that failed. */
export function createDirectorySignIn(parties: Parties): DirectorySignIn {
  const { db, clock, random, log, publicUrl } = parties
  const discovered = keepDiscovered(parties)
  const down = (error: unknown): Refusal => {
    log.warn(describeError(error), 'the directory cannot be reached, or answers what it should not')
    return refuse(
      'directory-down',
      'The operator’s directory cannot be reached, so nobody new gets in.',
      'Try again in a minute; the two who are named may use their passkeys.',
    )
  }
  return {
    async begin() {
      try {
        const { config } = await discovered()
        const state = Buffer.from(random(32)).toString('base64url')
        const nonce = Buffer.from(random(32)).toString('base64url')
        const verifier = Buffer.from(random(32)).toString('base64url')
        const now = clock.now()
        await keepSignIn(db, { stateHash: hashOf(state), nonce, verifier, expiresAt: now + AWAY_MS }, now)
        const location = oidc.buildAuthorizationUrl(config, {
          redirect_uri: publicUrl + BACK,
          scope: 'openid profile',
          code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          ...{ state, nonce },
        })
        return { location: location.href, state }
      } catch (error) {
        return down(error)
      }
    },
    async end(url, state, shop) {
      const away = state === null ? null : await takeSignIn(db, hashOf(state), clock.now())
      if (state === null || away === null) return notAway()
      let claims: oidc.IDToken | undefined
      try {
        const { config } = await discovered()
        const checks = { pkceCodeVerifier: away.verifier, expectedNonce: away.nonce, expectedState: state }
        const tokens = await oidc.authorizationCodeGrant(config, url, { ...checks, idTokenExpected: true })
        claims = tokens.claims()
      } catch (error) {
        return error instanceof oidc.AuthorizationResponseError ? notAway() : down(error)
      }
      return claims === undefined ? notAway() : enter(parties, claims, shop)
    },
    async logout(token) {
      const claims = await verifiedLogout(parties, discovered, token).catch((error: unknown) => {
        log.warn(describeError(error), 'a logout of the directory was not accepted')
        return null
      })
      return claims === null ? logoutWrong() : endSessions(parties, claims)
    },
  }
}

interface Discovered {
  readonly config: oidc.Configuration
  readonly keys: ReturnType<typeof createRemoteJWKSet>
}

function keepDiscovered({ directory }: Parties): () => Promise<Discovered> {
  let known: Promise<Discovered> | null = null
  const discover = async (): Promise<Discovered> => {
    const { issuer, clientId, clientSecret } = directory
    const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []
    const options = { execute, timeout: 10 }
    const config = await oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, options)
    const { jwks_uri: uri } = config.serverMetadata()
    if (uri === undefined) throw new Error('the directory names no keys')
    return { config, keys: createRemoteJWKSet(new URL(uri)) }
  }
  return () => {
    known ??= discover()
    known.catch(() => {
      known = null
    })
    return known
  }
}

async function enter(
  parties: Parties,
  claims: oidc.IDToken,
  shop: string | null,
): Promise<{ token: string; staffId: string } | Refusal> {
  const { db, ledger, staff } = parties
  const userName = claims.preferred_username
  return commitWith<{ token: string; staffId: string } | Refusal>(db, ledger, async (trx, append) => {
    const account = await findAccount(trx, {
      externalId: claims.sub,
      userName: typeof userName === 'string' ? userName : undefined,
    })
    const person = account === null ? null : await readPerson(trx, account.staffId, true)
    // A name that once was another's must not open that one's account: an external id on record has to fit.
    const other = account?.externalId != null && account.externalId !== claims.sub
    if (account === null || person === null || other || !account.active || person.status !== 'active') {
      const code = person?.status === 'frozen' ? 'frozen' : 'not-in-directory'
      await append({
        kind: 'sign-in-refused',
        header: null,
        body: { how: 'directory', code },
        actor: person?.id ?? null,
      })
      return code === 'frozen'
        ? refuse(code, 'Your access is frozen.', 'Speak to the privacy officer.')
        : refuse(code, 'The directory knows you, but you do not work here.', 'Ask an administrator.')
    }
    const session = { staffId: person.id, how: 'directory' as const, shop }
    const started = await staff.sessions.start(trx, append, session)
    const sid = typeof claims.sid === 'string' ? claims.sid : null
    await tieSession(trx, { session: started.sessionId, account: account.id, sid })
    return { token: started.token, staffId: person.id }
  })
}

/** Back-Channel Logout 1.0, 2.6: signed by the issuer for us, a logout event, a subject or session, no nonce, once. */
async function verifiedLogout(
  { directory, clock }: Parties,
  discovered: () => Promise<Discovered>,
  token: string,
): Promise<JWTPayload> {
  const { keys, config } = await discovered()
  const { payload } = await jwtVerify(token, keys, {
    issuer: config.serverMetadata().issuer,
    audience: directory.clientId,
    currentDate: new Date(clock.now()),
    maxTokenAge: LOGOUT_MS / 1000,
    clockTolerance: 60,
    requiredClaims: ['iat', 'jti', 'events'],
  })
  const { events } = payload as { events?: unknown }
  const isLogout = typeof events === 'object' && events !== null && LOGOUT_EVENT in events
  if (!isLogout || 'nonce' in payload || (payload.sub === undefined && payload.sid === undefined))
    throw new Error('this is no logout token')
  return payload
}

async function endSessions(
  { db, ledger, clock, staff }: Parties,
  claims: JWTPayload,
): Promise<{ sessionsEnded: number } | Refusal> {
  const now = clock.now()
  const by = { sid: typeof claims.sid === 'string' ? claims.sid : null, externalId: claims.sub ?? null }
  const sessions = await commitWith<{ session: string }[] | null>(db, ledger, async (trx, append) => {
    if (!(await spendLogout(trx, claims.jti as string, now + 2 * LOGOUT_MS, now))) return null
    const found = await sessionsOf(trx, by)
    for (const { staffId, session } of found)
      await append({
        kind: 'directory-logout',
        header: null,
        body: { person: staffId, session },
        actor: staffId,
      })
    return found
  })
  if (sessions === null) return logoutWrong()
  for (const { session } of sessions) await staff.sessions.end(session)
  return { sessionsEnded: sessions.length }
}

function notAway(): Refusal {
  return refuse(
    'sign-in-not-begun',
    'This sign-in did not begin in this browser, or took too long.',
    'Begin again at the sign-in page.',
  )
}

function logoutWrong(): Refusal {
  return refuse('logout-wrong', 'This is no logout token of the directory’s for us.', 'Nothing was ended.')
}
