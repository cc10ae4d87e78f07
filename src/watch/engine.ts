import { Evidence, type EvidenceData, isBrief, Names, pairOf } from './evidence.ts'
import type { Access, Fact, Later, Level } from './look.ts'
import { count, groupsOf, newTally, raise, type Tally } from './peers.ts'
import { type Kept, Reservoir, TOTAL } from './reservoir.ts'
import {
  type Around,
  combine,
  decay,
  EXCESS_FROM,
  EXPLAINED_SHARE,
  HALF_LIFE_MS,
  type Hard,
  hardFinding,
  levelOf,
  OTHER_OFFICE_MS,
  OWN_TICKET_MS,
  RING_MS,
  readSigns,
  SIGNS,
  type Signs,
  SMALL_GROUP,
  stepCusum,
} from './rules.ts'

/**
 * Scores looks one after the other, in constant time, as they come (`score`), and again when something more becomes
 * known (`amend`). Everything it knows is in it: the same log in the same order gives the same scores, and a snapshot
 * goes on as if nothing had happened. Memory is constant for each employee, pair, customer and peer group.
 */

/** A look with its scores: all that is needed to score it again. Plain data. */
export interface Scored {
  readonly access: Access
  readonly around: Around
  readonly later: Later
  readonly level: Level
  readonly signs: Signs
  /** The signs that are raised, in order: the share of peers who show as much, of how many looks, and the surprise. */
  readonly raised: readonly Raised[]
  /** Look, pair, ring, employee: values and their p among peers; then all together. */
  readonly values: readonly number[]
  readonly ps: readonly number[]
  /** How often an honest look of these peers scores as high: a calibrated tail probability. */
  readonly p: number
  /** What `p` ranks; orders looks of equal `p`. */
  readonly total: number
  readonly hard: Hard | null
  /** The peers it was compared with, and how many of their looks. */
  readonly peers: string
  readonly compared: number
  readonly speaks: Speaks
}

export interface Raised {
  /** Where it stands in `signs`. */
  readonly sign: number
  readonly share: number
  readonly of: number
  readonly surprise: number
}

/** What speaks for the person, as it was when they looked. */
export interface Speaks {
  /** Their earlier looks, those explained by a contact of hers, and those denied. */
  readonly looks: number
  readonly explained: number
  readonly denied: number
  /** Milliseconds since she was last in contact with anybody here, within 72 hours. */
  readonly contactAgo: number | null
}

interface Pair {
  at: number
  /** Unexplained looks, and surprise beyond {@link EXCESS_FROM}, decayed. */
  repeats: number
  excess: number
  looks: number
  lastLook: string
  lastAt: number
}

interface Employee {
  cusum: number
  day: number
  today: number
  daily: number
  looks: number
  explained: number
  denied: number
  /** Unexplained targets of the last 14 days, at most 32. */
  targets: { subject: number; at: number; excess: number }[]
  /** The last 24 notes. */
  notes: string[]
}

interface Target {
  at: number
  excess: number
  /** Who looked, unexplained, at most 8. */
  seers: { employee: number; at: number }[]
}

interface Group {
  readonly name: string
  readonly tally: Tally
  readonly reservoir: Reservoir
}

export interface EngineData {
  readonly names: readonly string[]
  readonly evidence: EvidenceData
  readonly pairs: readonly (readonly [number, Pair])[]
  readonly employees: readonly (readonly [number, Employee])[]
  readonly targets: readonly (readonly [number, Target])[]
  readonly offices: readonly (readonly [number, readonly { office: number; at: number }[]])[]
  readonly groups: readonly (readonly [string, { tally: Tally; kept: readonly Kept[] }])[]
  readonly ticketLooks: readonly (readonly [string, string])[]
  readonly scored: number
}

const DAY_MS = 86_400_000
const MOST_TARGETS = 32
const MOST_NOTES = 24
const MOST_SEERS = 8
const FORGET_EVERY = 8_192
const PAIR_KEPT_MS = 180 * DAY_MS

export class Engine {
  readonly #names: Names
  readonly #evidence: Evidence
  readonly #told: ReadonlySet<Fact['kind']>
  readonly #pairs: Map<number, Pair>
  readonly #employees: Map<number, Employee>
  readonly #targets: Map<number, Target>
  readonly #offices: Map<number, { office: number; at: number }[]>
  readonly #groups = new Map<string, Group>()
  readonly #groupsOfPeers = new WeakMap<object, readonly Group[]>()
  readonly #ticketLooks: Map<string, string>
  #scored: number

