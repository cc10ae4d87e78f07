import type { CareDesk } from '../care/desk.ts'
import type { LookAsked } from '../care/grant.ts'
import type { BillViewData, RowsViewData } from '../care/look-schemas.ts'
import type { ContactRequest } from '../care/open-contact.ts'
import type { Resolution } from '../care/schemas.ts'
import { commitWith } from '../ledger/commit.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffRoom } from '../staff/room.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { ClientParties } from './clients.ts'
import { type Client, noteContact, openedBy } from './store.ts'

/** A contact as a CRM may hold it: where it stands, and where its page is. Nobody's name, number or record. */
export interface ContactHeld {
  readonly contact: string
  readonly state: string
  readonly link: string
}

/** Who asks: a client, in the name of an employee by desk name. */
export interface Asker {
  readonly client: Client
  readonly employee: string | undefined
}

/**
 * What a CRM may do in an employee's name. The employee named must be signed in here now, and the care desk decides as
 * if they had asked themselves: on shift, trained, not their own circle, on the shop's device. So a client's secret
 * alone opens nothing: somebody who may look has to be there.
 */
export interface CrmDesk {
  openContact(asker: Asker, request: ContactRequest): Promise<ContactHeld | Refusal>
  contact(asker: Asker, id: string): Promise<ContactHeld | Refusal>
  askForLook(
    asker: Asker,
    id: string,
    asked: LookAsked,
  ): Promise<(ContactHeld & { grant: string; endsAt: number }) | Refusal>
  close(
    asker: Asker,
    id: string,
    closing: { resolution: Resolution; note: string },
  ): Promise<ContactHeld | Refusal>
  /** The bill of a grant: one reveal. Without a grant: no, and an entry. */
  bill(asker: Asker, grant: string | undefined): Promise<BillViewData | Refusal>
  /** One page of masked rows: one reveal each. */
  rows(asker: Asker, grant: string | undefined, page: number): Promise<RowsViewData | Refusal>
}

export interface CrmParties extends ClientParties {
  readonly care: CareDesk
  readonly staff: Pick<StaffRoom, 'sessions' | 'duty'>
  readonly publicUrl: string
}

/** The use cases over these parties. */
export function createCrmDesk(parties: CrmParties): CrmDesk {
  const { care, db, clock, publicUrl } = parties
  const held = (contact: { id: string; state: string }): ContactHeld => ({
    contact: contact.id,
    state: contact.state,
    link: `${publicUrl}/care/contacts/${contact.id}`,
  })
  return {
    openContact: (asker, request) =>
      as(parties, asker, { what: 'open-contact' }, async (staff) => {
        const contact = await care.openContact(staff, request)
        if (isRefusal(contact)) return contact
        const note = { contact: contact.id, client: asker.client.id, staff: staff.id, at: clock.now() }
        await noteContact(db, note)
        return held(contact)
      }),
    contact: (asker, id) =>
      as(parties, asker, { what: 'see-contact', contact: id }, async (staff) => {
        const contact = await care.contact(staff, id)
        return isRefusal(contact) ? contact : held(contact)
      }),
    askForLook: (asker, id, asked) =>
      as(parties, asker, { what: 'get-grant', contact: id }, async (staff) => {
        const look = await care.askForLook(staff, id, asked)
        if (isRefusal(look)) return look
        return { ...held(look.contact), grant: look.look.id, endsAt: look.look.endsAt }
      }),
    close: (asker, id, closing) =>
      as(parties, asker, { what: 'close-contact', contact: id }, async (staff) => {
        const contact = await care.closeContact(staff, id, closing)
        return isRefusal(contact) ? contact : held(contact)
      }),
    bill: (asker, grant) =>
      withGrant(parties, asker, grant, 'see-bill', (staff, id) => care.openBill(staff, id)),
    rows: (asker, grant, page) =>
      withGrant(parties, asker, grant, 'see-rows', (staff, id) => care.openRows(staff, id, page)),
  }
}

/** Runs `act` as the employee, once it is on record that this client asked in their name. */
async function as<T>(
  parties: CrmParties,
  asker: Asker,
  asked: { what: string; contact?: string; grant?: string },
  act: (staff: StaffFacts) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  const staff = await namedEmployee(parties, asker)
  if (isRefusal(staff)) return staff
  const { contact } = asked
  if (contact !== undefined && !(await openedBy(parties.db, contact, asker.client.id, staff.id)))
    return refuse('contact-not-found', 'There is no such contact.', 'Open one first.')
  await enter(parties, asker, { ...asked, staff })
  return act(staff)
}

/** As `as`, for what a grant opens, where its contact is one that this client opened in this person's name. */
async function withGrant<T>(
  parties: CrmParties,
  asker: Asker,
  grant: string | undefined,
  what: string,
  act: (staff: StaffFacts, grant: string) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  if (grant === undefined) {
    await enter(parties, asker, { what, staff: null })
    return refuse(
      'grant-needed',
      'Records are shown on a grant only.',
      'Open a contact, verify the customer, ask for a look, and name its grant in X-View-Grant.',
    )
  }
  return as(parties, asker, { what, grant }, async (staff) => {
    const look = await parties.care.look(staff, grant)
    if (isRefusal(look)) return look
    const own = await openedBy(parties.db, look.contact.id, asker.client.id, staff.id)
    if (!own) return refuse('grant-not-found', 'There is no such look.', 'Open a contact first.')
    return act(staff, grant)
  })
}

async function namedEmployee({ staff }: CrmParties, { employee }: Asker): Promise<StaffFacts | Refusal> {
  const named = employee === undefined ? null : await staff.duty.findByDeskName(employee)
  const facts = named === null ? null : await staff.sessions.factsOf(named.id)
  // The same answer for nobody, somebody else's name and somebody who is out: a client learns nothing of who is in.
  if (facts === null || facts.status !== 'active')
    return refuse(
      'employee-not-here',
      'The employee named is not signed in here.',
      'Name in Countersign-Employee, by desk name, who is signed in at the console.',
    )
  return facts
}

async function enter(
  { db, ledger }: CrmParties,
  { client, employee }: Asker,
  asked: { what: string; contact?: string; grant?: string; staff: StaffFacts | null },
): Promise<void> {
  const { what, contact, grant, staff } = asked
  await commitWith(db, ledger, (_trx, append) =>
    append({
      kind: staff === null ? 'client-refused' : 'client-asked',
      header: {
        ...(staff === null ? { outcome: 'grant-needed' } : { office: staff.office }),
        category: what,
      },
      body: {
        client: client.id,
        named: client.name,
        employee: /^[A-Z]-[0-9]{1,6}$/.test(employee ?? '') ? (employee as string) : '',
        ...(contact === undefined ? {} : { contact }),
        ...(grant === undefined ? {} : { grant }),
      },
      actor: staff?.id ?? null,
    }),
  )
}
