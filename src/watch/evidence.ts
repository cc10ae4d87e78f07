import type { Access, CircleKind, Fact, Ground, Level } from './look.ts'
import { PairMap } from './pair-map.ts'
import {
  COMPLAINT_MS,
  CONTACT_EXPLAINS_MS,
  OWN_TICKET_MS,
  TICKET_EXPLAINS_MS,
  TICKET_MET_MS,
  TRANSFER_EXPLAINS_MS,
} from './rules.ts'

/**
 * What is known of customers and staff at a moment: who rang whom, which tickets are open, who belongs together. A
 * few numbers for each pair, customer and ticket, forgotten when they explain nothing any more. Pure.
 */

/** Names as whole numbers, so that pairs are numbers too. */
export class Names {
  readonly #numbers = new Map<string, number>()
  readonly #names: string[] = []

  constructor(names: readonly string[] = []) {
    for (const name of names) this.of(name)
  }

  of(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.#names.length)
    return this.#names.push(name) - 1
  }

  nameOf(number: number): string {
    return this.#names[number]!
  }

  all(): readonly string[] {
    return this.#names
  }
}

export interface Ticket {
  readonly subject: number
  readonly at: number
  readonly employee: number | null
  closedAt: number | null
  /** Whether its maker, or nobody but a machine, had heard from her within 72 hours before, or within an hour after. */
  met: boolean
}

/** What a look's ground is, besides its level. */
export interface GroundOfLook {
  readonly level: Level
  readonly ownTicket: boolean
  readonly ticketBrief: boolean
  readonly ticketAlone: boolean
  /** Nothing stands behind it but the looker: no ticket of a colleague's, and none for which she had been in touch. */
  readonly bare: boolean
  readonly othersContact: boolean | null
  /** How long ago a contact with anybody of the company was; null when there was none in 72 hours. */
  readonly contactAgo: number | null
}

/** What is known of one customer. */
interface Customer {
  /** When she was last heard from, and when a ticket of hers was last made, and which. */
  lastContact: number
  /** When a machine last took a contact of hers. */
  lastMachine: number
  lastTicketAt: number
  lastTicket: string
  account: number | null
  flagged: boolean
  complainedAt: number
  ties: number[]
}

const LONG_AGO = Number.NEGATIVE_INFINITY
/** Of whom nobody has told anything. */
const STRANGER: Readonly<Customer> = {
  lastContact: LONG_AGO,
  lastMachine: LONG_AGO,
  lastTicketAt: LONG_AGO,
  lastTicket: '',
  account: null,
  flagged: false,
  complainedAt: LONG_AGO,
  ties: [],
}

/** Everything of it as plain data, for a snapshot. */
export type EvidenceData = ReturnType<Evidence['data']>

export class Evidence {
  readonly #customers = new Map<number, Customer>()
  readonly #contacts: PairMap<{ at: number; ground: Ground }>
  readonly #contactIds: Map<string, { subject: number; at: number; ground: Ground }>
  readonly #accountContacts: PairMap<number>
  readonly #transfers: PairMap<number>
  readonly #circles: PairMap<CircleKind>
  readonly #lines: Map<number, number>
  readonly #tickets: Map<string, Ticket>
  readonly #names: Names
  readonly #told: ReadonlySet<Fact['kind']>

  constructor(names: Names, told: ReadonlySet<Fact['kind']>, data?: EvidenceData) {
    this.#names = names
    this.#told = told
    this.#contacts = new PairMap(data?.contacts)
    this.#contactIds = new Map(data?.contactIds)
    this.#accountContacts = new PairMap(data?.accountContacts)
    this.#transfers = new PairMap(data?.transfers)
    this.#circles = new PairMap(data?.circles)
    this.#lines = new Map(data?.lines)
    this.#tickets = new Map(data?.tickets)
    if (data !== undefined) this.#loadCustomers(data)
  }