  /** @param options.told which kinds of fact this log tells; a sign that needs another is unknown, not down. */
  constructor(options: { told: ReadonlySet<Fact['kind']>; from?: EngineData }) {
    const { told, from } = options
    this.#told = told
    this.#names = new Names(from?.names)
    this.#evidence = new Evidence(this.#names, told, from?.evidence)
    this.#pairs = new Map(from?.pairs)
    this.#employees = new Map(from?.employees)
    this.#targets = new Map(from?.targets)
    this.#offices = new Map(from?.offices.map(([subject, seen]) => [subject, [...seen]]))
    this.#ticketLooks = new Map(from?.ticketLooks)
    this.#scored = from?.scored ?? 0
    for (const [name, { tally, kept }] of from?.groups ?? [])
      this.#groups.set(name, { name, tally, reservoir: new Reservoir(kept) })
  }

  /** Takes in a fact; gives the looks that it says something about, to be amended by whoever keeps them. */
  tell(fact: Fact): readonly { look: string; says: Later }[] {
    this.#evidence.tell(fact)
    if (fact.kind === 'later') return [{ look: fact.look, says: fact.says }]
    if (fact.kind === 'ticket' && fact.employee !== null) {
      const pair = this.#pairs.get(pairOf(this.#names.of(fact.employee), this.#names.of(fact.subject)))
      return pair !== undefined && fact.at - pair.lastAt <= OWN_TICKET_MS && fact.at > pair.lastAt
        ? [{ look: pair.lastLook, says: { ticketAfter: true } }]
        : []
    }
    if (fact.kind === 'ticket-closed') {
      const look = this.#ticketLooks.get(fact.id)
      const ticket = this.#evidence.tickets.get(fact.id)
      this.#ticketLooks.delete(fact.id)
      return look !== undefined && ticket !== undefined && isBrief(ticket)
        ? [{ look, says: { ticketBrief: true } }]
        : []
    }
    if (fact.kind === 'circle') {
      const pair = this.#pairs.get(pairOf(this.#names.of(fact.employee), this.#names.of(fact.subject)))
      return pair === undefined ? [] : [{ look: pair.lastLook, says: { circle: fact.tie } }]
    }
    return []
  }

  /** Scores a look at its moment; looks come in order of time. */
  score(access: Access): Scored {
    const employee = this.#names.of(access.employee)
    const subject = this.#names.of(access.subject)
    const person = this.#employeeOf(employee)
    const ground = this.#evidence.groundOf(access, employee, subject)
    const around = this.#aroundOf(access, employee, subject, ground)
    const speaks: Speaks = {
      looks: person.looks,
      explained: person.explained,
      denied: person.denied,
      contactAgo: ground.contactAgo,
    }
    const groups = this.#groupsAround(access)
    const level = levelOf(access, around.level, {})
    const signs = readSigns(access, around, {})
    const { raised, look } = this.#surprise(groups, signs, level)
    this.#rememberLook(access, employee, subject, level, look)
    const scored = this.#rank(
      { access, around, later: NOTHING_YET, level, signs, raised, look, speaks },
      employee,
      subject,
    )
    for (const { tally } of groups) count(tally, signs, access.at)
    const kept = this.#kept(scored, employee)
    for (const { reservoir, tally } of groups) reservoir.offer(kept, tally.looks)
    this.#scored += 1
    if (this.#scored % FORGET_EVERY === 0) this.#forget(access.at)
    return scored
  }

  /** Scores a look again with what became known about it at `at`. */
  amend(before: Scored, says: Later, at: number): Scored {
    const { access, around, speaks } = before
    const later = { ...before.later, ...says }
    const groups = this.#groupsAround(access)
    const level = levelOf(access, around.level, later)
    const noted =
      says.note === undefined ? around : { ...around, copiedNote: this.#isCopied(access, says.note) }
    const signs = readSigns(access, noted, later)
    for (const { tally } of groups) count(tally, before.signs, at, -1)
    const { raised, look } = this.#surprise(groups, signs, level)
    for (const { tally } of groups) count(tally, signs, at)
    this.#rememberChange(before, { level, look, later }, at)
    const employee = this.#names.of(access.employee)
    const subject = this.#names.of(access.subject)
    const after = this.#rank(
      { access, around: noted, later, level, signs, raised, look, speaks },
      employee,
      subject,
    )
    const kept = this.#kept(after, employee)
    for (const { reservoir } of groups) reservoir.amend(kept)
    return after
  }

