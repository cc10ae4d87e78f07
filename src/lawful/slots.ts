import { encodeBase64 } from '../ledger/base64.ts'
import type { Append } from '../ledger/commit.ts'
import type { EntryId } from '../ledger/entry.ts'
import { vrfKeyOf } from '../ledger/subjects/ecvrf.ts'
import { proveLabel } from '../ledger/subjects/label.ts'
import { LABEL_PURPOSE } from '../ledger/subjects/labels.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Trx } from '../platform/database.ts'
import type { Subject } from '../vault/subject.ts'
import { type Held, type LawfulParties, requestEntry } from './parties.ts'
import { openTold } from './production.ts'
import { opensByCount } from './scope.ts'
import { readUntold, saveSlotOf } from './store.ts'

/**
 * Sealed slots: a disclosure under secrecy is in the ledger from its first day, one entry for each tenure. Its header says
 * until when at the latest she is not told, its sealed body whose it is, as her label in the map of subjects. No subject,
 * no tenure, no link: nothing leads from her to it, and nobody outside learns whose it is. When she is told, the entry
 * that tells her names its slot, so that anybody counts those that never opened, whatever else the operator wrote.
 */
export const SLOT_KIND = 'secrecy-slot'

/** Writes a slot for everybody whose log is handed over, in the transaction of the delivery. */
export async function sealSlots(room: LawfulParties, trx: Trx, append: Append, held: Held): Promise<void> {
  const { secrecyUntil } = held.case
  if (secrecyUntil === null) return
  for (const { tenure, sealed } of await readUntold(trx, held.id)) {
    const { subject } = openTold(room, held.id, tenure, sealed)
    const slot = await append(
      requestEntry(
        room,
        SLOT_KIND,
        held,
        { label: await labelOf(room, subject as Subject, tenure) },
        { at: room.clock.now(), counts: { opensBy: opensByCount(secrecyUntil) } },
      ),
    )
    await saveSlotOf(trx, held.id, tenure, slot)
  }
}

/** Where a slot stands; null where there is none, or its texts were lost in a restore: she is told all the same. */
export async function slotAt({ ledger }: Pick<LawfulParties, 'ledger'>, slot: string | null) {
  if (slot === null) return null
  try {
    return await ledger.indexOf(slot as EntryId)
  } catch (error) {
    if (error instanceof CodedError && error.code === 'entry-unknown') return null
    throw error
  }
}

/** The label of a tenure, as the map of subjects has it; null where nobody holds the number so any more. */
async function labelOf(room: LawfulParties, subject: Subject, tenure: string): Promise<string | null> {
  const holders = await room.customers.holders(room.db, subject)
  const ordinal = holders.findIndex((one) => one.tenure === tenure) + 1
  const number = holders[ordinal - 1]?.number
  if (number === undefined) return null
  const key = vrfKeyOf(new Uint8Array(room.keys.prfKey(LABEL_PURPOSE)))
  return encodeBase64(proveLabel(key, { number, ordinal }).label)
}
