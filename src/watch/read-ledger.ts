import { createHash } from 'node:crypto'
import type { JsonObject, StoredEntry } from '../ledger/entry.ts'
import type { Access, CircleKind, Fact, Later } from './look.ts'

/**
 * Reads the ledger as a log of accesses: which entries are looks, which are facts about them. A typed number or a
 * chosen channel proves nothing, so a contact explains a look only when the telephone exchange named it or the
 * customer passed a factor herself; one clerk's word about a photo ID is a word. Pure; all it remembers is in `data`.
 */
export type Step =
  | { readonly do: 'tell'; readonly fact: Fact }
  | { readonly do: 'score'; readonly access: Access; readonly look: LookFacts }
  | { readonly do: 'settle'; readonly look: string; readonly verdict: 'fine' | 'coaching' | 'incident' }

/** What the page says of a look besides its scores. */
export interface LookFacts {
  readonly entry: number
  readonly deskName: string
  readonly supervisor: boolean
  readonly team: string
  readonly month: string
  readonly purpose: string
  readonly channel: string
}

interface Contact {
  readonly at: number
  readonly subject: string
  ticket: string | null
  grants: string[]
}

interface Grant {
  readonly at: number
  readonly contact: string
  readonly subject: string
  readonly days: readonly string[]
  readonly brokenGlass: boolean
  /** When it first opened something; null until then. */
  openedAt: number | null
  rows: number
  beyond: number
  matches: number
  unmasked: number
}

interface Person {
  deskName: string
  roles: string[]
  team: string
  /** Working outside planned hours, with leave, until then. */
  offShiftUntil: number
}

export interface LedgerReaderData {
  readonly contacts: readonly (readonly [string, Contact])[]
  readonly grants: readonly (readonly [string, Grant])[]
  readonly people: readonly (readonly [string, Person])[]
  readonly off: readonly string[]
}

/** Which kinds of fact a ledger tells: who calls whom is not among them, and logs are not opened to learn it. */
export const LEDGER_TELLS: ReadonlySet<Fact['kind']> = new Set([
  'contact',
  'ticket',
  'circle',
  'later',
  'verdict',
])

const DAY_MS = 86_400_000
const KEPT_MS = 60 * DAY_MS
const SHOWN_BY = new Set(['network-call', 'sms-code', 'pin', 'passphrase', 'call-back', 'passkey'])
const OPENS = new Set(['reveal', 'match', 'unmask', 'statement'])

export class LedgerReader {
  readonly #contacts: Map<string, Contact>
  readonly #grants: Map<string, Grant>
  readonly #people: Map<string, Person>
  readonly #off: Set<string>
  readonly #offsetMinutes: number

  constructor(options: { offsetMinutes: number; from?: LedgerReaderData }) {
    this.#offsetMinutes = options.offsetMinutes
    this.#contacts = new Map(options.from?.contacts)
    this.#grants = new Map(options.from?.grants)
    this.#people = new Map(options.from?.people)
    this.#off = new Set(options.from?.off)
  }