  /** Takes in a fact; those about a look itself are not for here. */
  tell(fact: Fact): void {
    const names = this.#names
    switch (fact.kind) {
      case 'contact':
        this.#tellContact(fact)
        return
      case 'ticket':
        this.#tellTicket(fact)
        return
      case 'ticket-closed': {
        const ticket = this.#tickets.get(fact.id)
        if (ticket !== undefined) ticket.closedAt = fact.at
        return
      }
      case 'transfer':
        this.#transfers.set(names.of(fact.employee), names.of(fact.subject), fact.at)
        return
      case 'account':
        this.#customerOf(fact.subject).account = names.of(fact.account)
        return
      case 'tie':
        tie(this.#customerOf(fact.subject), names.of(fact.other))
        tie(this.#customerOf(fact.other), names.of(fact.subject))
        return
      case 'line':
        this.#lines.set(names.of(fact.employee), names.of(fact.subject))
        return
      case 'circle': {
        const [employee, subject] = [names.of(fact.employee), names.of(fact.subject)]
        if (fact.tie === null) this.#circles.delete(employee, subject)
        else this.#circles.set(employee, subject, fact.tie)
        return
      }
      case 'flag':
        this.#customerOf(fact.subject).flagged = true
        return
      case 'complaint':
        this.#customerOf(fact.subject).complainedAt = fact.at
        return
      case 'later':
      case 'verdict':
        return
    }
  }

  /** How well a look is explained at its moment. */
  groundOf(access: Access, employee: number, subject: number): GroundOfLook {
    const { at } = access
    const told = this.#told
    const customer = this.#customers.get(subject) ?? STRANGER
    const own = this.#contacts.get(employee, subject)
    const ticket = this.#ticketOf(access, subject, customer)
    const ownIs = own !== undefined && isWithin(own.at, at, CONTACT_EXPLAINS_MS)
    const heardOf = isWithin(customer.lastContact, at, CONTACT_EXPLAINS_MS)
    let level: Level = 0
    if (!told.has('contact') && access.contact !== undefined && access.contact !== null) level = 3
    else if (ownIs && own.ground === 'shown') level = 3
    else if (this.#isAccountOrTransfer(employee, subject, customer.account, at)) level = 2
    else if (ticket.there || ownIs || heardOf) level = 1
    const made = level <= 1 && ticket.made?.employee === employee ? ticket.made : undefined
    const ownTicket = made !== undefined && isWithin(made.at, at, OWN_TICKET_MS)
    return {
      level,
      ownTicket,
      ticketBrief: ownTicket && isBrief(made),
      ticketAlone: made !== undefined && told.has('contact') && !made.met && !ownTicket,
      bare: level <= 1 && !(ticket.there && (made === undefined || made.met)),
      othersContact: this.#othersContact(access, subject, customer.account),
      contactAgo: heardOf ? at - customer.lastContact : null,
    }
  }

  ticket(id: string): Ticket | undefined {
    return this.#tickets.get(id)
  }

  /** With whom a customer calls, in either direction. */
  tiesOf(subject: number): readonly number[] {
    return (this.#customers.get(subject) ?? STRANGER).ties
  }

  circleOf(employee: number, subject: number): CircleKind | null {
    return this.#circles.get(employee, subject) ?? null
  }

  /** Whether the employee's own number and this customer call each other; null where no such thing is told. */
  ownTie(employee: number, subject: number): boolean | null {
    const line = this.#lines.get(employee)
    if (!this.#told.has('tie') || line === undefined) return null
    return this.tiesOf(line).includes(subject)
  }

  complained(subject: number, at: number): boolean | null {
    if (!this.#told.has('complaint')) return null
    return isWithin((this.#customers.get(subject) ?? STRANGER).complainedAt, at, COMPLAINT_MS)
  }

  flagged(subject: number): boolean | null {
    return this.#told.has('flag') ? (this.#customers.get(subject) ?? STRANGER).flagged : null
  }

  /** Forgets what explains nothing any more. */
  forget(now: number): void {
    const since = now - CONTACT_EXPLAINS_MS
    this.#contacts.drop(({ at }) => at < since)
    this.#accountContacts.drop((at) => at < since)
    for (const [id, { at }] of this.#contactIds) if (at < since) this.#contactIds.delete(id)
    this.#transfers.drop((at) => at < now - TRANSFER_EXPLAINS_MS)
    for (const [id, { at }] of this.#tickets) if (at < now - TICKET_EXPLAINS_MS) this.#tickets.delete(id)
  }

  data() {
    const of = <T>(read: (customer: Customer) => T, none: T): [number, T][] =>
      [...this.#customers].flatMap(([subject, customer]) =>
        read(customer) === none ? [] : [[subject, read(customer)]],
      )
    return {
      contacts: this.#contacts.entries(),
      contactIds: [...this.#contactIds],
      accountContacts: this.#accountContacts.entries(),
      lastContact: of(({ lastContact }) => lastContact, LONG_AGO),
      lastMachine: of(({ lastMachine }) => lastMachine, LONG_AGO),
      tickets: [...this.#tickets],
      lastTicket: of(({ lastTicket }) => lastTicket, ''),
      transfers: this.#transfers.entries(),
      accounts: of(({ account }) => account, null) as [number, number][],
      ties: of(({ ties }) => ties, STRANGER.ties).filter(([, ties]) => ties.length > 0),
      lines: [...this.#lines],
      circles: this.#circles.entries(),
      flags: of(({ flagged }) => flagged, false).map(([subject]) => subject),
      complaints: of(({ complainedAt }) => complainedAt, LONG_AGO),
    }
  }

  #loadCustomers(data: EvidenceData): void {
    for (const [subject, at] of data.lastContact) this.#customerAt(subject).lastContact = at
    for (const [subject, at] of data.lastMachine) this.#customerAt(subject).lastMachine = at
    for (const [subject, id] of data.lastTicket) {
      const customer = this.#customerAt(subject)
      customer.lastTicket = id
      customer.lastTicketAt = this.#tickets.get(id)?.at ?? LONG_AGO
    }
    for (const [subject, account] of data.accounts) this.#customerAt(subject).account = account
    for (const [subject, ties] of data.ties) this.#customerAt(subject).ties = [...ties]
    for (const subject of data.flags) this.#customerAt(subject).flagged = true
    for (const [subject, at] of data.complaints) this.#customerAt(subject).complainedAt = at
  }

  #customerOf(subject: string): Customer {
    return this.#customerAt(this.#names.of(subject))
  }

  #customerAt(subject: number): Customer {
    const known = this.#customers.get(subject)
    if (known !== undefined) return known
    const made = { ...STRANGER, ties: [] }
    this.#customers.set(subject, made)
    return made
  }

  #tellContact({ subject: name, employee: who, id, ground, at }: Extract<Fact, { kind: 'contact' }>): void {
    const subject = this.#names.of(name)
    const customer = this.#customerAt(subject)
    customer.lastContact = at
    const employee = who === null ? null : this.#names.of(who)
    if (at - customer.lastTicketAt <= TICKET_MET_MS) {
      const ticket = this.#tickets.get(customer.lastTicket)
      if (ticket !== undefined && (employee === null || employee === ticket.employee)) ticket.met = true
    }
    if (id !== undefined) {
      const before = this.#contactIds.get(id)
      this.#contactIds.set(id, { subject, at, ground: before?.ground === 'shown' ? 'shown' : ground })
    }
    if (employee === null) {
      customer.lastMachine = at
      return
    }
    const before = this.#contacts.get(employee, subject)
    if (before === undefined) this.#contacts.set(employee, subject, { at, ground })
    else if (before.ground !== 'shown' || at - before.at > CONTACT_EXPLAINS_MS || ground !== 'said') {
      before.at = at
      before.ground = ground
    }
    if (customer.account !== null && ground === 'shown')
      this.#accountContacts.set(employee, customer.account, at)
  }

  #tellTicket({ subject: name, employee: who, id: named, at }: Extract<Fact, { kind: 'ticket' }>): void {
    const subject = this.#names.of(name)
    const employee = who === null ? null : this.#names.of(who)
    const customer = this.#customerAt(subject)
    const id = named ?? `${name} ${at}`
    const own = employee === null ? undefined : this.#contacts.get(employee, subject)
    const met =
      employee === null ||
      isWithin(Math.max(own?.at ?? LONG_AGO, customer.lastMachine), at, CONTACT_EXPLAINS_MS) ||
      this.#isAccountOrTransfer(employee, subject, customer.account, at)
    this.#tickets.set(id, { subject, at, employee, closedAt: null, met })
    customer.lastTicket = id
    customer.lastTicketAt = at
  }

  #isAccountOrTransfer(employee: number, subject: number, account: number | null, at: number): boolean {
    const mate = account === null ? undefined : this.#accountContacts.get(employee, account)
    const transfer = this.#transfers.get(employee, subject)
    return (
      (mate !== undefined && isWithin(mate, at, CONTACT_EXPLAINS_MS)) ||
      (transfer !== undefined && isWithin(transfer, at, TRANSFER_EXPLAINS_MS))
    )
  }

  #ticketOf(
    { at, ticket }: Access,
    subject: number,
    customer: Readonly<Customer>,
  ): { there: boolean; made: Ticket | undefined } {
    const named = ticket === null || ticket === undefined ? undefined : ticket
    if (named === undefined && !isWithin(customer.lastTicketAt, at, TICKET_EXPLAINS_MS)) return NO_TICKET
    const made = this.#tickets.get(named ?? customer.lastTicket)
    const fits = made !== undefined && made.subject === subject && isWithin(made.at, at, TICKET_EXPLAINS_MS)
    return {
      there: fits || (named !== undefined && !this.#told.has('ticket')),
      made: fits ? made : undefined,
    }
  }

  #othersContact({ contact: id }: Access, subject: number, account: number | null): boolean | null {
    if (id === undefined) return null
    const contact = id === null ? undefined : this.#contactIds.get(id)
    if (contact === undefined) return id === null ? false : this.#told.has('contact') ? false : null
    if (contact.subject === subject) return false
    return account === null || account !== (this.#customers.get(contact.subject) ?? STRANGER).account
  }
}

const NO_TICKET = { there: false, made: undefined }

/** Whether something was at most so long before, and not after. */
function isWithin(then: number, at: number, ms: number): boolean {
  return then <= at && at - then <= ms
}

function tie({ ties }: Customer, to: number): void {
  if (ties.length < MOST_TIES && !ties.includes(to)) ties.push(to)
}

/** A customer with more than so many others is no person. */
const MOST_TIES = 150

/** Whether a ticket lived for less than a minute. */
export function isBrief({ at, closedAt }: Ticket): boolean {
  return closedAt !== null && closedAt - at < 60_000
}
