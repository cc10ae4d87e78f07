import type { EntryDraft, JsonObject } from '../ledger/entry.ts'
import type { Opening } from '../ledger/receipt.ts'
import type { CareEntryBody, CareEntryKind } from './entries.ts'
import type { Actor } from './parties.ts'
import type { Contact, Look } from './store.ts'

/** Makes the desk's entries: what every one of them says, once. */

type Base = 'contact' | 'staff' | 'deskName' | 'office' | 'at' | 'channel' | 'confirmedByTelephony'
type OfLook = Base | 'grant' | 'purpose' | 'month' | 'tenure'

/** An entry about a contact. `by` when somebody else than its champion acts (a second clerk, a supervisor). */
export function contactEntry<K extends CareEntryKind>(
  kind: K,
  contact: Contact,
  at: number,
  says: Omit<CareEntryBody<K>, Base>,
  options: { outcome?: string; by?: Actor } = {},
): EntryDraft {
  return {
    kind,
    header: headerOf(contact, options.outcome),
    body: { ...baseOf(contact, at, options.by), ...says } as unknown as JsonObject,
    subject: contact.subject,
    actor: options.by?.id ?? contact.staff,
  }
}

/** An entry about a look; with `opening` a receipt can be had for it. */
export function lookEntry<K extends CareEntryKind>(
  kind: K,
  contact: Contact,
  look: Pick<Look, 'id' | 'purpose' | 'month' | 'tenure'>,
  at: number,
  says: Omit<CareEntryBody<K>, OfLook>,
  options: { outcome?: string; opening?: Opening; counts?: Record<string, number> } = {},
): EntryDraft {
  return {
    kind,
    header: {
      ...headerOf(contact, options.outcome),
      category: look.purpose,
      ...(options.counts === undefined ? {} : { counts: options.counts }),
    },
    body: {
      ...baseOf(contact, at),
      grant: look.id,
      purpose: look.purpose,
      month: look.month,
      tenure: look.tenure,
      ...says,
    } as unknown as JsonObject,
    subject: contact.subject,
    actor: contact.staff,
    ...(options.opening === undefined ? {} : { opening: options.opening }),
  }
}

function headerOf(contact: Contact, outcome?: string) {
  return {
    office: contact.office,
    withContact: !contact.breakGlass,
    ...(outcome === undefined ? {} : { outcome }),
  }
}

function baseOf(contact: Contact, at: number, by?: Actor): Pick<CareEntryBody<'contact-opened'>, Base> {
  return {
    contact: contact.id,
    staff: by?.id ?? contact.staff,
    deskName: by?.deskName ?? contact.deskName,
    office: by?.office ?? contact.office,
    at,
    channel: contact.breakGlass ? 'break-glass' : contact.channel,
    confirmedByTelephony: contact.confirmed,
  }
}
