import type { AccessRow, EventKind, EventRow } from './log.ts'
import { type Chance, createChance } from './random.ts'
import { type Agent, DAY, FIRST_DAY, type World } from './world.ts'

/** What goes wrong in a world besides its people: a drifted world has all of it. */
export interface Drift {
  /** From this day on the telephone exchange loses this share of its calls to the desk. */
  readonly outage?: { readonly fromDay: number; readonly share: number }
  /** A new tariff: from this day on, more contacts, longer looks. */
  readonly tariffDay?: number
  /** Days on which half of the staff is away and supervisors stand in. */
  readonly strike?: { readonly fromDay: number; readonly untilDay: number }
  /** A shop that opens on this day. */
  readonly newShopDay?: number
}

/** A log under construction; everything is written through it, honest or not. */
export interface Pen {
  look(row: Omit<AccessRow, 'id'>): string
  event(time: number, kind: EventKind, more: Partial<Omit<EventRow, 'time' | 'kind'>>): void
  ticket(time: number, subject: string, employee: string, closedAfter: number | null): string
  contact(time: number, subject: string, employee: string): string
}

/** Names a customer. */
export const subjectName = (customer: number): string => `s${customer}`
const deskOf = (agent: Agent): string => `desk-${agent.id}`

/** Everybody's work, day by day: mostly a customer who calls, and all the mess that honest work makes. */
export function liveHonestly(world: World, pen: Pen, drift: Drift): void {
  const followUps = new Map<string, FollowUp[]>()
  for (let day = 0; day < world.size.days; day += 1) {
    for (const agent of world.agents) {
      const chance = createChance(world.seed, `day ${day} ${agent.id}`)
      if (!works(agent, day, chance, drift)) continue
      workDay({ world, pen, drift, agent, day, chance, followUps })
    }
  }
}

interface FollowUp {
  readonly day: number
  readonly customer: number
  readonly ticket: string
}

interface Working {
  readonly world: World
  readonly pen: Pen
  readonly drift: Drift
  readonly agent: Agent
  readonly day: number
  readonly chance: Chance
  readonly followUps: Map<string, FollowUp[]>
}

function works(agent: Agent, day: number, chance: Chance, drift: Drift): boolean {
  if (drift.newShopDay !== undefined && agent.office.id === 'shop-8' && day < drift.newShopDay) return false
  const away = drift.strike !== undefined && day >= drift.strike.fromDay && day < drift.strike.untilDay
  if (away && agent.role !== 'supervisor' && chance.coin(0.5)) return false
  return agent.days.includes(day % 7) && !chance.coin(0.04)
}

/** A moment of the shift, epoch seconds. */
export function momentOf(agent: Agent, day: number, chance: Chance): number {
  const from = agent.shift === 'day' ? 8 : 14
  return FIRST_DAY + day * DAY + Math.round((from + 8 * chance.next()) * 3600)
}

function workDay(working: Working): void {
  const { agent, day, chance, drift, followUps, world } = working
  const busier = drift.tariffDay !== undefined && day >= drift.tariffDay ? 1.25 : 1
  for (let i = chance.poisson(agent.pace * busier); i > 0; i -= 1) {
    const at = momentOf(agent, day, chance)
    const customer = chance.pick(world.byRegion[chance.coin(0.85) ? agent.office.region : chance.int(0, 3)]!)
    serve(working, customer, at)
  }
  for (const due of (followUps.get(agent.id) ?? []).filter((one) => one.day === day))
    seeThroughTicket(working, due)
  if (chance.coin(0.012)) practise(working)
  if (agent.role === 'supervisor' && chance.coin(0.5)) checkColleague(working)
}

/** One customer's contact and the look for it; also where it is not registered, or registered wrongly. */
function serve(working: Working, customer: number, at: number): void {
  const { world, pen, agent, chance, drift, day } = working
  const subject = subjectName(customer)
  const lost = drift.outage !== undefined && day >= drift.outage.fromDay ? drift.outage.share : 0
  const mess = chance.next()
  const forgotten = 0.012 * agent.sloppiness * (agent.office.kind === 'shop' ? 2 : 1)
  let contact = ''
  let ticket = ''
  if (mess < forgotten || chance.coin(lost)) {
    // No trace of the customer who was there; often a ticket made by the agent, before the look or after it.
    if (chance.coin(0.5)) ticket = pen.ticket(at - chance.int(10, 900), subject, agent.id, closing(chance))
    else if (chance.coin(0.3)) pen.ticket(at + chance.int(20, 600), subject, agent.id, closing(chance))
  } else if (agent.office.kind === 'back-office' && chance.coin(0.2)) {
    ticket = pen.ticket(at - chance.int(1, 9) * DAY, subject, colleague(working).id, closing(chance))
  } else if (mess > 0.995) {
    // A slip of the finger: the customer beside her in the list, closed at once.
    contact = pen.contact(at - chance.int(15, 240), subject, agent.id)
    const wrong = Math.min(world.size.customers - 1, customer + 1)
    writeLook(working, wrong, { at: at - 5, contact, ticket: '', rows: 0, seconds: chance.int(3, 12) })
  } else {
    const caller = callerFor(working, customer)
    contact = pen.contact(at - chance.int(15, 240), subjectName(caller), agent.id)
    if (chance.coin(0.18)) ticket = pen.ticket(at - chance.int(5, 200), subject, agent.id, closing(chance))
  }
  writeLook(working, customer, { at, contact, ticket })
  if (contact !== '' && chance.coin(0.08))
    writeLook(working, customer, { at: at + chance.int(60, 900), contact, ticket })
  if (chance.coin(0.03)) callBackLater(working, customer, at)
  if (chance.coin(0.01)) pen.event(at + chance.int(600, 80_000), 'complaint', { subject })
}

