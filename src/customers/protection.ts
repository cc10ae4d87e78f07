import type { JsonObject } from '../ledger/entry.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Jobs } from '../platform/jobs.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Language, Words } from '../platform/words.ts'
import type { Notices } from './notices.ts'
import type { MadeKey, MadeKeyAnswer, OwnKeys } from './own-keys.ts'
import type { Profile } from './profile.ts'
import { type Limits, limits } from './rules.ts'
import type { HashedSecret, Secrets } from './secrets.ts'
import {
  insertWaiting,
  lockSubscriber,
  lockWaiting,
  putSecret,
  readSecret,
  readWaiting,
  saveWaiting,
  type WaitingRow,
} from './store.ts'
import type { SafeMode, SecretKind, Subscriber } from './subscriber.ts'
import { changeWords, protectionText, secretSetText, waitingText } from './texts.ts'

/** A change that waits. */
export interface WaitingChange {
  readonly id: string
  readonly kind: keyof typeof changeWords
  readonly words: Words
  readonly askedAt: number
  readonly appliesAt: number
}

type Change =
  | { kind: 'first-secret'; secretKind: SecretKind; salt: string; hash: string }
  | { kind: 'own-key'; key: MadeKey }
  | { kind: 'shop-only-off' }
  | { kind: 'safe-mode'; to: SafeMode }

/** At once, or it waits until then. */
export type Changed = { readonly appliesAt: number | null }

/**
 * What a customer sets about herself. What protects more works at once; what protects less, and a first PIN set
 * online, waits 72 hours in which a text a day says so and one answer stops it. Everything is written
 * with its entry, whose header says only `other`.
 */
export interface Protection {
  setLanguage(trx: Trx, subscriber: Subscriber, language: Language): Promise<void>
  setShopOnly(trx: Trx, subscriber: Subscriber, on: boolean): Promise<Changed | Refusal>
  setSafeMode(
    trx: Trx,
    subscriber: Subscriber,
    to: Exclude<SafeMode, 'elsewhere'>,
  ): Promise<Changed | Refusal>
  /** Online: a first secret waits; a change by somebody who has just given the old one is set, and rests 24 hours. */
  setSecretOnline(
    trx: Trx,
    subscriber: Subscriber,
    wanted: { kind: SecretKind; secret: string; old: string | null },
  ): Promise<Changed | Refusal>
  /** In a shop, after photo ID: set at once (and opens rows after 24 hours); lifts a closed PIN. */
  setSecretInShop(
    trx: Trx,
    subscriber: Subscriber,
    wanted: { kind: SecretKind; secret: string; staffId: string },
  ): Promise<Changed | Refusal>
  /** A key of her own, made online: waits, as a first PIN does. */
  addOwnKeyOnline(trx: Trx, subscriber: Subscriber, answer: MadeKeyAnswer): Promise<Changed | Refusal>
  waiting(db: Db | Trx, subscriber: Subscriber): Promise<WaitingChange[]>
  /** One answer stops it. */
  stop(trx: Trx, subscriber: Subscriber, changeId: string): Promise<Refusal | null>
  /** What the daily job does for one waiting change: a text, or the change itself when its time has come. */
  runWaiting(
    trx: Trx,
    changeId: string,
    subscriberOf: (id: string) => Promise<Subscriber | null>,
  ): Promise<void>
}

/** The job that texts about a waiting change each day, and makes it in the end. */
export const WAITING_TASK = 'customers-waiting-change'

export interface ProtectionParties {
  readonly ledger: Pick<Ledger, 'append'>
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: RandomBytes
  readonly jobs: Jobs
  readonly notices: Notices
  readonly secrets: Secrets
  readonly ownKeys: OwnKeys
  readonly page: string
  editProfile(trx: Trx, subscriber: Subscriber, edit: Partial<Profile>): Promise<void>
  /** What the rules in force say. */
  readonly limits: () => Limits
}

