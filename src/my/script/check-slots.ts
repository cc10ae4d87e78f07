import type { AuthorityDisclosure } from '../../lawful/disclosure.ts'
import { encodeBase64 } from '../../ledger/base64.ts'
import type { VerifiedEntry } from '../../ledger/tlog-proof.ts'
import { CodedError } from '../../platform/coded-error.ts'

/**
 * - `slot-missing`: what stood sealed for a disclosure is not shown, or is something else
 * - `slot-of-another`: it was sealed for another number or holder
 * - `slot-twice`: one sealed entry is opened by two disclosures
 * - `slot-dates`: it was sealed at another time than the disclosure says that it was given
 */
export type SlotFault = 'slot-missing' | 'slot-of-another' | 'slot-twice' | 'slot-dates'

const SLOT_KIND = 'secrecy-slot'
/** Delivery and sealing are one transaction. */
const HOUR_MS = 3_600_000

/**
 * Checks that every disclosure of the chain that was kept secret opens the sealed entry that stood for it, committed to
 * her own label from the day of the delivery on.
 * @param slots entries of the ledger, verified.
 * @param label hers in the map of subjects, proven.
 * @returns how many were sealed.
 * @throws CodedError of the first that does not hold
 */
export function requireSlots(
  disclosures: readonly VerifiedEntry[],
  slots: readonly VerifiedEntry[],
  label: Uint8Array,
): number {
  const opened = new Set<number>()
  for (const disclosure of disclosures) {
    const at = slotOf(disclosure)
    if (at === undefined) continue
    if (opened.has(at)) throw fault('slot-twice', 'two disclosures open one sealed entry')
    opened.add(at)
    requireSlot(
      disclosure,
      slots.find(({ index }) => index === at),
      label,
    )
  }
  return opened.size
}

/** The index of the sealed entry that stood for a disclosure; undefined where nothing was kept secret. */
function slotOf({ header, body }: VerifiedEntry): number | undefined {
  const counted = header.counts?.slot
  // Words that were erased say nothing any more; the header still does.
  if (body !== null && (body.says as { slot?: number }).slot !== counted)
    throw fault('slot-missing', 'header and body name different sealed entries')
  return counted
}

function requireSlot(disclosure: VerifiedEntry, slot: VerifiedEntry | undefined, label: Uint8Array): void {
  const isSlot =
    slot?.header.kind === SLOT_KIND &&
    slot.body !== null &&
    slot.index < disclosure.index &&
    slot.header.counts?.opensBy !== undefined
  if (!isSlot) throw fault('slot-missing', 'there is no sealed entry that stood for a disclosure')
  const { at, says } = slot.body!
  if (says.label !== encodeBase64(label))
    throw fault('slot-of-another', 'the sealed entry is committed to another label')
  const said = disclosure.body?.says as AuthorityDisclosure | undefined
  const ofAnother = said !== undefined && says.request !== said.request
  if (ofAnother || slot.header.caseSerial !== disclosure.header.caseSerial)
    throw fault('slot-missing', 'the sealed entry is of another request')
  if (said !== undefined && Math.abs(at - said.deliveredAt) > HOUR_MS)
    throw fault('slot-dates', 'the sealed entry is of another time than the delivery')
}

function fault(code: SlotFault, what: string): CodedError<SlotFault> {
  return new CodedError(code, what)
}
