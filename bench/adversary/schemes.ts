import { momentOf, noteOf, type Pen, subjectName } from './honest.ts'
import type { AccessRow } from './log.ts'
import { type Chance, createChance } from './random.ts'
import type { Agent, World } from './world.ts'

/**
 * Those who misuse their access, as found in published cases: curiosity, family, sellers loud and slow, stalkers,
 * favours among colleagues, cover tickets, and the accomplice who really calls in.
 */
export type SchemeType =
  | 'naive'
  | 'household'
  | 'slow-seller'
  | 'stalker'
  | 'favour'
  | 'cover-ticket'
  | 'mimic'
  | 'loud-seller'

/** Fifty schemes a world. Loud sellers stand apart: one of them makes more looks than all others together. */
export const FIFTY: Readonly<Partial<Record<SchemeType, number>>> = {
  naive: 9,
  household: 7,
  'slow-seller': 7,
  stalker: 7,
  favour: 6,
  'cover-ticket': 9,
  mimic: 5,
}
export const LOUD: Readonly<Partial<Record<SchemeType, number>>> = { 'loud-seller': 3 }

interface Plot {
  readonly world: World
  readonly pen: Pen
  readonly chance: Chance
  readonly agent: Agent
  /** Says that a look belongs to this scheme. */
  label(look: string): void
}

/** Acts out so many schemes of each type, each by people who also work honestly. */
export function misbehave(
  world: World,
  pen: Pen,
  counts: Readonly<Partial<Record<SchemeType, number>>>,
  label: (look: string, scheme: string, type: SchemeType) => void,
): void {
  const crooks = createChance(world.seed, 'crooks')
  const taken = new Set<Agent>()
  for (const [type, count] of Object.entries(counts) as [SchemeType, number][]) {
    for (let i = 1; i <= count; i += 1) {
      const agent = freeAgent(world, crooks, taken)
      const scheme = `${type}-${i}`
      const chance = createChance(world.seed, scheme)
      ACTS[type]({ world, pen, chance, agent, label: (look) => label(look, scheme, type) })
    }
  }
}

function freeAgent(world: World, chance: Chance, taken: Set<Agent>): Agent {
  for (;;) {
    const agent = chance.pick(world.agents)
    if (taken.has(agent)) continue
    taken.add(agent)
    return agent
  }
}

const ACTS: Record<SchemeType, (plot: Plot) => void> = {
  naive: (plot) => {
    for (let targets = plot.chance.int(1, 3); targets > 0; targets -= 1) {
      const target = anybody(plot)
      for (let looks = plot.chance.int(1, 2); looks > 0; looks -= 1) peek(plot, target, laterDay(plot), {})
    }
  },
  household: (plot) => {
    const { chance, agent, pen, world } = plot
    const partner = chance.coin(0.2) ? agent.line : (world.customers[agent.line]!.ties[0] ?? agent.line)
    if (chance.coin(0.5))
      pen.event(momentOf(agent, 0, chance), 'circle', {
        employee: agent.id,
        subject: subjectName(partner),
        other: partner === agent.line ? 'own' : 'household',
      })
    for (const day of spread(plot, chance.int(3, 7))) peek(plot, partner, day, { cover: chance.coin(0.3) })
  },
  'slow-seller': (plot) => {
    for (const day of spread(plot, plot.chance.int(8, 16)))
      peek(plot, anybody(plot), day, { cover: plot.chance.coin(0.5) })
  },
  stalker: (plot) => {
    const target = anybody(plot)
    const friends = plot.world.customers[target]!.ties
    for (const day of spread(plot, plot.chance.int(4, 10)))
      peek(plot, target, day, { onOthersContact: plot.chance.coin(0.4) })
    for (const friend of friends.slice(0, plot.chance.int(1, 3)))
      peek(plot, friend, laterDay(plot), { onOthersContact: plot.chance.coin(0.4) })
  },
  favour: (plot) => {
    const { world, agent, chance } = plot
    const target = anybody(plot)
    const first = chance.int(8, world.size.days - 16)
    const friends = world.agents.filter((other) => other.office === agent.office && other !== agent)
    const ring = [agent, ...Array.from({ length: chance.int(2, 4) }, () => chance.pick(friends))]
    for (const friend of ring)
      peek({ ...plot, agent: friend }, target, workDayFrom(friend, first + chance.int(0, 13)), {
        cover: chance.coin(0.25),
      })
  },
  'cover-ticket': (plot) => {
    for (const day of spread(plot, plot.chance.int(4, 8))) peek(plot, anybody(plot), day, { cover: true })
  },
  mimic: (plot) => {
    const { agent, pen, chance } = plot
    for (const day of spread(plot, chance.int(2, 5))) {
      const target = anybody(plot)
      const at = momentOf(agent, day, chance)
      const contact = pen.contact(at - chance.int(20, 200), subjectName(target), agent.id)
      write(plot, target, at, { contact, rows: ordinaryRows(chance), note: noteOf(agent, chance) })
    }
  },
  'loud-seller': (plot) => {
    const first = plot.chance.int(15, plot.world.size.days - 8)
    for (let day = 0; day < plot.chance.int(2, 4); day += 1)
      for (let i = plot.chance.int(55, 130); i > 0; i -= 1)
        peek(plot, anybody(plot), workDayFrom(plot.agent, first + day), {})
  },
}

