import type { Access, CircleKind, Fact, Ground, Level } from './look.ts'
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

/** A pair of names as one number: room for 2^24 of the first and 2^28 of the second. */
export function pairOf(first: number, second: number): number {
  return first * 2 ** 28 + second
}

export interface Ticket {
  readonly subject: number
  readonly at: number
  readonly employee: number | null
  closedAt: number | null
  /** Whether anybody had heard from her within 72 hours before it was made, or within an hour after. */
  met: boolean
}

/** What a look's ground is, besides its level. */
export interface GroundOfLook {
  readonly level: Level
  readonly ownTicket: boolean
  readonly ticketBrief: boolean
  readonly ticketAlone: boolean
  readonly othersContact: boolean | null
  /** How long ago a contact with anybody of the company was; null when there was none in 72 hours. */
  readonly contactAgo: number | null
}

/** Everything of it as plain data, for a snapshot. */
export type EvidenceData = ReturnType<Evidence['data']>

export class Evidence {
  readonly contacts = new Map<number, { at: number; ground: Ground }>()
  readonly contactIds = new Map<string, { subject: number; at: number; ground: Ground }>()
  readonly accountContacts = new Map<number, number>()
  readonly lastContact = new Map<number, number>()
  readonly tickets = new Map<string, Ticket>()
  readonly lastTicket = new Map<number, string>()
  readonly transfers = new Map<number, number>()
  readonly accounts = new Map<number, number>()
  readonly ties = new Map<number, number[]>()
  readonly lines = new Map<number, number>()
  readonly circles = new Map<number, CircleKind>()
  readonly flags = new Set<number>()
  readonly complaints = new Map<number, number>()
  readonly #names: Names
  readonly #told: ReadonlySet<Fact['kind']>

  constructor(names: Names, told: ReadonlySet<Fact['kind']>, data?: EvidenceData) {
    this.#names = names
    this.#told = told
    if (data !== undefined) this.#load(data)
  }

  /** Takes in a fact; those about a look itself are not for here. */
  tell(fact: Fact): void {
    const names = this.#names
    switch (fact.kind) {
      case 'contact':
        this.#tellContact(fact)
        return
      case 'ticket': {
        const subject = names.of(fact.subject)
        const employee = fact.employee === null ? null : names.of(fact.employee)
        const id = fact.id ?? `${fact.subject} ${fact.at}`
        const last = this.lastContact.get(subject)
        const met = last !== undefined && fact.at - last <= CONTACT_EXPLAINS_MS
        this.tickets.set(id, { subject, at: fact.at, employee, closedAt: null, met })
        this.lastTicket.set(subject, id)
        return
      }
      case 'ticket-closed': {
        const ticket = this.tickets.get(fact.id)
        if (ticket !== undefined) ticket.closedAt = fact.at
        return
      }
      case 'transfer':
        this.transfers.set(pairOf(names.of(fact.employee), names.of(fact.subject)), fact.at)
        return
      case 'account':
        this.accounts.set(names.of(fact.subject), names.of(fact.account))
        return
      case 'tie':
        this.#tie(names.of(fact.subject), names.of(fact.other))
        this.#tie(names.of(fact.other), names.of(fact.subject))
        return
      case 'line':
        this.lines.set(names.of(fact.employee), names.of(fact.subject))
        return
      case 'circle': {
        const pair = pairOf(names.of(fact.employee), names.of(fact.subject))
        if (fact.tie === null) this.circles.delete(pair)
        else this.circles.set(pair, fact.tie)
        return
      }
      case 'flag':
        this.flags.add(names.of(fact.subject))
        return
      case 'complaint':
        this.complaints.set(names.of(fact.subject), fact.at)
        return
      case 'later':
      case 'verdict':
        return
    }
  }

