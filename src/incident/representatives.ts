import { createHash, createHmac } from 'node:crypto'
import { parseNumber } from '../calls/numbers.ts'
import { type Append, commitWith } from '../ledger/commit.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Language } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { type Doer, incidentNotFound, openCase, recordStepOf } from './book.ts'
import { seen } from './case-access.ts'
import { type CaseworkParties, inCase, type OutsideParties, officer, TIME } from './casework.ts'
import {
  insertRepresentation,
  type RepresentationRow,
  readDeed,
  readRepresentation,
  readRepresentations,
  saveRepresentation,
} from './people-store.ts'
import { mayRepresent, type RepresentativeKind, speaksForHer } from './representative-rules.ts'
import { readIncident } from './store.ts'

/** Who speaks for the customer in a case: opened after the deed is checked, and ended by her, by an officer or by time. */

const PURPOSE = 'incident-representation'
const DEED = 'incident-deed'
const MAIL_TASK = 'incident-representative-mail'
/** An enrolment link works this long, once. */
const LINK_MS = 7 * 86_400_000

/** Where codes and news go. */
export interface ContactOfRecord {
  readonly kind: 'telephone' | 'email'
  readonly to: string
}

/** What an officer gives. */
export interface RepresentationAsked {
  readonly name: string
  readonly kind: RepresentativeKind
  readonly licence: string
  readonly contact: ContactOfRecord
  readonly checks: readonly string[]
  readonly untilAt: number
  /** The power of attorney, in base64: a PDF or a picture. */
  readonly deed: string
  /** How it was checked, and with whom. */
  readonly says: string
}

/** What of a representation is sealed. */
export interface Representative {
  readonly name: string
  readonly kind: RepresentativeKind
  readonly licence: string
  readonly contact: ContactOfRecord
  readonly says: string
  readonly digest: string
  readonly openedBy: string
}

type Keeper = Pick<OutsideParties, 'keys'>

/** Opens a representation and gives the link that enrols, once, within seven days. The deed rests sealed. */
export async function openRepresentation(
  parties: CaseworkParties,
  staff: StaffFacts,
  id: string,
  asked: RepresentationAsked,
): Promise<{ link: string } | Refusal> {
  const contact = parseContact(parties, asked.contact)
  if (isRefusal(contact)) return contact
  const deed = parseDeed(asked.deed)
  if (isRefusal(deed)) return deed
  const now = parties.clock.now()
  return inCase(parties, staff, id, 'admit-representative', async (trx, append, held) => {
    const { subject } = held.case
    const standing = await inForce(parties, trx, held.id)
    const around = { now, customerKnown: subject !== null, represented: standing !== null }
    const no = mayRepresent(asked, around)
    if (no !== null || subject === null) return no ?? incidentNotFound()
    await closeRunOut(parties, trx, append, held.id)
    const name = Buffer.from(parties.random(12)).toString('hex')
    const digest = createHash('sha256').update(deed).digest('hex')
    const link = Buffer.from(parties.random(32)).toString('base64url')
    const who: Representative = {
      ...{ name: asked.name, kind: asked.kind, licence: asked.licence, contact, says: asked.says, digest },
      openedBy: staff.deskName,
    }
    const row: RepresentationRow = {
      ...{ id: name, incident: held.id, tenure: subject.tenure, opened_at: now, until_at: asked.untilAt },
      ...{ ended_at: null, ended_by: null, enrolled_at: null },
      contact_hash: hashContact(parties, contact),
      link_hash: hashToken(link),
      link_until: now + LINK_MS,
      sealed: parties.keys.sealer.seal(PURPOSE, name, Buffer.from(JSON.stringify(who))),
    }
    await record(parties, trx, append, row, officer(staff), 'representative-opened', {
      ...{ kind: asked.kind, licence: asked.licence, checks: [...asked.checks], deed: digest },
      ...{ until: asked.untilAt, name: asked.name },
    })
    const sealed = parties.keys.sealer.seal(DEED, name, deed)
    await insertRepresentation(trx, row, { digest, sealed })
    await tellCustomer(parties, trx, row, 'opened')
    return { link: `${parties.publicUrl}/representative/enrol#${link}` }
  })
}

/** Ends it. From the moment this commits nothing is opened to them any more. */
export async function endRepresentation(
  parties: OutsideParties,
  name: string,
  by: Doer,
  ending: { by: 'customer' | 'officer' | 'time'; says: string },
): Promise<null | Refusal> {
  return commitWith<null | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const row = await readRepresentation(trx, name, true)
    if (row === null) return representationNotFound()
    if (row.ended_at !== null)
      return refuse('representation-ended', 'This has ended already.', 'Nothing needs to be done.')
    await saveRepresentation(trx, name, {
      ...{ ended_at: parties.clock.now(), ended_by: ending.by, link_hash: null, link_until: null },
    })
    await record(parties, trx, append, row, by, 'representative-ended', { by: ending.by }, ending.says)
    await parties.notifications.publish(trx, 'representation-ended', { representation: name })
    await tellRepresentative(parties, trx, row, 'ended', name)
    if (ending.by !== 'customer') await tellCustomer(parties, trx, row, 'ended')
    return null
  })
}