interface Manner {
  /** A ticket of the agent's own, made before the look. */
  readonly cover?: boolean
  /** During another customer's contact, so that the screen looks busy. */
  readonly onOthersContact?: boolean
}

/** One look at somebody who did not ask for it. */
function peek(plot: Plot, target: number, day: number, { cover, onOthersContact }: Manner): void {
  const { agent, pen, chance, label: _label } = plot
  const at = momentOf(agent, day, chance)
  const subject = subjectName(target)
  const ticket = cover
    ? pen.ticket(at - chance.int(20, 1500), subject, agent.id, chance.coin(0.4) ? chance.int(10, 59) : 600)
    : ''
  const contact = onOthersContact ? pen.contact(at - 60, subjectName(anybody(plot)), agent.id) : ''
  const careful = cover === true && chance.coin(0.6)
  write(plot, target, at, {
    contact,
    ticket,
    rows: careful ? ordinaryRows(chance) : Math.min(400, Math.round(chance.around(22, 0.8))),
    beyond: careful ? 0 : chance.coin(0.5) ? chance.int(1, 20) : 0,
    unmasked: chance.poisson(careful ? 0.1 : 0.3),
    action: careful || chance.coin(0.35) ? 'explained' : '',
    note: careful ? noteOf(agent, chance) : chance.coin(0.5) ? '' : `${agent.id} usual ${chance.int(1, 3)}`,
    onShift: chance.coin(0.95) ? 'yes' : 'no',
  })
}

function write(plot: Plot, target: number, at: number, how: Partial<AccessRow>): void {
  const { agent, chance, pen, label } = plot
  const beyond = Math.min(how.beyond ?? 0, how.rows ?? 0)
  label(
    pen.look({
      time: at,
      employee: agent.id,
      subject: subjectName(target),
      contact: '',
      ticket: '',
      rows: 7,
      unmasked: 0,
      matches: chance.poisson(0.2),
      seconds: Math.round(chance.around(110, 0.8)),
      action: 'explained',
      note: '',
      device: chance.coin(0.93) ? `desk-${agent.id}` : `desk-${agent.office.id}-${chance.int(1, 9)}`,
      onShift: 'yes',
      ...how,
      beyond,
    }),
  )
}

function ordinaryRows(chance: Chance): number {
  return Math.min(400, Math.round(chance.around(8, 0.7)))
}

function anybody({ world, agent, chance }: Plot): number {
  return chance.pick(world.byRegion[chance.coin(0.8) ? agent.office.region : chance.int(0, 3)]!)
}

/** So many working days, apart from each other, from the second week on. */
function spread({ agent, world, chance }: Plot, count: number): number[] {
  const days = Array.from({ length: world.size.days - 7 }, (_, i) => i + 7).filter((day) =>
    agent.days.includes(day % 7),
  )
  const span = Math.min(days.length, Math.max(count, chance.int(Math.ceil(days.length * 0.4), days.length)))
  const from = chance.int(0, days.length - span)
  const chosen = new Set<number>()
  for (let i = 0; i < count * 3 && chosen.size < count; i += 1)
    chosen.add(days[from + chance.int(0, span - 1)]!)
  return [...chosen].sort((a, b) => a - b)
}

function laterDay(plot: Plot): number {
  return workDayFrom(plot.agent, plot.chance.int(7, plot.world.size.days - 4))
}

function workDayFrom(agent: Agent, day: number): number {
  let at = day
  while (!agent.days.includes(at % 7)) at += 1
  return at
}