  /** How well a look is explained at its moment. */
  groundOf(access: Access, employee: number, subject: number): GroundOfLook {
    const { at } = access
    const within = (then: number | undefined, ms: number) =>
      then !== undefined && then <= at && at - then <= ms
    const pair = pairOf(employee, subject)
    const own = this.contacts.get(pair)
    const account = this.accounts.get(subject)
    const mate = account === undefined ? undefined : this.accountContacts.get(pairOf(employee, account))
    const last = this.lastContact.get(subject)
    const ticket = this.#ticketOf(access, subject)
    const ownIs = own !== undefined && within(own.at, CONTACT_EXPLAINS_MS)
    const level = (): Level => {
      if (!this.#told.has('contact') && access.contact !== undefined && access.contact !== null) return 3
      if (ownIs && own.ground === 'shown') return 3
      if (within(mate, CONTACT_EXPLAINS_MS) || within(this.transfers.get(pair), TRANSFER_EXPLAINS_MS))
        return 2
      if (ticket.there || ownIs || within(last, CONTACT_EXPLAINS_MS)) return 1
      return 0
    }
    const found = level()
    const ownTicket =
      found <= 1 && ticket.made?.employee === employee && within(ticket.made.at, OWN_TICKET_MS)
    return {
      level: found,
      ownTicket,
      ticketBrief: ownTicket && isBrief(ticket.made!),
      ticketAlone:
        found <= 1 &&
        this.#told.has('contact') &&
        ticket.made?.employee === employee &&
        !ticket.made.met &&
        !ownTicket,
      othersContact: this.#othersContact(access, subject),
      contactAgo: within(last, CONTACT_EXPLAINS_MS) ? at - last! : null,
    }
  }

  circleOf(employee: number, subject: number): CircleKind | null {
    return this.circles.get(pairOf(employee, subject)) ?? null
  }

  /** Whether the employee's own number and this customer call each other; null where no such thing is told. */
  ownTie(employee: number, subject: number): boolean | null {
    const line = this.lines.get(employee)
    if (!this.#told.has('tie') || line === undefined) return null
    return this.ties.get(line)?.includes(subject) ?? false
  }

  complained(subject: number, at: number): boolean | null {
    if (!this.#told.has('complaint')) return null
    const then = this.complaints.get(subject)
    return then !== undefined && then <= at && at - then <= COMPLAINT_MS
  }

  flagged(subject: number): boolean | null {
    return this.#told.has('flag') ? this.flags.has(subject) : null
  }

  /** Forgets what explains nothing any more. */
  forget(now: number): void {
    dropOlder(this.contacts, now - CONTACT_EXPLAINS_MS, ({ at }) => at)
    dropOlder(this.contactIds, now - CONTACT_EXPLAINS_MS, ({ at }) => at)
    dropOlder(this.accountContacts, now - CONTACT_EXPLAINS_MS, (at) => at)
    dropOlder(this.lastContact, now - CONTACT_EXPLAINS_MS, (at) => at)
    dropOlder(this.tickets, now - TICKET_EXPLAINS_MS, ({ at }) => at)
    for (const [subject, id] of this.lastTicket) if (!this.tickets.has(id)) this.lastTicket.delete(subject)
    dropOlder(this.transfers, now - TRANSFER_EXPLAINS_MS, (at) => at)
    dropOlder(this.complaints, now - COMPLAINT_MS, (at) => at)
  }

  data() {
    return {
      contacts: [...this.contacts],
      contactIds: [...this.contactIds],
      accountContacts: [...this.accountContacts],
      lastContact: [...this.lastContact],
      tickets: [...this.tickets],
      lastTicket: [...this.lastTicket],
      transfers: [...this.transfers],
      accounts: [...this.accounts],
      ties: [...this.ties],
      lines: [...this.lines],
      circles: [...this.circles],
      flags: [...this.flags],
      complaints: [...this.complaints],
    }
  }

  #load(data: EvidenceData): void {
    for (const name of Object.keys(data) as (keyof EvidenceData)[]) {
      if (name === 'flags') for (const subject of data.flags) this.flags.add(subject)
      else for (const [key, value] of data[name]) (this[name] as Map<unknown, unknown>).set(key, value)
    }
  }

  #tellContact(fact: Extract<Fact, { kind: 'contact' }>): void {
    const subject = this.#names.of(fact.subject)
    this.lastContact.set(subject, fact.at)
    const ticket = this.tickets.get(this.lastTicket.get(subject) ?? '')
    if (ticket !== undefined && fact.at - ticket.at <= TICKET_MET_MS) ticket.met = true
    const { ground, at } = fact
    if (fact.id !== undefined) {
      const before = this.contactIds.get(fact.id)
      this.contactIds.set(fact.id, { subject, at, ground: before?.ground === 'shown' ? 'shown' : ground })
    }
    if (fact.employee === null) return
    const employee = this.#names.of(fact.employee)
    const pair = pairOf(employee, subject)
    const before = this.contacts.get(pair)
    const stays = before?.ground === 'shown' && at - before.at <= CONTACT_EXPLAINS_MS && ground === 'said'
    if (!stays) this.contacts.set(pair, { at, ground })
    const account = this.accounts.get(subject)
    if (account !== undefined && ground === 'shown') this.accountContacts.set(pairOf(employee, account), at)
  }

  #ticketOf(access: Access, subject: number): { there: boolean; made: Ticket | undefined } {
    const named = access.ticket === null || access.ticket === undefined ? undefined : access.ticket
    const made = this.tickets.get(named ?? this.lastTicket.get(subject) ?? '')
    const fits =
      made !== undefined &&
      made.subject === subject &&
      made.at <= access.at &&
      access.at - made.at <= TICKET_EXPLAINS_MS
    return {
      there: fits || (named !== undefined && !this.#told.has('ticket')),
      made: fits ? made : undefined,
    }
  }

  #othersContact(access: Access, subject: number): boolean | null {
    if (access.contact === undefined) return null
    const contact = access.contact === null ? undefined : this.contactIds.get(access.contact)
    if (contact === undefined)
      return access.contact === null ? false : this.#told.has('contact') ? false : null
    if (contact.subject === subject) return false
    const account = this.accounts.get(subject)
    return account === undefined || account !== this.accounts.get(contact.subject)
  }

  #tie(from: number, to: number): void {
    const ties = this.ties.get(from)
    if (ties === undefined) this.ties.set(from, [to])
    else if (ties.length < MOST_TIES && !ties.includes(to)) ties.push(to)
  }
}

/** A customer with more than so many others is no person. */
const MOST_TIES = 150

/** Whether a ticket lived for less than a minute. */
export function isBrief({ at, closedAt }: Ticket): boolean {
  return closedAt !== null && closedAt - at < 60_000
}

function dropOlder<K, V>(map: Map<K, V>, before: number, atOf: (value: V) => number): void {
  for (const [key, value] of map) if (atOf(value) < before) map.delete(key)
}