/** What has run out and was not said to be over yet makes room for the next. */
async function closeRunOut(
  parties: OutsideParties,
  trx: Trx,
  append: Append,
  incident: string,
): Promise<void> {
  for (const row of await readRepresentations(trx, incident)) {
    if (row.ended_at !== null) continue
    await saveRepresentation(trx, row.id, { ended_at: parties.clock.now(), ended_by: 'time' })
    await parties.notifications.publish(trx, 'representation-ended', { representation: row.id })
    await record(parties, trx, append, row, TIME, 'representative-ended', { by: 'time' })
  }
}

/** Ends it for an officer, who says why. */
export async function endForOfficer(
  parties: CaseworkParties,
  staff: StaffFacts,
  id: string,
  { representation, says }: { representation: string; says: string },
): Promise<null | Refusal> {
  const held = await seen(parties, staff, id, 'admit-representative')
  if (isRefusal(held)) return held
  const row = await readRepresentation(parties.db, representation)
  if (row === null || row.incident !== held.id) return representationNotFound()
  return endRepresentation(parties, representation, officer(staff), { by: 'officer', says })
}

/** The power of attorney as it was handed in. That somebody read it is an entry first. */
export async function openDeed(
  parties: CaseworkParties,
  staff: StaffFacts,
  id: string,
  name: string,
): Promise<{ digest: string; bytes: Buffer } | Refusal> {
  const read = await inCase(parties, staff, id, 'admit-representative', async (trx, append, held) => {
    const row = await readRepresentation(trx, name)
    if (row === null || row.incident !== held.id) return representationNotFound()
    await record(parties, trx, append, row, officer(staff), 'deed-read', {})
    return null
  })
  if (isRefusal(read)) return read
  const deed = await readDeed(parties.db, name)
  invariant(deed, 'a representation has its deed')
  return { digest: deed.digest, bytes: parties.keys.sealer.open(DEED, name, deed.sealed) }
}

/** Who speaks for her in this case now; null for nobody. */
export async function inForce(
  { clock }: Pick<OutsideParties, 'clock'>,
  db: Db | Trx,
  incident: string,
): Promise<RepresentationRow | null> {
  const rows = await readRepresentations(db, incident)
  return rows.find((row) => speaksForHer(standingOf(row), clock.now())) ?? null
}

/** A row as the rules see it. */
export function standingOf(row: RepresentationRow): { untilAt: number; endedAt: number | null } {
  return { untilAt: row.until_at, endedAt: row.ended_at }
}

/** Who it is, opened. */
export function openRepresentative({ keys }: Keeper, row: RepresentationRow): Representative {
  return JSON.parse(keys.sealer.open(PURPOSE, row.id, row.sealed).toString('utf8')) as Representative
}

/** A contact as it is compared: under a key, so that the database alone tells nobody whose it is. */
export function hashContact({ keys }: Keeper, { to }: ContactOfRecord): Buffer {
  return createHmac('sha256', keys.prfKey('representative-contact')).update(to).digest()
}

