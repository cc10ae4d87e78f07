import type { E164 } from '../calls/call-record.ts'
import { type NumberPlan, parseNumber } from '../calls/numbers.ts'
import { commitWith } from '../ledger/commit.ts'
import type { JsonObject } from '../ledger/entry.ts'
import type { RandomBytes } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import { eraseLog, finalDay, isErased, type RetentionParties, tenuresOfSubject } from '../vault/retention.ts'
import { PSEUDONYM_KEY, type Subject, subjectOf } from '../vault/subject.ts'
import { answerTo } from './answer.ts'
import { type Holding, mayDecide, mayPropose, type Officer } from './rules.ts'
import {
  type ErasureRow,
  insertRequest,
  isWaiting,
  listRequests,
  lockRequest,
  saveDecision,
} from './store.ts'

export interface ErasureParties extends RetentionParties {
  readonly random: RandomBytes
  readonly plan: NumberPlan
}

/** A proposal as officers see it. */
export interface ErasureView {
  readonly id: string
  readonly number: string
  /** '' for what was filed while nobody was registered. */
  readonly tenure: string
  readonly reason: string
  readonly proposedBy: string
  readonly proposedDesk: string
  readonly proposedAt: number
  readonly state: ErasureRow['state']
  readonly decidedDesk: string | null
  readonly decidedAt: number | null
  readonly declinedBecause: string | null
  /** From that day on no backup of the keys brings it back. */
  readonly finalOn: string | null
  /** What she is told; null until it is done. */
  readonly answer: Words | null
}

/** Erasing one holder's log: one officer proposes, another carries it out. */
export interface ErasureDesk {
  /** Who held a number when, and what was filed while nobody was registered. */
  holdings(number: string): Promise<readonly Holding[] | Refusal>
  list(): Promise<readonly ErasureView[]>
  propose(
    by: Officer,
    ask: { number: string; tenure: string; reason: string },
  ): Promise<{ id: string } | Refusal>
  /** Erases. The answer is the same with a legal hold and without one. */
  approve(by: Officer, id: string): Promise<{ finalOn: string; answer: Words } | Refusal>
  decline(by: Officer, id: string, reason: string): Promise<{ id: string } | Refusal>
}

interface Sealed {
  readonly number: E164
  readonly reason: string
  readonly declinedBecause: string | null
}

const LISTED = 200
const PURPOSE = 'erasure'

/** The use cases over these parties. */
export function createErasureDesk(parties: ErasureParties): ErasureDesk {
  const { db } = parties
  return {
    async holdings(text) {
      const number = parseNumber(text, parties.plan)
      return number === null ? noNumber() : holdingsOf(parties, db, number)
    },
    list: async () => (await listRequests(db, LISTED)).map((row) => viewOf(parties, row)),
    propose: (by, ask) => propose(parties, by, ask),
    approve: (by, id) => approve(parties, by, id),
    decline: (by, id, reason) => decline(parties, by, id, reason),
  }
}

function noNumber(): Refusal {
  return refuse('number-not-understood', 'This is not a telephone number.', 'Write it as it is dialled.')
}

function subjectOfNumber({ keys }: ErasureParties, number: E164): Subject {
  return subjectOf(keys.prfKey(PSEUDONYM_KEY), number)
}

async function holdingsOf(parties: ErasureParties, on: Db | Trx, number: E164): Promise<Holding[]> {
  const held = await tenuresOfSubject(on, subjectOfNumber(parties, number))
  return [...held, { tenure: '', from: null, until: null }]
}

