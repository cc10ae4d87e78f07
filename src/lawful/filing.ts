import type { E164 } from '../calls/call-record.ts'
import { parseNumber } from '../calls/numbers.ts'
import type { Append } from '../ledger/commit.ts'
import { commitWith } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import { placeHold } from '../vault/holds.ts'
import { PSEUDONYM_KEY, subjectOf } from '../vault/subject.ts'
import { moveRequest, numberHashOf, openCase, sealCase } from './book.ts'
import type { Actor } from './command.ts'
import { fileRequest } from './filing-rules.ts'
import { digestOf } from './package.ts'
import { type By, frameOf, type Held, type LawfulParties, newId, requestEntry } from './parties.ts'
import type { Filing } from './request.ts'
import { askedScope } from './request.ts'
import { step } from './rules.ts'
import type { FilingInput } from './schemas.ts'
import { daysOf, numbersOf } from './scope.ts'
import { findRequest, insertLetter, insertRequest, nextSerial } from './store.ts'
import { entriesOf, filingSays } from './tell.ts'

/** How a request comes in: read, numbered, its records put on hold, its letter kept. */

const LETTER_BYTES = 5 * 1024 * 1024

/** Files a request. The same number twice is the same request, and says so. */
export async function file(
  room: LawfulParties,
  actor: Actor,
  who: By | null,
  input: FilingInput,
  letter: string | null,
): Promise<Held | Refusal> {
  const read = readFiling(room, input)
  if (isRefusal(read)) return read
  const bytes = readLetter(letter)
  if (isRefusal(bytes)) return bytes
  const now = room.clock.now()
  const one = fileRequest(read, actor, { now, frame: frameOf(room, read.frame) })
  if (isRefusal(one)) return one
  const id = newId(room.random)
  const numberHash = numberHashOf(room, read.frame, read.requestNumber)
  return commitWith<Held | Refusal>(room.db, room.ledger, async (trx, append) => {
    const serial = serialOf(room, read.frame, now, await nextSerial(trx))
    const held: Held = { id, serial, case: one }
    const isNew = await insertRequest(trx, {
      id,
      serial,
      frame: read.frame,
      state: one.state,
      received_at: now,
      number_hash: numberHash,
      sealed: sealCase(room, id, one),
    })
    if (!isNew) return filedBefore()
    await append(received(room, held, who, actor.id, bytes === null ? null : digestOf(bytes)))
    await keepLetter(room, trx, id, bytes)
    await holdAll(room, trx, append, held)
    return held
  })
}

/** Brings what was missing: the request goes to the filter again, by somebody who neither filed nor amended it. */
export async function complete(
  room: LawfulParties,
  actor: Actor,
  who: By,
  id: string,
  asked: { filing: FilingInput; letter: string | null },
): Promise<Held | Refusal> {
  const read = readFiling(room, asked.filing)
  if (isRefusal(read)) return read
  const bytes = readLetter(asked.letter)
  if (isRefusal(bytes)) return bytes
  const command = { do: 'complete', filing: read } as const
  return moveRequest(
    room,
    id,
    ({ case: one }) => {
      // It stays the request that it is: under its own number and frame.
      if (one.filing.requestNumber !== read.requestNumber || one.filing.frame !== read.frame)
        return filedBefore()
      return step(one, command, { now: room.clock.now(), frame: frameOf(room, one.filing.frame), actor })
    },
    (before, after) => entriesOf(room, command, before, after, who),
    async (trx, after, append) => {
      await keepLetter(room, trx, id, bytes)
      await holdAll(room, trx, append, after)
    },
  )
}

/** Finds the request of an authority's number; null when there is none. */
export async function findByNumber(
  room: LawfulParties,
  frame: string,
  requestNumber: string,
): Promise<Held | null> {
  const row = await findRequest(room.db, numberHashOf(room, frame, requestNumber))
  return row === null ? null : openCase(room, row)
}

/** Keeps a letter, sealed under its digest. */
export async function keepLetter(
  room: LawfulParties,
  trx: Trx,
  id: string,
  bytes: Buffer | null,
): Promise<void> {
  if (bytes === null) return
  const digest = digestOf(bytes)
  const sealed = room.keys.sealer.seal('lawful-letter', `${id}:${digest}`, bytes)
  await insertLetter(trx, { request: id, digest, added_at: room.clock.now(), sealed })
}

/** A letter from base64: a PDF of at most 5 MB, or a refusal. */
export function readLetter(letter: string | null): Buffer | null | Refusal {
  if (letter === null) return null
  const bytes = Buffer.from(letter, 'base64')
  if (bytes.length <= LETTER_BYTES && bytes.subarray(0, 5).toString('latin1') === '%PDF-') return bytes
  return refuse('letter-wrong', 'The letter is no PDF of at most 5 MB.', 'Attach the signed letter as a PDF.')
}

/** What was sent, with numbers as E.164; nothing is looked up. */
function readFiling(room: LawfulParties, input: FilingInput): Filing | Refusal {
  if (!room.frames.some(({ id }) => id === input.frame))
    return wrong('frame', 'no requests of this legal frame are taken here')
  const identifiers = input.identifiers.map((one) => ({
    ...one,
    value: one.type === 'msisdn' ? (parseNumber(one.value, room.plan) ?? '') : one.value,
  }))
  const unreadable = identifiers.findIndex(({ value }) => value === '')
  if (unreadable !== -1) return wrong('identifiers', `number ${unreadable + 1} is no telephone number`)
  return { ...input, identifiers }
}

function wrong(field: string, why: string): Refusal {
  return refuse('filing-wrong', `${field}: ${why}.`, 'Correct it and file again.')
}

function filedBefore(): Refusal {
  return refuse(
    'filed-before',
    'A request with this number is filed already.',
    'Follow that one, or give this one its own number.',
  )
}

function received(room: LawfulParties, held: Held, who: By | null, actor: string, letter: string | null) {
  const { filing } = held.case
  const scope = askedScope(filing)
  return requestEntry(
    room,
    'request-received',
    held,
    { ...(who === null ? {} : { by: { ...who } }), filing: filingSays(held), letter },
    {
      at: held.case.receivedAt,
      actor,
      outcome: filing.preserveOnly ? 'preserve' : filing.urgency,
      counts: { numbers: numbersOf(scope), days: daysOf(scope) },
    },
  )
}

/** What is named is kept from the moment of receipt, whatever is ruled later. Gives nobody a right to look. */
async function holdAll(room: LawfulParties, trx: Trx, append: Append, held: Held): Promise<void> {
  const { filing, receivedAt } = held.case
  const { preserveDays } = frameOf(room, filing.frame).deadlines
  const numbers = filing.identifiers.filter(({ type }) => type === 'msisdn')
  for (const { value, from, until } of numbers)
    await placeHold(trx, {
      id: newId(room.random),
      subject: subjectOf(room.keys.prfKey(PSEUDONYM_KEY), value as E164),
      from,
      until,
      reason: 'lawful',
      ref: held.id,
      placedAt: receivedAt,
      endsAt: receivedAt + preserveDays * 86_400_000,
    })
  if (numbers.length > 0)
    await append(
      requestEntry(
        room,
        'hold-placed',
        held,
        { days: preserveDays },
        { at: receivedAt, counts: { holds: numbers.length } },
      ),
    )
}

function serialOf(room: LawfulParties, frame: string, now: number, n: number): string {
  const year = new Date(now + room.offsetMinutes * 60_000).getUTCFullYear()
  return `${frameOf(room, frame).countryCode}-${year}-${String(n).padStart(4, '0')}`
}