/** A secret that only its holder has, as it rests. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A telephone number or an e-mail address, as people write it. */
export function parseContact(
  { plan, mailer }: Pick<OutsideParties, 'plan' | 'mailer'>,
  { kind, to }: ContactOfRecord,
): ContactOfRecord | Refusal {
  if (kind === 'telephone') {
    const number = parseNumber(to, plan)
    return number === null
      ? refuse('contact-unreadable', 'That is no telephone number.', 'Write all of it.')
      : { kind, to: number }
  }
  const address = to.trim().toLowerCase()
  if (!/^[^\s@,;<>"]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(address))
    return refuse('contact-unreadable', 'That is no e-mail address.', 'Write all of it.')
  if (mailer === null)
    return refuse('mail-not-configured', 'This house sends no mail.', 'Give a telephone number.')
  return { kind, to: address }
}

const NEWS = {
  news: {
    en: 'there is something new in the matter in which you speak for a customer. Sign in:',
    my: 'သင်ကိုယ်စားပြုသော ကိစ္စတွင် အသစ်ရှိပါသည်။ ဝင်ရန်:',
  },
  ended: {
    en: 'your right to speak for a customer has ended. Nothing more is opened to you at',
    my: 'ဖောက်သည်ကို ကိုယ်စားပြုခွင့် ပြီးဆုံးပါပြီ။ နောက်ထပ် မဖွင့်ပေးတော့ပါ:',
  },
} as const

/** Tells whoever speaks for her that there is something, never what. */
export async function tellRepresentative(
  parties: OutsideParties,
  trx: Trx,
  row: RepresentationRow,
  what: keyof typeof NEWS,
  ref: string,
): Promise<void> {
  const { contact } = openRepresentative(parties, row)
  if (contact.kind === 'email') {
    await parties.jobs.enqueue(trx, MAIL_TASK, { representation: row.id, what })
    return
  }
  await parties.texts.send(trx, {
    to: contact.to,
    text: newsText(parties, what, await languageOf(parties, trx, row)),
    purpose: `representative-${what}`,
    ref,
    language: await languageOf(parties, trx, row),
  })
}

/** The language of whom they speak for: they share it, or they could not speak for her. */
export async function languageOf(
  { customers }: Pick<OutsideParties, 'customers'>,
  db: Db | Trx,
  { tenure }: RepresentationRow,
): Promise<Language> {
  return (await customers.byTenure(db, tenure))?.language ?? 'en'
}

/** Sends representatives' mail; registers the job, so call it before the jobs start. */
export function handleRepresentativeMail(parties: OutsideParties): void {
  parties.jobs.handle(MAIL_TASK, async ({ representation, what }) => {
    const row = await readRepresentation(parties.db, String(representation))
    if (row === null || parties.mailer === null) return
    // What was enqueued before the end is not sent after it.
    if (what !== 'ended' && !speaksForHer(standingOf(row), parties.clock.now())) return
    const language = await languageOf(parties, parties.db, row)
    const text = newsText(parties, what === 'ended' ? 'ended' : 'news', language)
    const { contact } = openRepresentative(parties, row)
    await parties.mailer.send({ to: contact.to, subject: parties.operatorWords[language], text })
  })
}

function newsText(
  { operatorWords, publicUrl }: OutsideParties,
  what: keyof typeof NEWS,
  language: Language,
): string {
  return `${operatorWords[language]}: ${NEWS[what][language]} ${publicUrl}/representative`
}

/** What she is told of it, where she was told things before. */
async function tellCustomer(
  parties: OutsideParties,
  trx: Trx,
  row: RepresentationRow,
  what: 'opened' | 'ended',
): Promise<void> {
  const subscriber = await parties.customers.byTenure(trx, row.tenure)
  if (subscriber === null || subscriber.tenureUntil !== null) return
  const page = `${parties.publicUrl}/my/case`
  const { en, my } = parties.operatorWords
  const text =
    what === 'opened'
      ? {
          en: `${en}: somebody may now speak for you in your case. Not your wish? End it with one tap: ${page}`,
          my: `${my}: သင့်ကိစ္စတွင် ကိုယ်စားပြုသူ ရှိပါပြီ။ သင့်ဆန္ဒမဟုတ်ပါက တစ်ချက်နှိပ်၍ ရပ်ပါ: ${page}`,
        }
      : {
          en: `${en}: nobody speaks for you in your case any more. We write to you again: ${page}`,
          my: `${my}: သင့်ကိစ္စတွင် ကိုယ်စားပြုသူ မရှိတော့ပါ။ သင့်ထံ တိုက်ရိုက် စာပို့ပါမည်: ${page}`,
        }
  await parties.customers.notify(trx, subscriber, {
    text,
    purpose: `representative-${what}`,
    ref: row.id,
  })
}

/** An entry about a representation, and its line in the case. */
export async function record(
  parties: OutsideParties,
  trx: Trx,
  append: Append,
  row: RepresentationRow,
  by: Doer,
  act: string,
  more: Parameters<typeof recordStepOf>[4]['more'],
  says = '',
): Promise<void> {
  const incident = await readIncident(trx, row.incident)
  invariant(incident, 'a representation has its incident')
  await recordStepOf(
    parties,
    trx,
    append,
    openCase(parties, incident),
    {
      ...{ kind: 'incident-worked', act, at: parties.clock.now(), says, what: '', header: null },
      more: { representation: row.id, ...more },
    },
    by,
  )
}

const SIGNATURES = ['25504446', 'ffd8ff', '89504e47'] as const
const DEED_BYTES = 4 * 1024 * 1024

function parseDeed(text: string): Buffer | Refusal {
  const bytes = Buffer.from(text, 'base64')
  const known = SIGNATURES.some((start) => bytes.subarray(0, start.length / 2).toString('hex') === start)
  if (known && bytes.length <= DEED_BYTES) return bytes
  return refuse(
    'deed-unreadable',
    'That is no PDF, JPEG or PNG of at most 4 MB.',
    'Scan the power of attorney anew, or make the file smaller.',
  )
}

function representationNotFound(): Refusal {
  return refuse('representation-not-found', 'There is no such representation.', 'Go back to the case.')
}
