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
import { commitWith } from '../ledger/commit.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { DoorMarks } from './door-marks.ts'
import {
  deletePasskeys,
  insertChallenge,
  insertPasskey,
  listPasskeys,
  type PasskeyRow,
  readPasskey,
  recordPasskeyUse,
  takeChallenge,
  takeResetAsk,
  upsertResetAsk,
} from './passkey-store.ts'
import { changePerson } from './people.ts'
import type { Policy } from './policy.ts'
import { refusals } from './problems.ts'
import type { StaffParties } from './room.ts'
import { actorIdOf, bySaying } from './say.ts'
import { insertLink, readLink, spendLink } from './session-store.ts'
import { hashOf, type Sessions } from './sessions.ts'
import { type Actor, isSystem } from './staff.ts'
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
   * somebody who has a passkey it is a reset: two administrators must ask for it within 24 hours of each
   * other, and the old passkey and all sessions end when the link is used.
   * The token stands behind the `#`, so no server or proxy writes it down.
   */
  issueLink(by: Actor, staffId: string): Promise<IssuedLink | Refusal>
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
  /** A challenge by which this person's own passkey signs `digest` (32 bytes), and nothing else. */
  signatureOptions(
    staffId: string,
    digest: Uint8Array,
  ): Promise<{ id: string; options: PublicKeyCredentialRequestOptionsJSON } | Refusal>
  /** Null when this person's passkey has signed `digest`; the challenge works once. */
  checkSignature(
    staffId: string,
    digest: Uint8Array,
    answer: { id: string; response: AuthenticationResponseJSON },
  ): Promise<Refusal | null>
}

export interface IssuedLink {
  readonly link: string
  readonly expiresAt: number
}

export interface EnrolmentOptions {
  readonly id: string
  readonly person: { readonly name: string; readonly deskName: string }
  readonly options: PublicKeyCredentialCreationOptionsJSON
}

type Parties = StaffParties & { policy: Policy; sessions: Sessions; doors: DoorMarks }

/** The use cases over these parties; the relying party is the host of `publicUrl`. */
export function createPasskeys(parties: Parties): Passkeys {
  return {
    issueLink: (by, staffId) => issueLink(parties, by, staffId),
    enrolmentOptions: (token) => enrolmentOptions(parties, token),
    enrol: (answer, shop) => enrol(parties, answer, shop),
    async signInOptions() {
      const { rpID } = relyingParty(parties)
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
      return { id: await keepChallenge(parties, options.challenge, null), options }
    },
    signIn: (answer, shop) => signIn(parties, answer, shop),
    signatureOptions: (staffId, digest) => signatureOptions(parties, staffId, digest),
    checkSignature: (staffId, digest, answer) => checkSignature(parties, staffId, digest, answer),
  }
}

function relyingParty({ publicUrl }: Parties): { origin: string; rpID: string } {
  const { origin, hostname } = new URL(publicUrl)
  return { origin, rpID: hostname }
}

function issueLink(parties: Parties, by: Actor, staffId: string): Promise<IssuedLink | Refusal> {
  const ask = { by, staffId, action: 'issue-enrolment' }
  return changePerson<IssuedLink>(parties, ask, async (trx, append, person) => {
    const now = parties.clock.now()
    const reset = (await listPasskeys(trx, staffId)).length > 0
    if (reset && !isSystem(by)) {
      const asked = await takeResetAsk(trx, staffId, by.id, now - LINK_MS)
      if (!asked) {
        await upsertResetAsk(trx, staffId, by.id, now)
        await append({
          kind: 'reset-asked',
          header: { office: person.office },
          body: { person: staffId, deskName: person.desk_name, by: bySaying(by) },
          actor: by.id,
        })
        return secondAdministratorNeeded()
      }
    }
    const token = Buffer.from(parties.random(32)).toString('base64url')
    const expiresAt = now + LINK_MS
    const link = {
      ...{ token_hash: hashOf(token), kind: 'person' as const, staff_id: staffId, shop: null },
      ...{ issued_by: actorIdOf(by), expires_at: expiresAt, used_at: null },
    }
    await insertLink(trx, { ...link, mark: parties.doors.ofLink(link) }, now)
    await append({
      kind: 'enrolment-issued',
      header: { office: person.office },
      body: { person: staffId, deskName: person.desk_name, reset, by: bySaying(by) },
      actor: actorIdOf(by),
    })
    return { link: `${relyingParty(parties).origin}/enrol#${token}`, expiresAt }
  })
}