  data(): LedgerReaderData {
    return {
      contacts: [...this.#contacts],
      grants: [...this.#grants],
      people: [...this.#people],
      off: [...this.#off],
    }
  }

  /** What an entry says, in the order in which scoring is to hear it. An erased body says nothing any more. */
  read(entry: StoredEntry): Step[] {
    const { body, kind } = entry
    if (body === null) return []
    if (OPENS.has(kind)) return this.#reveal(entry, body)
    switch (kind) {
      case 'contact-opened':
        return this.#contactOpened(entry, body)
      case 'contact-verified':
        return this.#contactVerified(entry, body)
      case 'contact-closed':
        return this.#contactClosed(entry, body)
      case 'grant':
        return this.#grant(entry, body)
      case 'disclosure':
        return this.#disclosure(entry, body)
      case 'grant-ended':
        return this.#grantEnded(entry, body)
      case 'break-glass':
        return this.#breakGlass(entry, body)
      case 'report-filed':
        return [later(entry.at, text(body.grant), { denied: true })]
      case 'report-answered':
        return body.finding === 'unfounded' ? [later(entry.at, text(body.grant), { denied: false })] : []
      case 'look-acknowledged':
        return [later(entry.at, text(body.grant), { acknowledged: true })]
      case 'watch-justified':
        return [later(entry.at, text(body.look), { justified: true })]
      case 'watch-verdict':
        return (body.looks as string[]).map((look) => ({
          do: 'settle' as const,
          look,
          verdict: body.verdict as 'fine',
        }))
      default:
        return this.#aboutPeople(entry, body)
    }
  }

  #contactOpened({ at, subject }: StoredEntry, body: JsonObject): Step[] {
    const ticket = typeof body.ticket === 'string' ? body.ticket : null
    this.#forget(at)
    this.#contacts.set(text(body.contact), { at, subject: text(subject), ticket, grants: [] })
    const facts: Fact[] = []
    if (ticket !== null)
      facts.push({ kind: 'ticket', at, subject: text(subject), employee: null, id: ticket })
    if (body.channel !== 'break-glass')
      facts.push({
        kind: 'contact',
        at,
        subject: text(subject),
        employee: text(body.staff),
        id: text(body.contact),
        ground: body.confirmedByTelephony === true ? 'shown' : 'said',
      })
    return facts.map((fact) => ({ do: 'tell', fact }))
  }

  #contactVerified({ at, subject, actor }: StoredEntry, body: JsonObject): Step[] {
    if (body.passed !== true) return []
    const contact = this.#contacts.get(text(body.contact))
    const alone = body.factor === 'photo-id' && typeof body.second !== 'object'
    if (contact === undefined || alone || !(SHOWN_BY.has(text(body.factor)) || body.factor === 'photo-id'))
      return []
    const fact: Fact = {
      kind: 'contact',
      at,
      subject: text(subject),
      employee: text(body.staff ?? actor),
      id: text(body.contact),
      ground: 'shown',
    }
    return [{ do: 'tell', fact }]
  }

  #grant({ at, subject }: StoredEntry, body: JsonObject): Step[] {
    this.#grants.set(text(body.grant), {
      at,
      contact: text(body.contact),
      subject: text(subject),
      days: body.days as string[],
      brokenGlass: body.brokenGlass === true,
      openedAt: null,
      rows: 0,
      beyond: 0,
      matches: 0,
      unmasked: 0,
    })
    this.#contacts.get(text(body.contact))?.grants.push(text(body.grant))
    return []
  }

  /** The first reveal of a grant makes it a look; a reveal whose disclosure never came counts all the same. */
  #reveal(entry: StoredEntry, body: JsonObject): Step[] {
    const id = text(body.grant)
    const grant = this.#grants.get(id)
    if (grant === undefined || this.#off.has(text(body.office))) return []
    if (entry.kind === 'match') grant.matches += 1
    if (entry.kind === 'unmask') grant.unmasked += 1
    const amounts = { matches: grant.matches, unmasked: grant.unmasked }
    if (grant.openedAt !== null) {
      if (entry.kind === 'statement') return [later(entry.at, id, { acted: true })]
      return entry.kind === 'reveal' ? [] : [later(entry.at, id, amounts)]
    }
    grant.openedAt = entry.at
    return [this.#scoreStep(entry, body, grant, amounts)]
  }

  #scoreStep(
    { at, index, actor }: StoredEntry,
    body: JsonObject,
    grant: Grant,
    amounts: { matches: number; unmasked: number },
  ): Step {
    const contact = this.#contacts.get(grant.contact)
    const person = this.#people.get(text(body.staff))
    const channel = text(body.channel)
    const access: Access = {
      id: text(body.grant),
      at,
      employee: text(body.staff ?? actor),
      subject: grant.subject,
      office: text(body.office),
      peers: {
        kind:
          channel === 'shop' ? 'shop' : channel === 'call' || channel === 'break-glass' ? 'phone' : 'chat',
        role: person?.roles.includes('supervisor') ? 'supervisor' : 'champion',
        shift: shiftOf(at, this.#offsetMinutes),
      },
      contact: grant.brokenGlass ? null : grant.contact,
      ticket: contact?.ticket ?? null,
      ...amounts,
      ...(person === undefined ? {} : { onShift: at >= person.offShiftUntil }),
      brokenGlass: grant.brokenGlass,
    }
    return {
      do: 'score',
      access,
      look: {
        entry: index,
        deskName: text(body.deskName),
        supervisor: person?.roles.includes('supervisor') ?? false,
        team: person?.team ?? '',
        month: text(body.month),
        purpose: text(body.purpose),
        channel,
      },
    }
  }

  #disclosure({ at }: StoredEntry, body: JsonObject): Step[] {
    const grant = this.#grants.get(text(body.grant))
    const rows = Number(body.rowsShownInLook)
    if (grant === undefined || grant.openedAt === null || body.of !== 'rows' || rows <= grant.rows) return []
    grant.rows = rows
    const shown = body.rows as { day: string }[]
    if (grant.days.length > 0) grant.beyond += shown.filter(({ day }) => !grant.days.includes(day)).length
    const beyond = grant.days.length > 0 ? { beyond: grant.beyond } : {}
    return [later(at, text(body.grant), { rows, ...beyond })]
  }

  #grantEnded({ at }: StoredEntry, body: JsonObject): Step[] {
    const grant = this.#grants.get(text(body.grant))
    if (grant === undefined || grant.openedAt === null) return []
    return [later(at, text(body.grant), { seconds: Math.round((at - grant.openedAt) / 1000) })]
  }

  #contactClosed({ at }: StoredEntry, body: JsonObject): Step[] {
    const contact = this.#contacts.get(text(body.contact))
    const acted = body.resolution !== null && body.resolution !== 'not-verified'
    return (contact?.grants ?? [])
      .filter((grant) => this.#grants.get(grant)?.openedAt !== null)
      .map((grant) => later(at, grant, { note: digestOf(text(body.note)), acted }))
  }

  #breakGlass({ at }: StoredEntry, body: JsonObject): Step[] {
    const failed = body.event === 'overdue' || (body.event === 'reviewed' && body.finding === 'not-justified')
    const held = body.event === 'reviewed' && body.finding === 'justified'
    if (!failed && !held) return []
    return (this.#contacts.get(text(body.contact))?.grants ?? []).map((grant) =>
      later(at, grant, { unjustified: failed }),
    )
  }

  #aboutPeople({ at, kind }: StoredEntry, body: JsonObject): Step[] {
    const person = this.#people.get(text(body.person ?? ''))
    switch (kind) {
      case 'staff-added':
        this.#people.set(text(body.person), {
          deskName: text(body.deskName),
          roles: [...(body.roles as string[])],
          team: text(body.team),
          offShiftUntil: 0,
        })
        return []
      case 'staff-moved':
        if (person !== undefined) person.team = text((body.to as JsonObject).team)
        return []
      case 'role-given':
        person?.roles.push(text(body.role))
        return []
      case 'role-taken':
        if (person !== undefined) person.roles = person.roles.filter((role) => role !== body.role)
        return []
      case 'off-shift-approved':
        if (person !== undefined) person.offShiftUntil = Number(body.until)
        return []
      case 'number-declared':
      case 'number-withdrawn': {
        const tie = kind === 'number-declared' ? (body.tie as CircleKind) : null
        const fact: Fact = {
          kind: 'circle',
          at,
          employee: text(body.person),
          subject: text(body.subject),
          tie,
        }
        return [{ do: 'tell', fact }]
      }
      case 'watch-off':
        this.#off.add(text(body.office))
        return []
      case 'watch-on':
        this.#off.delete(text(body.office))
        return []
      default:
        return []
    }
  }

  #forget(now: number): void {
    for (const [id, { at }] of this.#contacts) {
      if (now - at < KEPT_MS) break
      this.#contacts.delete(id)
    }
    for (const [id, { at }] of this.#grants) {
      if (now - at < KEPT_MS) break
      this.#grants.delete(id)
    }
  }
}

function later(at: number, look: string, says: Later): Step {
  return { do: 'tell', fact: { kind: 'later', at, look, says } }
}

/** The same words give the same digest; the words themselves stay in the entry. Nothing stays nothing. */
function digestOf(note: string): string {
  const words = note.trim().toLowerCase()
  return words === '' ? '' : createHash('sha256').update(words).digest('base64url').slice(0, 12)
}

function shiftOf(at: number, offsetMinutes: number): string {
  const hour = Math.floor(((at + offsetMinutes * 60_000) % DAY_MS) / 3_600_000)
  return hour >= 6 && hour < 14 ? 'early' : hour >= 14 && hour < 22 ? 'late' : 'night'
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
