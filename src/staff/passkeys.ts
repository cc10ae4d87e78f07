import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { Append } from '../ledger/commit.ts'
import { commitWith } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import {
  deletePasskeys,
  insertChallenge,
  insertPasskey,
  listPasskeys,
  readPasskey,
  recordPasskeyUse,
  takeChallenge,
} from './passkey-store.ts'
import { changePerson } from './people.ts'
import type { Policy } from './policy.ts'
import type { StaffParties } from './room.ts'
import { actorIdOf, bySaying } from './say.ts'
import { insertLink, readLink, spendLink } from './session-store.ts'
import { hashOf, type Sessions } from './sessions.ts'
import type { Actor } from './staff.ts'
import { type PersonWithRoles, readPerson } from './store.ts'

const CHALLENGE_MS = 2 * 60_000
const LINK_MS = 24 * 3_600_000

export interface SignedIn {
  readonly token: string
  readonly sessionId: string
  readonly staffId: string
}

/**
 * Sign-in by passkey (WebAuthn Level 3): the private key stays in the employee's device, user verification is
 * required, and the browser signs for our origin only, so a copied page gets nothing.
 */
export interface Passkeys {
  /**
   * A link that enrols one passkey, once, within 24 hours; earlier links of the person stop working. For
   * somebody who has passkeys it is a reset: those and all sessions end when the link is used.
   * The token stands behind the `#`, so no server or proxy writes it down.
   */
  issueLink(by: Actor, staffId: string): Promise<{ link: string; expiresAt: number } | Refusal>
  enrolmentOptions(token: string): Promise<EnrolmentOptions | Refusal>
  enrol(
    answer: { token: string; id: string; response: RegistrationResponseJSON },
    shop: string | null,
  ): Promise<SignedIn | Refusal>
  signInOptions(): Promise<{ id: string; options: PublicKeyCredentialRequestOptionsJSON }>
  signIn(
    answer: { id: string; response: AuthenticationResponseJSON },
    shop: string | null,
  ): Promise<SignedIn | Refusal>
}

export interface EnrolmentOptions {
  readonly id: string
  readonly person: { readonly name: string; readonly deskName: string }
  readonly options: PublicKeyCredentialCreationOptionsJSON
}