  /** A confirmed misuse leaves the comparison: this pair's looks, and the person's other unexplained ones. */
  confirm(scored: Scored): void {
    const employee = this.#names.of(scored.access.employee)
    for (const { reservoir } of this.#groups.values())
      reservoir.remove(employee, (kept) => kept.values[0]! > EXCESS_FROM)
  }

  /** An alert that led nowhere: what had gathered about this pair and this person begins anew. */
  clear(scored: Scored): void {
    const employee = this.#names.of(scored.access.employee)
    const pair = this.#pairs.get(pairOf(employee, this.#names.of(scored.access.subject)))
    if (pair !== undefined) pair.excess = 0
    this.#employeeOf(employee).cusum = 0
  }

  /** How many looks were scored. */
  get size(): number {
    return this.#scored
  }

  /** Everything, as plain data. */
  data(): EngineData {
    return {
      names: this.#names.all(),
      evidence: this.#evidence.data(),
      pairs: [...this.#pairs],
      employees: [...this.#employees],
      targets: [...this.#targets],
      offices: [...this.#offices],
      groups: [...this.#groups].map(([name, { tally, reservoir }]) => [
        name,
        { tally, kept: reservoir.kept() },
      ]),
      ticketLooks: [...this.#ticketLooks],
      scored: this.#scored,
    }
  }

  #aroundOf(
    access: Access,
    employee: number,
    subject: number,
    ground: ReturnType<Evidence['groundOf']>,
  ): Around {
    const { at, office, note } = access
    const pair = this.#pairs.get(pairOf(employee, subject))
    const person = this.#employeeOf(employee)
    const low = ground.level <= 1
    const target =
      office === undefined || !low ? undefined : this.#targets.get(pairOf(this.#names.of(office), subject))
    const others =
      target?.seers.filter((seer) => seer.employee !== employee && at - seer.at <= OTHER_OFFICE_MS).length ??
      0
    const ties = low ? this.#evidence.ties.get(subject) : undefined
    const tied =
      ties === undefined
        ? 0
        : person.targets.filter((one) => at - one.at <= RING_MS && ties.includes(one.subject)).length
    return {
      level: ground.level,
      ownTicket: ground.ownTicket,
      ticketBrief: ground.ticketBrief,
      ticketAlone: ground.ticketAlone,
      circle: this.#evidence.circleOf(employee, subject),
      ownTie: this.#evidence.ownTie(employee, subject),
      othersContact: ground.othersContact,
      repeats: pair === undefined ? 0 : pair.repeats * decay(at - pair.at),
      otherOffice: office === undefined ? null : this.#otherOffice(office, subject, at, ground.level),
      tiedTargets: this.#told.has('tie') ? tied : null,
      swarm: office === undefined ? null : this.#isCommon(subject, others) ? 0 : others,
      copiedNote: note !== undefined && note !== '' && person.notes.includes(note),
      flagged: this.#evidence.flagged(subject),
      complained: this.#evidence.complained(subject, at),
    }
  }

  /** A number that half an office opens is one for practice, unless somebody said that it is to be guarded. */
  #isCommon(subject: number, others: number): boolean {
    return others >= MOST_SEERS - 1 && this.#evidence.flagged(subject) !== true
  }

  /** Whether another office saw her within 30 days, and nobody handed her over. */
  #otherOffice(office: string, subject: number, at: number, level: Level): boolean {
    const own = this.#names.of(office)
    const seen = this.#offices.get(subject) ?? []
    return (
      level < 2 &&
      (this.#targets.get(pairOf(own, subject))?.seers.length ?? 0) < MOST_SEERS &&
      seen.some((one) => one.office !== own && at - one.at <= OTHER_OFFICE_MS)
    )
  }

  #isCopied(access: Access, note: string): boolean {
    const person = this.#employeeOf(this.#names.of(access.employee))
    const copied = note !== '' && person.notes.includes(note)
    keepNote(person, note)
    return copied
  }

  #surprise(groups: readonly Group[], signs: Signs, level: Level) {
    let look = 0
    const raised: Raised[] = []
    for (let sign = 0; sign < signs.length; sign += 1) {
      const value = signs[sign] ?? null
      const found = value === null ? null : raise(groups, sign, value, level)
      if (found === null) continue
      const part = SIGNS[sign]!.needsUnexplained && level > 1 ? EXPLAINED_SHARE : 1
      look += part * found.surprise
      raised.push({ sign, share: found.share, of: found.of, surprise: part * found.surprise })
    }
    return { raised, look }
  }

  #rank(
    of: Omit<Scored, 'values' | 'ps' | 'p' | 'total' | 'hard' | 'peers' | 'compared'> & { look: number },
    employee: number,
    subject: number,
  ): Scored {
    const { look, ...rest } = of
    const { access, level, around, later } = rest
    const values = level > 1 ? [look, 0, 0, 0] : [look, ...this.#chains(access, employee, subject)]
    const { reservoir, name } = this.#comparison(access)
    const ps = values.map((value, at) => reservoir.tail(at, value, employee, access.at))
    const total = combine(ps)
    const p = reservoir.tail(TOTAL, total, employee, access.at)
    return {
      ...rest,
      values,
      ps,
      p,
      total,
      hard: hardFinding(around, later),
      peers: name,
      compared: reservoir.others(employee, access.at),
    }
  }

  /** Pair, ring and employee, as they stand at this look. */
  #chains(access: Access, employee: number, subject: number): number[] {
    const { at, office } = access
    const pair = this.#pairs.get(pairOf(employee, subject))!
    const person = this.#employeeOf(employee)
    const target =
      office === undefined ? undefined : this.#targets.get(pairOf(this.#names.of(office), subject))
    const alone =
      target === undefined || target.seers.length < 2 || this.#isCommon(subject, target.seers.length - 1)
    const others = alone ? 0 : target.excess * decay(at - target.at)
    const ties = this.#evidence.ties.get(subject)
    let cluster = 0
    if (ties !== undefined)
      for (const one of person.targets)
        if (one.subject !== subject && at - one.at <= RING_MS && ties.includes(one.subject))
          cluster += one.excess
    return [pair.excess * decay(at - pair.at), others + cluster, person.cusum]
  }

