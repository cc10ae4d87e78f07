import { type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { policyOf, subscriberOf } from './contact-view.ts'
import type { Door } from './grant-rules.ts'
import type { LoadedLook } from './look-cache.ts'
import { doorOf } from './look-view.ts'
import type { CareRoom, On } from './parties.ts'
import { contactOver, isOver } from './rules.ts'
import { type Contact, readContact, readLook } from './store.ts'

/** Loading what a request is about, and asking the policy whether this person may. */

/** A contact that this person holds and that is not over, or why not. `lock` inside a transaction. */
export async function holdContact(
  room: CareRoom,
  on: On,
  staff: StaffFacts,
  id: string,
  action: string,
  options: { lock?: boolean } = {},
): Promise<Contact | Refusal> {
  const contact = await readContact(on, id, options)
  if (contact === null) return contactNotFound()
  if (contact.staff !== staff.id)
    return refuse('contact-not-yours', 'Somebody else has this contact.', 'Open one of your own.')
  const over = isOver(contact.state) || (await isIdle(room, contact))
  if (over) return contactOver()
  return mayWith(room, staff, contact, action) ?? contact
}

/** What the policy says about an action with this customer; null when allowed. */
export function mayWith(room: CareRoom, staff: StaffFacts, contact: Contact, action: string): Refusal | null {
  return room.staff.policy.decide({
    staff,
    action,
    resource: {
      type: 'Contact',
      id: contact.id,
      attributes: {
        channel: contact.channel,
        circle: contact.circle,
        colleagueTeam: contact.colleagueTeam,
        holder: contact.staff,
        referredFromTeam: contact.referredFromTeam,
        needsShopDevice: contact.channel === 'shop' && contact.shop !== null,
      },
    },
  })
}

/** A look with its contact and customer if `door` is open to this person now and the policy allows, or why not. */
export async function openDoor(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  door: Door,
  action: string,
): Promise<LoadedLook | Refusal> {
  const loaded = await room.looks.get(id)
  if (loaded === null) return grantNotFound()
  const now = room.clock.now()
  const refusal = doorOf(loaded, door, staff.id, now)
  if (refusal !== null) return refusal
  if (isOver(loaded.contact.state)) return contactOver()
  return mayWith(room, staff, loaded.contact, action) ?? loaded
}

/** Reads a look with its contact and customer, its row order opened; the cache's way to the database. */
export async function loadLook(room: CareRoom, on: On, id: string): Promise<LoadedLook | null> {
  const look = await readLook(on, id)
  if (look === null) return null
  const contact = await readContact(on, look.contact)
  if (contact === null) return null
  const rowOrder =
    look.rowOrder === null ? null : room.keys.sealer.open('care-row-order', look.id, look.rowOrder)
  return { look: { ...look, rowOrder }, contact, subscriber: await subscriberOf(room, on, contact) }
}

/** Says that a contact does not exist. */
export function contactNotFound(): Refusal {
  return refuse('contact-not-found', 'There is no such contact.', 'Go back to your contacts.')
}

/** Says that a look does not exist. */
export function grantNotFound(): Refusal {
  return refuse('grant-not-found', 'There is no such look.', 'Go back to the contact.')
}

async function isIdle(room: CareRoom, contact: Contact): Promise<boolean> {
  const { rules } = await policyOf(room, contact)
  return room.clock.now() - contact.activeAt >= rules.idleMinutes * 60_000
}