async function propose(
  parties: ErasureParties,
  by: Officer,
  { number: text, tenure, reason }: { number: string; tenure: string; reason: string },
): Promise<{ id: string } | Refusal> {
  const number = parseNumber(text, parties.plan)
  if (number === null) return noNumber()
  const subject = subjectOfNumber(parties, number)
  const { db, ledger, clock, random } = parties
  return commitWith<{ id: string } | Refusal>(db, ledger, async (trx, append) => {
    const log = { subject, tenure }
    const no = mayPropose({
      holding: (await holdingsOf(parties, trx, number)).find((one) => one.tenure === tenure),
      waiting: await isWaiting(trx, log),
      erased: await isErased(trx, log),
    })
    if (no !== null) return no
    const id = Buffer.from(random(12)).toString('hex')
    const sealed = seal(parties, id, { number, reason, declinedBecause: null })
    const row = { id, ...log, sealed, proposedBy: by.id, proposedDesk: by.deskName, proposedAt: clock.now() }
    const isNew = await insertRequest(trx, row)
    // Two proposed at once, and the other was first.
    if (!isNew)
      return mayPropose({ holding: { tenure: '', from: null, until: null }, waiting: true, erased: false })!
    await append({
      kind: 'erasure-proposed',
      header: null,
      subject,
      actor: by.id,
      body: { request: id, tenure, reason, by: saying(by) },
    })
    return { id }
  })
}

async function approve(
  parties: ErasureParties,
  by: Officer,
  id: string,
): Promise<{ finalOn: string; answer: Words } | Refusal> {
  const finalOn = finalDay(parties)
  const found = await parties.db.transaction().execute((trx) => lockRequest(trx, id))
  const no = mayDecide(found, by, 'approve')
  if (no !== null) return no
  const { subject, tenure } = found!
  const { reason } = open(parties, found!)
  const log = {
    subject: subject as Subject,
    tenure,
    reason,
    actor: by.id,
    says: { request: id, by: saying(by) },
  }
  // Read again under its lock, in the transaction that erases: of two who approve at once, one is told so.
  const done = await eraseLog(parties, log, async (trx) => {
    const row = await lockRequest(trx, id)
    const refused = mayDecide(row, by, 'approve') ?? (await erasedBefore(trx, { subject, tenure }))
    if (refused !== null) return refused
    const { sealed } = row!
    await saveDecision(trx, id, {
      ...{ state: 'erased', by: by.id, desk: by.deskName, at: parties.clock.now() },
      ...{ sealed, finalOn },
    })
    return null
  })
  return isRefusal(done) ? done : { finalOn, answer: answerTo(finalOn) }
}

async function erasedBefore(trx: Trx, log: { subject: string; tenure: string }): Promise<Refusal | null> {
  const erased = await isErased(trx, log)
  return mayPropose({ holding: { tenure: '', from: null, until: null }, waiting: false, erased })
}

async function decline(
  parties: ErasureParties,
  by: Officer,
  id: string,
  reason: string,
): Promise<{ id: string } | Refusal> {
  const { db, ledger, clock } = parties
  return commitWith<{ id: string } | Refusal>(db, ledger, async (trx, append) => {
    const row = await lockRequest(trx, id)
    const no = mayDecide(row, by, 'decline')
    if (no !== null) return no
    const sealed = seal(parties, id, { ...open(parties, row!), declinedBecause: reason })
    await saveDecision(trx, id, {
      ...{ state: 'declined', by: by.id, desk: by.deskName, at: clock.now() },
      ...{ sealed, finalOn: null },
    })
    await append({
      kind: 'erasure-declined',
      header: null,
      subject: row!.subject,
      actor: by.id,
      body: { request: id, tenure: row!.tenure, reason, by: saying(by) },
    })
    return { id }
  })
}

function viewOf(parties: ErasureParties, row: ErasureRow): ErasureView {
  const { id, tenure, proposedBy, proposedDesk, proposedAt, state, decidedDesk, decidedAt, finalOn } = row
  const { number, reason, declinedBecause } = open(parties, row)
  const answer = finalOn === null ? null : answerTo(finalOn)
  return {
    ...{ id, number, tenure, reason, proposedBy, proposedDesk, proposedAt },
    ...{ state, decidedDesk, decidedAt, declinedBecause, finalOn, answer },
  }
}

function seal({ keys }: ErasureParties, id: string, what: Sealed): Buffer {
  return keys.sealer.seal(PURPOSE, `erasure.request ${id}`, Buffer.from(JSON.stringify(what)))
}

function open({ keys }: ErasureParties, row: ErasureRow): Sealed {
  return JSON.parse(keys.sealer.open(PURPOSE, `erasure.request ${row.id}`, row.sealed).toString()) as Sealed
}

function saying({ id, deskName, office }: Officer): JsonObject {
  return { staff: id, deskName, office }
}
