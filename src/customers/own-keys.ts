import { isDeepStrictEqual } from 'node:util'
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
import { cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import type { KeyAlgorithm, PublicKey, SignedAllowance } from '../ledger/allowance.ts'
import type { EntryId, JsonObject } from '../ledger/entry.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import { CodedError, invariant } from '../platform/coded-error.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { SmsSender } from '../platform/sms/sender.ts'
import type { Words } from '../platform/words.ts'
import type { Notices } from './notices.ts'
import {
  endOwnKey,
  insertChallenge,
  insertOwnKey,
  lockOwnKey,
  type OwnKeyRow,
  readOwnKeys,
  saveCounter,
  takeChallenge,
} from './own-key-store.ts'
import { blockOfOwnKeys, blockOfState, isCloned, isUsable, limits, ownKeyRefusals } from './rules.ts'
import { lockSubscriber } from './store.ts'
import type { Subscriber } from './subscriber.ts'
import { linkText, ownKeyClonedText, ownKeyRemovedText, ownKeySetText } from './texts.ts'

/** A key of hers, as her page lists it. Instants in epoch ms. */
export interface OwnKey {
  readonly id: string
  readonly setAt: number
  /** From when it allows anything. */
  readonly usableFrom: number
  readonly state: 'standing' | 'removed' | 'cloned'
}

/** A key that her device made, checked, before it is hers. Bytes are base64. */
export interface MadeKey {
  readonly credential: string
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
}

/** What her device answered to a challenge under which it made a key. */
export interface MadeKeyAnswer {
  readonly id: string
  readonly response: unknown
}

/** The parts of a signed allowance that her device gives, and whose key it was. */
export type OwnSignature = Omit<SignedAllowance, 'allowance' | 'nonce'>

/**
 * A customer's own keys: passkeys (WebAuthn Level 3), whose private half never leaves her device. User verification is
 * required, and the device signs for our page only, so a copied page gets nothing. A key becomes hers as a first PIN
 * does and allows looks 24 hours later.
 */
export interface OwnKeys {
  list(db: Db | Trx, subscriber: Subscriber): Promise<OwnKey[]>
  /** Why no key of hers may allow a look now, or null. */
  block(db: Db | Trx, subscriber: Subscriber): Promise<Refusal | null>
  /** A challenge under which her device makes a key. */
  options(
    subscriber: Subscriber,
  ): Promise<{ id: string; options: PublicKeyCredentialCreationOptionsJSON } | Refusal>
  /** The key that her device made under a challenge of ours; the challenge works once. */
  made(trx: Trx, subscriber: Subscriber, answer: MadeKeyAnswer): Promise<MadeKey | Refusal>
  /** It is hers from now on; tells her, where she was told things before. */
  put(trx: Trx, subscriber: Subscriber, key: MadeKey, body: JsonObject): Promise<Refusal | null>
  /** She takes it off, at once: lost, sold or broken. */
  remove(trx: Trx, subscriber: Subscriber, id: string): Promise<Refusal | null>
  /** What her device is asked to sign `challenge` with. */
  signatureOptions(
    db: Db | Trx,
    subscriber: Subscriber,
    challenge: Uint8Array,
  ): Promise<PublicKeyCredentialRequestOptionsJSON | Refusal>
  /** Her device's signature of `challenge`, checked; a key whose counter went back is closed and she is told. */
  signature(
    trx: Trx,
    subscriber: Subscriber,
    challenge: Uint8Array,
    response: unknown,
  ): Promise<OwnSignature | Refusal>
  /** Texts her a link that waits for her answer, to the line she is on; safe mode keeps what it is about out of it. */
  sendLink(trx: Trx, subscriber: Subscriber, link: OwnLink): Promise<void>
}

export interface OwnLink {
  readonly about: Words
  readonly url: string
  readonly ref: string
  readonly expiresAt: number
}

export interface OwnKeyParties {
  readonly db: Db
  readonly ledger: Pick<Ledger, 'append' | 'indexOf' | 'entry'>
  readonly clock: Clock
  readonly random: RandomBytes
  readonly notices: Notices
  readonly sms: SmsSender
  readonly operator: string
  readonly publicUrl: string
  readonly page: string
}

/** ES256 and EdDSA: what phones and tokens make, and what the evidence page can check by itself. */
const ALGORITHMS = [-7, -8]

/** Makes the room's own keys; the relying party is the host of `publicUrl`. */
export function createOwnKeys(parties: OwnKeyParties): OwnKeys {
  const { clock } = parties
  const standing = async (on: Db | Trx, { id }: Subscriber) =>
    (await readOwnKeys(on, id)).filter(({ state }) => state === 'standing')
  return {
    list: async (on, { id }) => (await readOwnKeys(on, id)).map(shownKey),
    async block(on, subscriber) {
      return (
        blockOfState(subscriber, 'own-key', clock.now()) ??
        blockOfOwnKeys((await standing(on, subscriber)).map(shownKey), clock.now())
      )
    },
    options: async (subscriber) =>
      enrolmentOptions(parties, subscriber, await standing(parties.db, subscriber)),
    made: (trx, subscriber, answer) => made(parties, trx, subscriber, answer),
    put: (trx, subscriber, key, body) => put(parties, trx, subscriber, key, body),
    remove: (trx, subscriber, id) => remove(parties, trx, subscriber, id),
    async signatureOptions(on, subscriber, challenge) {
      const keys = (await standing(on, subscriber)).filter((row) => isUsable(shownKey(row), clock.now()))
      if (keys.length === 0) return ownKeyRefusals.absent()
      return generateAuthenticationOptions({
        rpID: relyingParty(parties).rpID,
        userVerification: 'required',
        challenge: new Uint8Array(challenge),
        allowCredentials: keys.map(({ credential_id: id }) => ({ id })),
      })
    },
    signature: (trx, subscriber, challenge, response) =>
      signature(parties, trx, subscriber, challenge, response as AuthenticationResponseJSON),
    async sendLink(trx, { number, language, protection }, { about, url, ref, expiresAt }) {
      const text = linkText(parties.operator, protection.safeMode === 'off' ? about : null, url)[language]
      await parties.sms.send(trx, { to: number, text, purpose: 'own-key', ref, language, expiresAt })
    },
  }
}

function relyingParty({ publicUrl }: OwnKeyParties): { origin: string; rpID: string } {
  const { origin, hostname } = new URL(publicUrl)
  return { origin, rpID: hostname }
}

function shownKey(row: OwnKeyRow): OwnKey {
  const { id, set_at: setAt, state } = row
  return { id, setAt, usableFrom: setAt + limits.secretRests, state }
}

async function enrolmentOptions(parties: OwnKeyParties, subscriber: Subscriber, keys: readonly OwnKeyRow[]) {
  if (keys.length >= limits.ownKeys) return ownKeyRefusals.many()
  const options = await generateRegistrationOptions({
    rpName: parties.operator,
    rpID: relyingParty(parties).rpID,
    // What the device lists it under; it stays on her device.
    userName: subscriber.number,
    userDisplayName: parties.operator,
    userID: new Uint8Array(Buffer.from(subscriber.id, 'hex')),
    attestationType: 'none',
    supportedAlgorithmIDs: [...ALGORITHMS],
    excludeCredentials: keys.map(({ credential_id: id }) => ({ id })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  })
  const id = Buffer.from(parties.random(16)).toString('hex')
  const now = parties.clock.now()
  const row = { id, challenge: options.challenge, subscriber_id: subscriber.id }
  await insertChallenge(parties.db, { ...row, expires_at: now + limits.challengeLives }, now)
  return { id, options }
}

async function made(
  parties: OwnKeyParties,
  trx: Trx,
  subscriber: Subscriber,
  { id, response }: MadeKeyAnswer,
): Promise<MadeKey | Refusal> {
  const challenge = await takeChallenge(trx, id, parties.clock.now())
  if (challenge?.subscriber_id !== subscriber.id) return ownKeyRefusals.refused()
  const { origin, rpID } = relyingParty(parties)
  const answer = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge.challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    supportedAlgorithmIDs: [...ALGORITHMS],
  }).catch(broken)
  if (!answer?.verified) return ownKeyRefusals.refused()
  const { credential } = answer.registrationInfo
  const publicKey = Buffer.from(credential.publicKey)
  if (publicKeyOf(credential.id, publicKey) === null) return ownKeyRefusals.refused()
  return {
    credential: credential.id,
    publicKey: publicKey.toString('base64'),
    counter: credential.counter,
    transports: [...(credential.transports ?? [])],
  }
}