/** The use cases over these parties; the relying party is the host of `publicUrl`. */
export function createPasskeys(parties: StaffParties & { policy: Policy; sessions: Sessions }): Passkeys {
  const { db, clock } = parties
  const origin = new URL(parties.publicUrl).origin
  const rpID = new URL(parties.publicUrl).hostname
  const newId = (): string => Buffer.from(parties.random(16)).toString('hex')
  const keepChallenge = async (challenge: string, staffId: string | null): Promise<string> => {
    const id = newId()
    const now = clock.now()
    await insertChallenge(db, { id, challenge, staff_id: staffId, expires_at: now + CHALLENGE_MS }, now)
    return id
  }

  return {
    issueLink: (by, staffId) =>
      changePerson(parties, { by, staffId, action: 'issue-enrolment' }, async (trx, append, person) => {
        const token = Buffer.from(parties.random(32)).toString('base64url')
        const now = clock.now()
        await insertLink(
          trx,
          {
            token_hash: hashOf(token),
            kind: 'person',
            staff_id: staffId,
            shop: null,
            issued_by: actorIdOf(by),
            expires_at: now + LINK_MS,
            used_at: null,
          },
          now,
        )
        const reset = (await listPasskeys(trx, staffId)).length > 0
        await append({
          kind: 'enrolment-issued',
          header: { office: person.office },
          body: { person: staffId, deskName: person.desk_name, reset, by: bySaying(by) },
          actor: actorIdOf(by),
        })
        return { link: `${origin}/enrol#${token}`, expiresAt: now + LINK_MS }
      }),

    async enrolmentOptions(token) {
      const person = await personOfLink(token)
      if (isRefusal(person)) return person
      const options = await generateRegistrationOptions({
        rpName: parties.operatorName,
        rpID,
        userName: person.desk_name,
        userDisplayName: person.name,
        userID: new Uint8Array(Buffer.from(person.id, 'hex')),
        attestationType: 'none',
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      const id = await keepChallenge(options.challenge, person.id)
      return { id, person: { name: person.name, deskName: person.desk_name }, options }
    },

    async enrol({ token, id, response }, shop) {
      const person = await personOfLink(token)
      if (isRefusal(person)) return person
      const challenge = await takeChallenge(db, id, clock.now())
      if (challenge === null || challenge.staff_id !== person.id) return passkeyRefused()
      const credential = await registered(response, challenge.challenge)
      if (credential === null) return passkeyRefused()
      return commitWith<SignedIn | Refusal>(db, parties.ledger, async (trx, append) => {
        if (!(await spendLink(trx, hashOf(token), clock.now()))) return linkSpent()
        const replaced = await deletePasskeys(trx, person.id)
        if (replaced > 0) await parties.sessions.endAllOf(trx, person.id)
        await insertPasskey(trx, {
          credential_id: credential.id,
          staff_id: person.id,
          public_key: Buffer.from(credential.publicKey),
          counter: credential.counter,
          transports: [...(credential.transports ?? [])],
          added_at: clock.now(),
          last_used_at: clock.now(),
        })
        await append({
          kind: 'passkey-added',
          header: null,
          body: { person: person.id, deskName: person.desk_name, replaced },
          actor: person.id,
        })
        return startSession(trx, append, person.id, shop)
      })
    },

    async signInOptions() {
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
      return { id: await keepChallenge(options.challenge, null), options }
    },

    async signIn({ id, response }, shop) {
      const challenge = await takeChallenge(db, id, clock.now())
      if (challenge === null || challenge.staff_id !== null) return passkeyRefused()
      return commitWith<SignedIn | Refusal>(db, parties.ledger, async (trx, append) => {
        const passkey = await readPasskey(trx, response.id)
        const person = passkey === null ? null : await readPerson(trx, passkey.staff_id)
        if (passkey === null || person === null || person.status === 'dismissed') return passkeyRefused()
        const counter = await verified(response, challenge.challenge, passkey)
        if (counter === null) return passkeyRefused()
        if (person.status === 'frozen') return frozen()
        await recordPasskeyUse(trx, passkey.credential_id, counter, clock.now())
        return startSession(trx, append, person.id, shop)
      })
    },
  }

  async function startSession(
    trx: Trx,
    append: Append,
    staffId: string,
    shop: string | null,
  ): Promise<SignedIn> {
    return { ...(await parties.sessions.start(trx, append, { staffId, how: 'passkey', shop })), staffId }
  }

  async function personOfLink(token: string): Promise<PersonWithRoles | Refusal> {
    const link = await readLink(db, hashOf(token), 'person', clock.now())
    const person = link?.staff_id ? await readPerson(db, link.staff_id) : null
    if (person === null || person.status === 'dismissed') return linkSpent()
    return person.status === 'frozen' ? frozen() : person
  }

  async function registered(response: RegistrationResponseJSON, expectedChallenge: string) {
    const check = { response, expectedChallenge, expectedOrigin: origin, expectedRPID: rpID }
    const answer = await verifyRegistrationResponse({ ...check, requireUserVerification: true }).catch(broken)
    return answer?.verified ? answer.registrationInfo.credential : null
  }

  async function verified(
    response: AuthenticationResponseJSON,
    expectedChallenge: string,
    passkey: { credential_id: string; public_key: Buffer; counter: number },
  ): Promise<number | null> {
    const answer = await verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      credential: {
        id: passkey.credential_id,
        publicKey: new Uint8Array(passkey.public_key),
        counter: passkey.counter,
      },
      requireUserVerification: true,
    }).catch(broken)
    return answer?.verified ? answer.authenticationInfo.newCounter : null
  }
}

/** The library throws on everything that does not fit: to us each is the same no. */
function broken(): null {
  return null
}

function passkeyRefused(): Refusal {
  return refuse('passkey-refused', 'This passkey was not accepted.', 'Try again, or ask for a new link.')
}

function linkSpent(): Refusal {
  return refuse(
    'link-spent',
    'This link has been used or has run out.',
    'Ask an administrator for a new one.',
  )
}

function frozen(): Refusal {
  return refuse(
    'frozen',
    'Your access is frozen while something is looked into.',
    'Speak to the privacy officer.',
  )
}
