import { momentOf, type Pen, subjectName } from './honest.ts'
import { type Chance, createChance } from './random.ts'
import type { Agent, World } from './world.ts'

/**
 * An attacker who may ask the detector: it sees only whether a week of its looks was questioned, and changes its tactic.
 * Its profit is looks a week. An accomplice who really calls in is not among the tactics: nothing in a log shows them.
 */
export interface Tactic {
  readonly cover: 'none' | 'just-before' | 'an-hour-before' | 'days-before'
  /** Closes its ticket as others do. */
  readonly closes: boolean
  readonly note: 'none' | 'copied' | 'fresh'
  readonly rows: 'few' | 'many'
  /** Somebody new each time, the same person, or whoever has just rung a colleague. */
  readonly targets: 'new' | 'same' | 'known-callers'
  readonly acts: boolean
  readonly desk: 'own' | 'others'
  /** All looks of a week on one day, or spread. */
  readonly spacing: 'bunched' | 'spread'
}

const CHOICES: { readonly [K in keyof Tactic]: readonly Tactic[K][] } = {
  cover: ['none', 'just-before', 'an-hour-before', 'days-before'],
  closes: [true, false],
  note: ['none', 'copied', 'fresh'],
  rows: ['few', 'many'],
  targets: ['new', 'same', 'known-callers'],
  acts: [true, false],
  desk: ['own', 'others'],
  spacing: ['bunched', 'spread'],
}

/** Any tactic. */
export function randomTactic(chance: Chance): Tactic {
  return Object.fromEntries(
    Object.entries(CHOICES).map(([name, of]) => [name, chance.pick(of as readonly unknown[])]),
  ) as unknown as Tactic
}

/** The same with one or two choices made anew. */
export function changeTactic(tactic: Tactic, chance: Chance): Tactic {
  const names = Object.keys(CHOICES) as (keyof Tactic)[]
  const changed = { ...tactic } as Record<keyof Tactic, unknown>
  for (let i = chance.int(1, 2); i > 0; i -= 1) {
    const name = chance.pick(names)
    changed[name] = chance.pick(CHOICES[name] as readonly unknown[])
  }
  return changed as unknown as Tactic
}

/** So many attackers follow a tactic for some weeks; each labels its looks with its cell and week. */
export function attack(
  world: World,
  pen: Pen,
  plan: {
    cell: string
    tactic: Tactic
    perWeek: number
    attackers: readonly Agent[]
    fromWeek: number
    weeks: number
  },
  label: (look: string, scheme: string, type: string) => void,
): void {
  for (const agent of plan.attackers) {
    const chance = createChance(world.seed, `attack ${plan.cell} ${agent.id}`)
    const favourite = chance.pick(world.byRegion[agent.office.region]!)
    for (let week = plan.fromWeek; week < plan.fromWeek + plan.weeks; week += 1) {
      const days = Array.from({ length: 7 }, (_, day) => week * 7 + day).filter((day) =>
        agent.days.includes(day % 7),
      )
      const bunch = chance.pick(days)
      for (let i = 0; i < plan.perWeek; i += 1) {
        const day = plan.tactic.spacing === 'bunched' ? bunch : chance.pick(days)
        const target =
          plan.tactic.targets === 'same' ? favourite : chance.pick(world.byRegion[agent.office.region]!)
        label(peek({ world, pen, chance, agent }, plan.tactic, target, day), `${agent.id} ${week}`, plan.cell)
      }
    }
  }
}

const COVERED_BEFORE = { 'just-before': 600, 'an-hour-before': 4_000, 'days-before': 3 * 86_400 } as const

function peek(
  { world, pen, chance, agent }: { world: World; pen: Pen; chance: Chance; agent: Agent },
  tactic: Tactic,
  target: number,
  day: number,
): string {
  const at = momentOf(agent, day, chance)
  const subject = subjectName(target)
  if (tactic.targets === 'known-callers') {
    const colleague = chance.pick(world.agents.filter(({ office }) => office === agent.office))
    pen.contact(at - chance.int(600, 40_000), subject, colleague.id)
  }
  const ticket =
    tactic.cover === 'none'
      ? ''
      : pen.ticket(
          at - COVERED_BEFORE[tactic.cover] - chance.int(0, 300),
          subject,
          agent.id,
          tactic.closes ? chance.int(90, 9_000) : null,
        )
  const rows = Math.min(400, Math.round(chance.around(tactic.rows === 'few' ? 7 : 40, 0.6)))
  const note =
    tactic.note === 'none' ? '' : tactic.note === 'copied' ? `${agent.id} usual 1` : `note ${chance.hex(8)}`
  return pen.look({
    time: at,
    employee: agent.id,
    subject,
    contact: '',
    ticket,
    rows,
    beyond: 0,
    unmasked: 0,
    matches: 0,
    seconds: Math.round(chance.around(120, 0.6)),
    action: tactic.acts ? 'explained' : '',
    note,
    device: tactic.desk === 'own' ? `desk-${agent.id}` : `desk-${agent.office.id}-${chance.int(1, 9)}`,
    onShift: 'yes',
  })
}