async function put(
  parties: OwnKeyParties,
  trx: Trx,
  subscriber: Subscriber,
  key: MadeKey,
  body: JsonObject,
): Promise<Refusal | null> {
  await lockSubscriber(trx, subscriber.id)
  const cosePublicKey = Buffer.from(key.publicKey, 'base64')
  const publicKey = publicKeyOf(key.credential, cosePublicKey)
  invariant(publicKey, 'a key was read when it was made')
  if ((await lockOwnKey(trx, key.credential)) !== null) return ownKeyRefusals.refused()
  const id = Buffer.from(parties.random(16)).toString('hex')
  const entry = await write(parties, trx, subscriber, 'own-key-set', {
    ...body,
    ownKey: id,
    key: { ...publicKey },
  })
  await parties.notices.notifyOfChange(trx, subscriber, {
    text: ownKeySetText(parties.page),
    purpose: 'change-notice',
    ref: entry,
  })
  await insertOwnKey(trx, {
    id,
    credential_id: key.credential,
    subscriber_id: subscriber.id,
    public_key: cosePublicKey,
    counter: key.counter,
    transports: [...key.transports],
    set_at: parties.clock.now(),
    entry,
  })
  return null
}

async function remove(
  parties: OwnKeyParties,
  trx: Trx,
  subscriber: Subscriber,
  id: string,
): Promise<Refusal | null> {
  await lockSubscriber(trx, subscriber.id)
  const key = (await readOwnKeys(trx, subscriber.id)).find((row) => row.id === id)
  if (key === undefined || key.state !== 'standing') return ownKeyRefusals.gone()
  const entry = await write(parties, trx, subscriber, 'own-key-removed', { ownKey: id })
  await parties.notices.notifyOfChange(trx, subscriber, {
    text: ownKeyRemovedText(parties.page),
    purpose: 'change-notice',
    ref: entry,
  })
  await endOwnKey(trx, id, 'removed', parties.clock.now())
  return null
}