  #rememberLook(access: Access, employee: number, subject: number, level: Level, look: number): void {
    const { at, office, note } = access
    const excess = Math.max(0, look - EXCESS_FROM)
    const low = level <= 1
    const key = pairOf(employee, subject)
    const pair = this.#pairs.get(key) ?? { at, repeats: 0, excess: 0, looks: 0, lastLook: '', lastAt: 0 }
    const left = decay(at - pair.at)
    this.#pairs.set(key, {
      at,
      repeats: pair.repeats * left + (low ? 1 : 0),
      excess: pair.excess * left + excess,
      looks: pair.looks + 1,
      lastLook: access.id,
      lastAt: at,
    })
    const person = this.#employeeOf(employee)
    const rate = this.#unexplainedRate(access)
    person.cusum = stepCusum(person.cusum, low, rate, person.daily)
    countDay(person, at)
    person.looks += 1
    if (level === 3) person.explained += 1
    if (note !== undefined) keepNote(person, note)
    if (low) {
      person.targets = person.targets.filter((one) => at - one.at <= RING_MS).slice(1 - MOST_TARGETS)
      person.targets.push({ subject, at, excess })
      if (access.ticket) this.#ticketLooks.set(access.ticket, access.id)
    }
    if (office !== undefined)
      this.#rememberOffice(this.#names.of(office), { employee, subject, at, low, excess })
  }

  #rememberOffice(
    office: number,
    {
      employee,
      subject,
      at,
      low,
      excess,
    }: { employee: number; subject: number; at: number; low: boolean; excess: number },
  ): void {
    const seen = (this.#offices.get(subject) ?? []).filter((one) => one.office !== office)
    this.#offices.set(subject, [...seen.slice(-1), { office, at }])
    if (!low) return
    const key = pairOf(office, subject)
    const target = this.#targets.get(key) ?? { at, excess: 0, seers: [] }
    target.excess = target.excess * decay(at - target.at) + excess
    target.at = at
    target.seers = [
      ...target.seers.filter((one) => one.employee !== employee).slice(1 - MOST_SEERS),
      { employee, at },
    ]
    this.#targets.set(key, target)
  }

  /** Carries what changed about a look into its pair, office and employee. */
  #rememberChange(before: Scored, after: { level: Level; look: number; later: Later }, at: number): void {
    const { access } = before
    const employee = this.#names.of(access.employee)
    const subject = this.#names.of(access.subject)
    const more = Math.max(0, after.look - EXCESS_FROM) - Math.max(0, before.values[0]! - EXCESS_FROM)
    const pair = this.#pairs.get(pairOf(employee, subject))
    const person = this.#employeeOf(employee)
    const turned = Number(after.level <= 1) - Number(before.level <= 1)
    if (pair !== undefined) {
      const aged = decay(pair.at - access.at)
      pair.excess = Math.max(0, pair.excess + more * aged)
      pair.repeats = Math.max(0, pair.repeats + turned * aged)
    }
    if (access.office !== undefined && (more !== 0 || turned !== 0)) {
      const target = this.#targets.get(pairOf(this.#names.of(access.office), subject))
      if (target !== undefined)
        target.excess = Math.max(0, target.excess + more * decay(target.at - access.at))
    }
    if (turned > 0) person.cusum = stepCusum(person.cusum, true, this.#unexplainedRate(access), person.daily)
    if (turned < 0) person.cusum = Math.max(0, person.cusum - Math.LN2)
    if (after.later.denied === true && before.later.denied !== true) person.denied += 1
    const target = person.targets.findLast((one) => one.subject === subject)
    if (target !== undefined) target.excess = Math.max(0, target.excess + more)
    else if (turned > 0) person.targets.push({ subject, at, excess: Math.max(0, more) })
  }

  #unexplainedRate(access: Access): number {
    const { tally } = this.#comparison(access)
    const [nothing = 0, ticket = 0] = tally.bins[0]!
    return (nothing + ticket + 1) / (tally.seen[0]! + 20)
  }

  /** The smallest group around this look that is big enough to compare with. */
  #comparison(access: Access): Group {
    const groups = this.#groupsAround(access)
    return groups.find(({ reservoir }) => reservoir.size >= SMALL_GROUP) ?? groups.at(-1)!
  }

  /** The peers of a look, from the nearest to everybody, each once. */
  #groupsAround(access: Access): readonly Group[] {
    const key = access.peers ?? NO_PEERS
    const known = this.#groupsOfPeers.get(key)
    if (known !== undefined) return known
    const made = [...new Set(groupsOf(access.peers))].map((name) => this.#groupOf(name, access.at))
    this.#groupsOfPeers.set(key, made)
    return made
  }

  #groupOf(name: string, at: number): Group {
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    const made = { name, tally: newTally(at), reservoir: new Reservoir() }
    this.#groups.set(name, made)
    return made
  }

  #employeeOf(employee: number): Employee {
    const known = this.#employees.get(employee)
    if (known !== undefined) return known
    const made = {
      cusum: 0,
      day: 0,
      today: 0,
      daily: 10,
      looks: 0,
      explained: 0,
      denied: 0,
      targets: [],
      notes: [],
    }
    this.#employees.set(employee, made)
    return made
  }

  #kept({ access, values, total }: Scored, employee: number): Kept {
    return {
      look: access.id,
      employee,
      at: access.at,
      values: [...values, total],
    }
  }

  #forget(now: number): void {
    this.#evidence.forget(now)
    for (const [key, pair] of this.#pairs) if (now - pair.lastAt > PAIR_KEPT_MS) this.#pairs.delete(key)
    for (const [key, target] of this.#targets)
      if (now - target.at > 3 * HALF_LIFE_MS) this.#targets.delete(key)
    for (const [id] of this.#ticketLooks) if (!this.#evidence.tickets.has(id)) this.#ticketLooks.delete(id)
  }
}

const NO_PEERS = {}
const NOTHING_YET: Later = {}

function keepNote(person: Employee, note: string): void {
  if (note === '' || person.notes.includes(note)) return
  person.notes.push(note)
  if (person.notes.length > MOST_NOTES) person.notes.shift()
}

/** Looks a working day, as a slow average. */
function countDay(person: Employee, at: number): void {
  const day = Math.floor(at / DAY_MS)
  if (day !== person.day) {
    if (person.today > 0) person.daily = 0.8 * person.daily + 0.2 * person.today
    person.day = day
    person.today = 0
  }
  person.today += 1
}