/** Makes the room's settings. */
export function createProtection(parties: ProtectionParties): Protection {
  return {
    async setLanguage(trx, subscriber, language) {
      await parties.editProfile(trx, subscriber, { language })
      await write(parties, trx, subscriber, 'language-set', { language })
    },
    setShopOnly: (trx, subscriber, on) => setShopOnly(parties, trx, subscriber, on),
    setSafeMode: (trx, subscriber, to) => setSafeMode(parties, trx, subscriber, to),
    setSecretOnline: (trx, subscriber, wanted) => setSecretOnline(parties, trx, subscriber, wanted),
    async setSecretInShop(trx, subscriber, wanted) {
      await lockSubscriber(trx, subscriber.id)
      const hashed = await parties.secrets.prepare(wanted.kind, wanted.secret, ownOf(subscriber))
      if (isRefusal(hashed)) return hashed
      await applySecret(parties, trx, subscriber, hashed, {
        where: 'shop',
        staff: wanted.staffId,
      })
      return { appliesAt: null }
    },
    async addOwnKeyOnline(trx, subscriber, answer) {
      await lockSubscriber(trx, subscriber.id)
      const key = await parties.ownKeys.made(trx, subscriber, answer)
      return isRefusal(key) ? key : wait(parties, trx, subscriber, { kind: 'own-key', key })
    },
    async waiting(db, subscriber) {
      return (await readWaiting(db, subscriber.id)).map((row) => waitingOf(parties.sealer, row))
    },
    async stop(trx, subscriber, changeId) {
      const row = await lockWaiting(trx, changeId)
      if (row === null || row.subscriber_id !== subscriber.id || row.state !== 'waiting') return changeGone()
      await saveWaiting(trx, row.id, { state: 'stopped' })
      const { kind } = openChange(parties.sealer, row)
      await write(parties, trx, subscriber, 'change-stopped', { change: kind })
      return null
    },
    runWaiting: (trx, id, subscriberOf) => runWaiting(parties, trx, id, subscriberOf),
  }
}

async function setShopOnly(
  parties: ProtectionParties,
  trx: Trx,
  subscriber: Subscriber,
  on: boolean,
): Promise<Changed | Refusal> {
  await lockSubscriber(trx, subscriber.id)
  if (subscriber.protection.shopOnly === on) return { appliesAt: null }
  if (!on) return wait(parties, trx, subscriber, { kind: 'shop-only-off' })
  await writeAndTell(parties, trx, subscriber, 'shop-only-on', {})
  await parties.editProfile(trx, subscriber, { shopOnly: true })
  return { appliesAt: null }
}

/**
 * From `off` at once and without a text: in the home that she fears, a text that says "safe mode is on" is what must
 * not come. Her page and its entry say it. Every later change waits.
 */
async function setSafeMode(
  parties: ProtectionParties,
  trx: Trx,
  subscriber: Subscriber,
  to: SafeMode,
): Promise<Changed | Refusal> {
  await lockSubscriber(trx, subscriber.id)
  if (subscriber.protection.safeMode === to) return { appliesAt: null }
  if (subscriber.protection.safeMode !== 'off')
    return wait(parties, trx, subscriber, { kind: 'safe-mode', to })
  await parties.editProfile(trx, subscriber, { safeMode: to })
  await write(parties, trx, subscriber, 'safe-mode-set', { safeMode: to })
  return { appliesAt: null }
}

async function setSecretOnline(
  parties: ProtectionParties,
  trx: Trx,
  subscriber: Subscriber,
  wanted: { kind: SecretKind; secret: string; old: string | null },
): Promise<Changed | Refusal> {
  await lockSubscriber(trx, subscriber.id)
  const present = await readSecret(trx, subscriber.id)
  if (present !== null) {
    const old = await parties.secrets.check(trx, subscriber, wanted.old ?? '')
    if (isRefusal(old)) return old
  }
  const hashed = await parties.secrets.prepare(wanted.kind, wanted.secret, ownOf(subscriber))
  if (isRefusal(hashed)) return hashed
  if (present !== null) {
    await applySecret(parties, trx, subscriber, hashed, { where: 'page' })
    return { appliesAt: null }
  }
  return wait(parties, trx, subscriber, {
    kind: 'first-secret',
    secretKind: hashed.kind,
    salt: hashed.salt.toString('base64'),
    hash: hashed.hash.toString('base64'),
  })
}

async function wait(
  parties: ProtectionParties,
  trx: Trx,
  subscriber: Subscriber,
  change: Change,
): Promise<Changed | Refusal> {
  const waiting = await readWaiting(trx, subscriber.id)
  if (waiting.some((row) => openChange(parties.sealer, row).kind === change.kind)) {
    return refuse(
      'change-waiting',
      'The same change is waiting already.',
      'Stop that one first, or wait for it.',
    )
  }
  const now = parties.clock.now()
  const id = Buffer.from(parties.random(16)).toString('hex')
  const { changeWaits } = parties.limits()
  const appliesAt = now + changeWaits
  await insertWaiting(trx, {
    id,
    subscriber_id: subscriber.id,
    change: parties.sealer.seal(CHANGE, id, Buffer.from(JSON.stringify(change))),
    asked_at: now,
    applies_at: appliesAt,
    texts: 1,
    state: 'waiting',
  })
  await write(parties, trx, subscriber, 'change-asked', { change: change.kind, appliesAt })
  await tellOfWait(parties, trx, subscriber, { id, kind: change.kind, texts: 1, left: changeWaits })
  await schedule(parties, trx, id, now + limits.changeText)
  return { appliesAt }
}