function closing(chance: Chance): number | null {
  return chance.coin(0.05) ? chance.int(15, 59) : chance.coin(0.8) ? chance.int(60, 90_000) : null
}

/** Mostly herself; sometimes somebody of her household or company. */
function callerFor({ world, chance }: Working, customer: number): number {
  const { account } = world.customers[customer]!
  if (account === null || !chance.coin(0.1)) return customer
  const mates = [customer - 2, customer - 1, customer + 1, customer + 2].filter(
    (mate) => world.customers[mate]?.account === account,
  )
  return mates.length === 0 ? customer : chance.pick(mates)
}

/** "I will look into it": days later the agent, or the back office, looks again on the ticket. */
function callBackLater(working: Working, customer: number, at: number): void {
  const { pen, agent, chance, day, followUps } = working
  const ticket = pen.ticket(at + 60, subjectName(customer), agent.id, null)
  const later = day + chance.int(1, 8)
  const mine = chance.coin(0.8) ? agent : colleague(working)
  if (mine !== agent)
    pen.event(at + 120, 'transfer', { subject: subjectName(customer), employee: mine.id, other: agent.id })
  const due = [later, later + 1, later + 2].find((one) => mine.days.includes(one % 7)) ?? later
  followUps.set(mine.id, [...(followUps.get(mine.id) ?? []), { day: due, customer, ticket }])
}

function seeThroughTicket(working: Working, due: FollowUp): void {
  writeLook(working, due.customer, {
    at: momentOf(working.agent, working.day, working.chance),
    contact: '',
    ticket: due.ticket,
  })
}

/** Everybody practises on the same few numbers. */
function practise(working: Working): void {
  const { chance, agent, day, world } = working
  const line = world.byRegion[agent.office.region]![chance.int(0, 1)]!
  writeLook(working, line, { at: momentOf(agent, day, chance), contact: '', ticket: '' })
}

/** A supervisor looks at what a colleague did. */
function checkColleague(working: Working): void {
  const { chance, agent, day, pen, world } = working
  const customer = chance.pick(world.byRegion[agent.office.region]!)
  const at = momentOf(agent, day, chance)
  const checked = colleague(working)
  pen.contact(at - chance.int(3600, 40_000), subjectName(customer), checked.id)
  if (chance.coin(0.7))
    pen.event(at - 1800, 'transfer', {
      subject: subjectName(customer),
      employee: agent.id,
      other: checked.id,
    })
  writeLook(working, customer, { at, contact: '', ticket: '' })
}

function colleague({ world, agent, chance }: Working): Agent {
  return chance.pick(world.agents.filter(({ office }) => office === agent.office))
}

/** What a look for a bill question is like. */
function writeLook(
  { pen, agent, chance, drift, day }: Working,
  customer: number,
  look: { at: number; contact: string; ticket: string; rows?: number; seconds?: number },
): void {
  const longer = drift.tariffDay !== undefined && day >= drift.tariffDay ? 1.4 : 1
  const rows = look.rows ?? Math.min(400, Math.round(chance.around(7 * longer, 0.7)))
  pen.look({
    time: look.at,
    employee: agent.id,
    subject: subjectName(customer),
    contact: look.contact,
    ticket: look.ticket,
    rows,
    beyond: chance.coin(0.08) ? Math.round(rows * chance.next()) : 0,
    unmasked: chance.poisson(0.05),
    matches: chance.poisson(0.3),
    seconds: look.seconds ?? Math.round(chance.around(150, 0.7)),
    action: chance.coin(0.88) ? chance.pick(['explained', 'statement', 'adjusted']) : '',
    note: noteOf(agent, chance),
    device: chance.coin(0.99) ? deskOf(agent) : `desk-${agent.office.id}-${chance.int(1, 9)}`,
    onShift: chance.coin(0.993) ? 'yes' : 'no',
  })
}

/** A fresh note, one copied from their own earlier ones, or none. */
export function noteOf(agent: Agent, chance: Chance): string {
  if (chance.coin(0.1)) return ''
  return chance.coin(agent.copies) ? `${agent.id} usual ${chance.int(1, 3)}` : `note ${chance.hex(8)}`
}
