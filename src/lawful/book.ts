import { createHmac } from 'node:crypto'
import type { Append } from '../ledger/commit.ts'
import { commitWith } from '../ledger/commit.ts'
import type { EntryDraft } from '../ledger/entry.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Held, LawfulParties } from './parties.ts'
import type { Case } from './request.ts'
import { type RequestRow, readRequest, saveRequest } from './store.ts'

/** How requests are kept: the rules' whole case, sealed under the request's own name. */

const PURPOSE = 'lawful-request'

/** A case, sealed. */
export function sealCase(room: LawfulParties, id: string, one: Case): Buffer {
  return room.keys.sealer.seal(PURPOSE, id, Buffer.from(JSON.stringify(one)))
}

/** A row, opened. */
export function openCase(room: { readonly keys: { readonly sealer: Sealer } }, row: RequestRow): Held {
  const one = JSON.parse(room.keys.sealer.open(PURPOSE, row.id, row.sealed).toString('utf8')) as Case
  // A case that was sealed before emergencies were reviewed says nothing of it.
  return { id: row.id, serial: row.serial, case: { ...one, afterReview: one.afterReview ?? null } }
}

/** The authority's number of a request, as a keyed hash. */
export function numberHashOf(room: LawfulParties, frame: string, requestNumber: string): string {
  const key = room.keys.prfKey('lawful-number')
  return createHmac('sha256', key).update(`${frame}\0${requestNumber}`).digest('hex').slice(0, 32)
}

/** One request, opened. */
export async function loadRequest(room: LawfulParties, db: Db | Trx, id: string): Promise<Held | Refusal> {
  const row = await readRequest(db, id)
  return row === null ? requestNotFound() : openCase(room, row)
}

/**
 * Moves a request in one transaction with its entries: holds the row, asks `decide`, saves what it says, appends the
 * entries of `tell`, and lets `also` write what belongs to it.
 */
export async function moveRequest(
  room: LawfulParties,
  id: string,
  decide: (held: Held) => Case | Refusal,
  tell: (before: Held, after: Held) => readonly EntryDraft[],
  also: (trx: Trx, after: Held, append: Append) => Promise<void> = async () => {},
): Promise<Held | Refusal> {
  return commitWith<Held | Refusal>(room.db, room.ledger, async (trx, append) => {
    const row = await readRequest(trx, id, true)
    if (row === null) return requestNotFound()
    const before = openCase(room, row)
    const next = decide(before)
    if (isRefusal(next)) return next
    const after = { ...before, case: next }
    await saveRequest(trx, id, {
      state: next.state,
      received_at: next.receivedAt,
      sealed: sealCase(room, id, next),
      ...(next.state === before.case.state ? {} : { alarmed: [] }),
    })
    for (const draft of tell(before, after)) await append(draft)
    await also(trx, after, append)
    return after
  })
}

/** No such request; the same words for one that is not yours to see. */
export function requestNotFound(): Refusal {
  return refuse('request-not-found', 'There is no such request.', 'Go back to the list.')
}