/**
 * The counter is looked at only once the signature holds: the library would do it before, and whoever knows a
 * credential's id could then close somebody's key with a number and no key at all.
 */
async function signature(
  parties: OwnKeyParties,
  trx: Trx,
  subscriber: Subscriber,
  challenge: Uint8Array,
  response: AuthenticationResponseJSON,
): Promise<OwnSignature | Refusal> {
  const key = await lockOwnKey(trx, String(response.id))
  const now = parties.clock.now()
  if (key === null || key.subscriber_id !== subscriber.id) return ownKeyRefusals.notHers()
  if (key.state === 'cloned') return ownKeyRefusals.cloned()
  if (key.state === 'removed') return ownKeyRefusals.gone()
  const block = blockOfState(subscriber, 'own-key', now) ?? blockOfOwnKeys([shownKey(key)], now)
  if (block !== null) return block
  const publicKey = publicKeyOf(key.credential_id, key.public_key)
  const index = await enrolmentOf(parties, subscriber, key, publicKey)
  if (publicKey === null || index === null) return closeSwapped(parties, trx, subscriber, key)
  const counter = await verifiedCounter(parties, response, challenge, key)
  if (counter === null) return ownKeyRefusals.notHers()
  if (isCloned(key.counter, counter)) return closeCloned(parties, trx, subscriber, key)
  await saveCounter(trx, key.id, counter)
  const { authenticatorData, clientDataJSON, signature: signed } = response.response
  return {
    key: { ...publicKey, enrolledBy: index },
    origin: relyingParty(parties).origin,
    authenticatorData: standardBase64(authenticatorData),
    clientData: standardBase64(clientDataJSON),
    signature: standardBase64(signed),
  }
}

/**
 * Where in the ledger this key became hers; null where no entry says so of this very key, this holder and this time.
 * Whoever writes the database can put another key, an older time or another's entry into the row, and no entry.
 */
