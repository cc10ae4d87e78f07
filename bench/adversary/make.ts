import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Drift, liveHonestly, type Pen, subjectName } from './honest.ts'
import {
  ACCESS_COLUMNS,
  type AccessRow,
  EVENT_COLUMNS,
  type EventRow,
  LABEL_COLUMNS,
  type LabelRow,
  STAFF_COLUMNS,
  toCsv,
  type WorldLog,
} from './log.ts'
import { createChance } from './random.ts'
import { FIFTY, misbehave, type SchemeType } from './schemes.ts'
import { FIRST_DAY, makeWorld, WHOLE, type World, type WorldSize } from './world.ts'

export interface Recipe {
  readonly seed: string
  readonly size?: WorldSize
  readonly schemes?: Readonly<Partial<Record<SchemeType, number>>>
  readonly drift?: Drift
  /** Share of wronged customers who, told of a look, say that it was not for them. */
  readonly denying?: number
  /** Writes more into the log, with the same pen: an attacker under trial. */
  readonly more?: (
    world: World,
    pen: Pen,
    label: (look: string, scheme: string, type: string) => void,
  ) => void
}

/** Everything that can go wrong at once: an outage, a strike, a new tariff, a new shop. */
export const DRIFTED: Drift = {
  outage: { fromDay: 38, share: 0.2 },
  tariffDay: 30,
  strike: { fromDay: 46, untilDay: 51 },
  newShopDay: 20,
}

/** Makes a world and gives its log in order of time, with the labels apart. */
export function makeLog(recipe: Recipe): WorldLog {
  const { seed, size = WHOLE, schemes = FIFTY, drift = {}, denying = 0 } = recipe
  const world = makeWorld(seed, size)
  const accesses: AccessRow[] = []
  const events: EventRow[] = []
  const labels: LabelRow[] = []
  const names = createChance(seed, 'names')
  const event: Pen['event'] = (time, kind, more) => {
    events.push({ time, kind, id: '', subject: '', employee: '', other: '', ...more })
  }
  const pen: Pen = {
    event,
    look(row) {
      const id = names.hex(12)
      accesses.push({ id, ...row })
      return id
    },
    ticket(time, subject, employee, closedAfter) {
      const id = `t${names.hex(10)}`
      event(time, 'ticket', { id, subject, employee })
      if (closedAfter !== null) event(time + closedAfter, 'ticket-closed', { id, subject, employee })
      return id
    },
    contact(time, subject, employee) {
      const id = `c${names.hex(10)}`
      event(time, 'contact', { id, subject, employee })
      return id
    },
  }
  const label = (id: string, scheme: string, type: string): void => void labels.push({ id, scheme, type })
  writeRegisters(world, event)
  liveHonestly(world, pen, drift)
  misbehave(world, pen, schemes, label)
  recipe.more?.(world, pen, label)
  if (denying > 0) deny(seed, denying, { accesses, labels, event })
  accesses.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
  events.sort((a, b) => a.time - b.time)
  return { accesses, events, staff: staffRows(world), labels }
}

/** What the operator knows beforehand: households, protected people, who calls whom, some declared circles. */
function writeRegisters(world: World, event: Pen['event']): void {
  const chance = createChance(world.seed, 'registers')
  for (const [at, { account, flag, ties }] of world.customers.entries()) {
    const subject = subjectName(at)
    if (account !== null) event(FIRST_DAY, 'account', { subject, other: `a${account}` })
    if (flag !== null) event(FIRST_DAY, 'flag', { subject, other: flag })
    for (const other of ties) if (at < other) event(FIRST_DAY, 'tie', { subject, other: subjectName(other) })
  }
  for (const { id, line } of world.agents) {
    event(FIRST_DAY, 'circle', { employee: id, subject: subjectName(line), other: 'own' })
    for (const friend of world.customers[line]!.ties)
      if (chance.coin(0.25))
        event(FIRST_DAY, 'circle', { employee: id, subject: subjectName(friend), other: 'declared' })
  }
}

function deny(
  seed: string,
  share: number,
  log: { accesses: readonly AccessRow[]; labels: readonly LabelRow[]; event: Pen['event'] },
): void {
  const chance = createChance(seed, 'denials')
  const byId = new Map(log.accesses.map((row) => [row.id, row]))
  const says = new Map<string, boolean>()
  for (const { id } of log.labels) {
    const { subject, time } = byId.get(id)!
    if (!says.has(subject)) says.set(subject, chance.coin(share))
    if (says.get(subject)) log.event(time + chance.int(600, 40 * 3600), 'denial', { id, subject })
  }
}

function staffRows(world: World) {
  return world.agents.map((agent) => ({
    employee: agent.id,
    office: agent.office.id,
    kind: agent.office.kind,
    role: agent.role,
    shift: agent.shift,
    line: subjectName(agent.line),
    desk: `desk-${agent.id}`,
  }))
}

/** Writes a log as four files into `dir`; the labels are a file of their own. */
export function writeLog(log: WorldLog, dir: string): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'accesses.csv'), toCsv(log.accesses, ACCESS_COLUMNS))
  writeFileSync(join(dir, 'events.csv'), toCsv(log.events, EVENT_COLUMNS))
  writeFileSync(join(dir, 'staff.csv'), toCsv(log.staff, STAFF_COLUMNS))
  writeFileSync(join(dir, 'labels.csv'), toCsv(log.labels, LABEL_COLUMNS))
}