/** Runs at least once a day; a repetition finds the state moved on. Fewer than three texts told: no change yet. */
async function runWaiting(
  parties: ProtectionParties,
  trx: Trx,
  id: string,
  subscriberOf: (id: string) => Promise<Subscriber | null>,
): Promise<void> {
  const row = await lockWaiting(trx, id)
  if (row === null || row.state !== 'waiting') return
  const now = parties.clock.now()
  const subscriber = await subscriberOf(row.subscriber_id)
  if (subscriber === null) return
  const change = openChange(parties.sealer, row)
  if (now >= row.applies_at && row.texts >= 3) {
    await apply(parties, trx, subscriber, row, change)
    await saveWaiting(trx, id, { state: 'applied' })
    return
  }
  const due = row.asked_at + row.texts * limits.changeText
  if (now >= due) {
    const left = Math.max(row.applies_at - now, limits.changeText)
    const texts = row.texts + 1
    await tellOfWait(parties, trx, subscriber, { id, kind: change.kind, texts, left })
    await saveWaiting(trx, id, { texts })
    await schedule(parties, trx, id, now + limits.changeText)
  } else {
    await schedule(parties, trx, id, due)
  }
}

async function apply(
  parties: ProtectionParties,
  trx: Trx,
  subscriber: Subscriber,
  row: WaitingRow,
  change: Change,
): Promise<void> {
  if (change.kind === 'first-secret') {
    const hashed = {
      kind: change.secretKind,
      salt: Buffer.from(change.salt, 'base64'),
      hash: Buffer.from(change.hash, 'base64'),
    }
    await applySecret(parties, trx, subscriber, hashed, { where: 'page' }, row.asked_at)
    return
  }
  if (change.kind === 'own-key') {
    await parties.ownKeys.put(trx, subscriber, change.key, { where: 'page' })
    return
  }
  const event = change.kind === 'shop-only-off' ? 'shop-only-off' : 'safe-mode-set'
  const body = change.kind === 'safe-mode' ? { safeMode: change.to } : {}
  await writeAndTell(parties, trx, subscriber, event, body)
  await parties.editProfile(
    trx,
    subscriber,
    change.kind === 'safe-mode' ? { safeMode: change.to } : { shopOnly: false },
  )
}

async function applySecret(
  parties: ProtectionParties,
  trx: Trx,
  subscriber: Subscriber,
  hashed: HashedSecret,
  body: JsonObject,
  setAt = parties.clock.now(),
): Promise<void> {
  const entry = await write(parties, trx, subscriber, 'secret-set', { ...body, secretKind: hashed.kind })
  await parties.notices.notifyOfChange(trx, subscriber, {
    text: secretSetText(parties.page),
    purpose: 'change-notice',
    ref: entry,
  })
  await putSecret(trx, {
    ...hashed,
    subscriber_id: subscriber.id,
    set_at: setAt,
    wrong_in_all: 0,
    needs_shop_reset: false,
  })
}

async function writeAndTell(
  parties: ProtectionParties,
  trx: Trx,
  subscriber: Subscriber,
  kind: string,
  body: JsonObject,
): Promise<void> {
  const entry = await write(parties, trx, subscriber, kind, body)
  await parties.notices.notifyOfChange(trx, subscriber, {
    text: protectionText(parties.page),
    purpose: 'change-notice',
    ref: entry,
  })
}

function write(
  parties: ProtectionParties,
  trx: Trx,
  subscriber: Subscriber,
  kind: string,
  body: JsonObject,
): Promise<string> {
  return parties.ledger.append(trx, { kind, header: null, subject: subscriber.subject, body })
}

async function tellOfWait(
  parties: ProtectionParties,
  trx: Trx,
  subscriber: Subscriber,
  wait: { id: string; kind: Change['kind']; texts: number; left: number },
): Promise<void> {
  const hours = Math.ceil(wait.left / 3_600_000)
  await parties.notices.notifyOfChange(trx, subscriber, {
    text: waitingText(changeWords[wait.kind], hours, parties.page),
    purpose: 'waiting-change',
    ref: `${wait.id}-${wait.texts}`,
  })
}

function schedule(parties: ProtectionParties, trx: Trx, id: string, runAt: number): Promise<void> {
  return parties.jobs.enqueue(trx, WAITING_TASK, { id }, { runAt, key: `${WAITING_TASK}-${id}` })
}

const CHANGE = 'customers/waiting-change'

function openChange(sealer: Sealer, row: WaitingRow): Change {
  return JSON.parse(sealer.open(CHANGE, row.id, row.change).toString('utf8')) as Change
}

function waitingOf(sealer: Sealer, row: WaitingRow): WaitingChange {
  const { kind } = openChange(sealer, row)
  return { id: row.id, kind, words: changeWords[kind], askedAt: row.asked_at, appliesAt: row.applies_at }
}

function ownOf(subscriber: Subscriber): { digits: string; names: string[] } {
  return { digits: subscriber.number.replace('+', ''), names: [subscriber.name.latn, subscriber.name.my] }
}

function changeGone(): Refusal {
  return refuse(
    'change-gone',
    'That change is not waiting any more.',
    'Look at your settings as they are now.',
  )
}