async function enrolmentOf(
  { ledger }: OwnKeyParties,
  { subject, tenure }: Subscriber,
  key: OwnKeyRow,
  publicKey: PublicKey | null,
): Promise<number | null> {
  const index = await ledger.indexOf(key.entry as EntryId).catch(absent)
  if (index === null) return null
  const { kind, at, body, ...entry } = await ledger.entry(index)
  const isSame =
    kind === 'own-key-set' &&
    entry.subject === subject &&
    body?.tenure === tenure &&
    body.ownKey === key.id &&
    isDeepStrictEqual(body.key, publicKey) &&
    at <= key.set_at
  return isSame ? index : null
}

function absent(error: unknown): null {
  if (error instanceof CodedError && error.code === 'entry-unknown') return null
  throw error
}

/** The row is not what she enrolled: nothing of it is believed again, and she reads so. */
async function closeSwapped(
  parties: OwnKeyParties,
  trx: Trx,
  subscriber: Subscriber,
  key: OwnKeyRow,
): Promise<Refusal> {
  await endOwnKey(trx, key.id, 'removed', parties.clock.now())
  const body = { ownKey: key.id, because: 'not as enrolled' }
  const entry = await write(parties, trx, subscriber, 'own-key-removed', body)
  await parties.notices.notifyOfChange(trx, subscriber, {
    text: ownKeyRemovedText(parties.page),
    purpose: 'change-notice',
    ref: entry,
  })
  return ownKeyRefusals.notHers()
}

async function closeCloned(
  parties: OwnKeyParties,
  trx: Trx,
  subscriber: Subscriber,
  key: OwnKeyRow,
): Promise<Refusal> {
  await endOwnKey(trx, key.id, 'cloned', parties.clock.now())
  const entry = await write(parties, trx, subscriber, 'own-key-cloned', { ownKey: key.id })
  await parties.notices.notifyOfChange(trx, subscriber, {
    text: ownKeyClonedText(parties.page),
    purpose: 'change-notice',
    ref: entry,
  })
  return ownKeyRefusals.cloned()
}

async function verifiedCounter(
  parties: OwnKeyParties,
  response: AuthenticationResponseJSON,
  challenge: Uint8Array,
  key: OwnKeyRow,
): Promise<number | null> {
  const { origin, rpID } = relyingParty(parties)
  const answer = await verifyAuthenticationResponse({
    response,
    expectedChallenge: Buffer.from(challenge).toString('base64url'),
    expectedOrigin: origin,
    expectedRPID: rpID,
    credential: { id: key.credential_id, publicKey: new Uint8Array(key.public_key), counter: 0 },
    requireUserVerification: true,
  }).catch(broken)
  return answer?.verified ? answer.authenticationInfo.newCounter : null
}

/** The key as entries name it; null for a kind of key that we do not take. */
function publicKeyOf(credential: string, cosePublicKey: Uint8Array): PublicKey | null {
  const key = decodeCredentialPublicKey(new Uint8Array(cosePublicKey))
  const named = (algorithm: KeyAlgorithm, ...parts: (Uint8Array | undefined)[]): PublicKey | null =>
    parts.includes(undefined)
      ? null
      : { credential, algorithm, publicKey: Buffer.concat(parts as Uint8Array[]).toString('base64') }
  if (cose.isCOSEPublicKeyEC2(key))
    return key.get(cose.COSEKEYS.crv) === cose.COSECRV.P256
      ? named('ES256', Uint8Array.of(4), key.get(cose.COSEKEYS.x), key.get(cose.COSEKEYS.y))
      : null
  if (cose.isCOSEPublicKeyOKP(key))
    return key.get(cose.COSEKEYS.crv) === cose.COSECRV.ED25519
      ? named('EdDSA', key.get(cose.COSEKEYS.x))
      : null
  return null
}

function standardBase64(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('base64')
}

function write(
  parties: OwnKeyParties,
  trx: Trx,
  subscriber: Subscriber,
  kind: string,
  body: JsonObject,
): Promise<EntryId> {
  const { subject, tenure } = subscriber
  return parties.ledger.append(trx, { kind, header: null, subject, body: { ...body, tenure } })
}

/** The library throws on everything that does not fit: to us each is the same no. */
function broken(): null {
  return null
}
