import { createHash } from 'node:crypto'
import type { Append } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { type Doer, type Held, recordStepOf } from './book.ts'
import { type CaseworkParties, inCase, type OutsideParties, officer } from './casework.ts'
import { type Communication, isHers, mayBeSaid } from './communications-rules.ts'
import { insertMessage, type MessageRow, type RepresentationRow, readMessages } from './people-store.ts'
import { inForce, tellRepresentative } from './representatives.ts'

/** The register of what was said to whom in a case. Each line is an entry that commits to every word of it. */

const PURPOSE = 'incident-message'

/** A line of the register. */
export interface Said extends Communication {
  readonly id: string
  /** When it came into the register. */
  readonly filedAt: number
  /** Who filed it; empty where she or her representative wrote it on their page. */
  readonly deskName: string
  /** SHA-256 of the words, as the entry has it. */
  readonly digest: string
  /** Whose page has it; null for the house alone. */
  readonly tenure: string | null
}

/** Files one thing that an officer says was said, and sends it where it goes to a page. */
export async function recordCommunication(
  parties: CaseworkParties,
  staff: StaffFacts,
  id: string,
  asked: Communication,
): Promise<null | Refusal> {
  const now = parties.clock.now()
  const one = asked.direction === 'out' && asked.via === 'page' ? { ...asked, at: now } : asked
  const done = await inCase(parties, staff, id, 'write-communication', (trx, append, held) =>
    sayIn(parties, trx, append, held, officer(staff), one),
  )
  return isRefusal(done) ? done : null
}

/**
 * Says one thing in a case, in the transaction under way: the entry, the line of the register, and the text that tells
 * her or whoever speaks for her that something new is on their page. The text never says what.
 */
export async function sayIn(
  parties: OutsideParties,
  trx: Trx,
  append: Append,
  held: Held,
  by: Doer,
  one: Communication,
): Promise<Said | Refusal> {
  const now = parties.clock.now()
  const representation = await inForce(parties, trx, held.id)
  const no = mayBeSaid(one, {
    now,
    customerKnown: held.case.subject !== null,
    represented: representation !== null,
  })
  if (no !== null) return no
  const id = Buffer.from(parties.random(12)).toString('hex')
  const tenure = isHers(one) ? (held.case.subject?.tenure ?? null) : null
  const digest = createHash('sha256').update(one.says).digest('hex')
  const { direction, via, sort, clock } = one
  await recordStepOf(
    parties,
    trx,
    append,
    held,
    {
      kind: 'incident-worked',
      act: 'communication',
      at: now,
      says: '',
      what: `${direction}-${one.with}`,
      header: null,
      more: { message: id, direction, with: one.with, via, sort, clock, digest, past: one.past },
    },
    by,
  )
  const said: Said = { ...one, id, filedAt: now, deskName: by.deskName, digest, tenure }
  const sealed = parties.keys.sealer.seal(PURPOSE, id, Buffer.from(JSON.stringify(said)))
  await insertMessage(trx, { id, incident: held.id, at: one.at, tenure, next_at: one.nextAt, sealed })
  if (direction === 'out' && via === 'page') await tell(parties, trx, held, said, representation)
  return said
}

async function tell(
  parties: OutsideParties,
  trx: Trx,
  held: Held,
  said: Said,
  representation: RepresentationRow | null,
): Promise<void> {
  if (representation !== null && said.past === null) {
    await tellRepresentative(parties, trx, representation, 'news', said.id)
    return
  }
  const { subject } = held.case
  const subscriber = subject === null ? null : await parties.customers.byTenure(trx, subject.tenure)
  // The number may have a new holder, who must not learn of it.
  if (subscriber === null || subscriber.tenureUntil !== null) return
  const { en, my } = parties.operatorWords
  await parties.customers.notify(trx, subscriber, {
    text: {
      en: `${en}: there is something new in your case. Read it on your page: ${parties.publicUrl}/my`,
      my: `${my}: သင့်ကိစ္စတွင် အသစ်ရှိပါသည်။ ဖတ်ရန်: ${parties.publicUrl}/my`,
    },
    purpose: 'case-message',
    ref: said.id,
  })
}

/** The register of a case, oldest first. */
export async function registerOf(
  parties: Pick<OutsideParties, 'db' | 'keys'>,
  incident: string,
): Promise<Said[]> {
  return (await readMessages(parties.db, incident)).map((row) => openMessage(parties, row))
}

function openMessage({ keys }: Pick<OutsideParties, 'keys'>, row: MessageRow): Said {
  return JSON.parse(keys.sealer.open(PURPOSE, row.id, row.sealed).toString('utf8')) as Said
}