async function enrolmentOptions(parties: Parties, token: string): Promise<EnrolmentOptions | Refusal> {
  const person = await personOfLink(parties, token)
  if (isRefusal(person)) return person
  const options = await generateRegistrationOptions({
    rpName: parties.operatorName,
    rpID: relyingParty(parties).rpID,
    userName: person.desk_name,
    userDisplayName: person.name,
    userID: new Uint8Array(Buffer.from(person.id, 'hex')),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  const id = await keepChallenge(parties, options.challenge, person.id)
  return { id, person: { name: person.name, deskName: person.desk_name }, options }
}

async function enrol(
  parties: Parties,
  { token, id, response }: { token: string; id: string; response: RegistrationResponseJSON },
  shop: string | null,
): Promise<SignedIn | Refusal> {
  const { db, clock } = parties
  const person = await personOfLink(parties, token)
  if (isRefusal(person)) return person
  const challenge = await takeChallenge(db, id, clock.now())
  if (challenge === null || challenge.staff_id !== person.id) return passkeyRefused()
  const credential = await registered(parties, response, challenge.challenge)
  if (credential === null) return passkeyRefused()
  return commitWith<SignedIn | Refusal>(db, parties.ledger, async (trx, append) => {
    const now = clock.now()
    if (!(await spendLink(trx, hashOf(token), now))) return refusals.linkSpent()
    const replaced = await deletePasskeys(trx, person.id)
    if (replaced > 0) await parties.sessions.endAllOf(trx, person.id)
    const passkey = {
      credential_id: credential.id,
      staff_id: person.id,
      public_key: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: [...(credential.transports ?? [])],
      added_at: now,
      last_used_at: now,
    }
    await insertPasskey(trx, { ...passkey, mark: parties.doors.ofPasskey(passkey) })
    await append({
      kind: 'passkey-added',
      header: null,
      body: { person: person.id, deskName: person.desk_name, replaced },
      actor: person.id,
    })
    // The passkey is bound, for it also signs certificates; the way in stays the directory.
    if (!maySignIn(parties, person)) return byDirectory()
    const session = { staffId: person.id, how: 'passkey' as const, shop }
    return { ...(await parties.sessions.start(trx, append, session)), staffId: person.id }
  })
}

/** Where staff sign in by the directory, only the two who are named still may by passkey. */
function maySignIn({ passkeyDesks }: Parties, person: PersonWithRoles): boolean {
  return passkeyDesks == null || passkeyDesks.includes(person.desk_name)
}

function byDirectory(): Refusal {
  return refuse(
    'sign-in-by-directory',
    'Staff sign in by the operator’s directory here.',
    'Sign in with the directory; a passkey is kept for what is signed with it.',
  )
}

async function signIn(
  parties: Parties,
  { id, response }: { id: string; response: AuthenticationResponseJSON },
  shop: string | null,
): Promise<SignedIn | Refusal> {
  const { db, clock } = parties
  const challenge = await takeChallenge(db, id, clock.now())
  if (challenge === null || challenge.staff_id !== null) return passkeyRefused()
  return commitWith<SignedIn | Refusal>(db, parties.ledger, async (trx, append) => {
    const passkey = await readPasskey(trx, response.id)
    const person = passkey === null ? null : await readPerson(trx, passkey.staff_id, true)
    if (passkey === null || person === null || person.status === 'dismissed') return passkeyRefused()
    const counter = await verified(parties, response, challenge.challenge, passkey)
    if (counter === null) return passkeyRefused()
    if (person.status === 'frozen') return frozen()
    if (!maySignIn(parties, person)) return byDirectory()
    await recordPasskeyUse(trx, passkey.credential_id, counter, clock.now())
    const session = { staffId: person.id, how: 'passkey' as const, shop }
    return { ...(await parties.sessions.start(trx, append, session)), staffId: person.id }
  })
}

async function signatureOptions(parties: Parties, staffId: string, digest: Uint8Array) {
  const own = await listPasskeys(parties.db, staffId)
  if (own.length === 0)
    return refuse(
      'no-passkey',
      'You have no passkey to sign with.',
      'Ask an administrator for an enrolment link.',
    )
  const { rpID } = relyingParty(parties)
  const options = await generateAuthenticationOptions({
    rpID,
    userVerification: 'required',
    challenge: new Uint8Array(digest),
    allowCredentials: own.map(({ credential_id: id }) => ({ id })),
  })
  return { id: await keepChallenge(parties, options.challenge, staffId), options }
}

async function checkSignature(
  parties: Parties,
  staffId: string,
  digest: Uint8Array,
  { id, response }: { id: string; response: AuthenticationResponseJSON },
): Promise<Refusal | null> {
  const { db, clock } = parties
  const challenge = await takeChallenge(db, id, clock.now())
  const expected = Buffer.from(digest).toString('base64url')
  if (challenge?.staff_id !== staffId || challenge.challenge !== expected) return signatureWrong()
  return db.transaction().execute(async (trx) => {
    const passkey = await readPasskey(trx, response.id)
    if (passkey?.staff_id !== staffId) return signatureWrong()
    const counter = await verified(parties, response, expected, passkey)
    if (counter === null) return signatureWrong()
    await recordPasskeyUse(trx, passkey.credential_id, counter, clock.now())
    return null
  })
}

function signatureWrong(): Refusal {
  return refuse(
    'signature-wrong',
    'This is not your passkey’s signature of this text.',
    'Gather the figures anew and sign again.',
  )
}

async function keepChallenge(
  { db, clock, random }: Parties,
  challenge: string,
  staffId: string | null,
): Promise<string> {
  const id = Buffer.from(random(16)).toString('hex')
  const now = clock.now()
  await insertChallenge(db, { id, challenge, staff_id: staffId, expires_at: now + CHALLENGE_MS }, now)
  return id
}

async function personOfLink(
  { db, clock, doors }: Parties,
  token: string,
): Promise<PersonWithRoles | Refusal> {
  const link = await readLink(db, hashOf(token), 'person', clock.now())
  const isOurs = link !== null && doors.isOurs('link', link)
  const person = isOurs && link.staff_id !== null ? await readPerson(db, link.staff_id) : null
  if (person === null || person.status === 'dismissed') return refusals.linkSpent()
  return person.status === 'frozen' ? frozen() : person
}

async function registered(parties: Parties, response: RegistrationResponseJSON, expectedChallenge: string) {
  const { origin, rpID } = relyingParty(parties)
  const answer = await verifyRegistrationResponse({
    response,
    expectedChallenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
  }).catch(broken)
  return answer?.verified ? answer.registrationInfo.credential : null
}

async function verified(
  parties: Parties,
  response: AuthenticationResponseJSON,
  expectedChallenge: string,
  passkey: PasskeyRow,
): Promise<number | null> {
  // A key that somebody put in place of hers would sign rightly: it is not the one that was enrolled.
  if (!parties.doors.isOurs('passkey', passkey)) return null
  const { origin, rpID } = relyingParty(parties)
  const { credential_id: id, counter } = passkey
  const answer = await verifyAuthenticationResponse({
    response,
    expectedChallenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    credential: { id, publicKey: new Uint8Array(passkey.public_key), counter },
    requireUserVerification: true,
  }).catch(broken)
  return answer?.verified ? answer.authenticationInfo.newCounter : null
}

/** The library throws on everything that does not fit: to us each is the same no. */
function broken(): null {
  return null
}

function passkeyRefused(): Refusal {
  return refuse('passkey-refused', 'This passkey was not accepted.', 'Try again, or ask for a new link.')
}

/** Whoever enrols a passkey as somebody is that person here, with all their roles: so a reset takes two. */
function secondAdministratorNeeded(): Refusal {
  return refuse(
    'second-administrator-needed',
    'This person has a passkey already; replacing it takes two administrators.',
    'Ask another administrator to issue the link within 24 hours.',
  )
}

function frozen(): Refusal {
  return refuse(
    'frozen',
    'Your access is frozen while something is looked into.',
    'Speak to the privacy officer.',
  )
}
