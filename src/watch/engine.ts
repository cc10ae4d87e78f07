import { Evidence, type EvidenceData, type GroundOfLook, isBrief, Names } from './evidence.ts'
import { Highest, type HighestData } from './highest.ts'
import type { Access, Fact, Later, Level } from './look.ts'
import { PairMap } from './pair-map.ts'
import { count, groupsOf, newTally, placesOf, raise, type Tally } from './peers.ts'
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
  /** Looks with nothing behind them, decayed until `bareAt`. */
  bare: number
  bareAt: number
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

interface Parties {
  readonly employee: number
  readonly subject: number
  readonly office: number | null
  readonly person: Employee
  /** What was known of the two before this look. */
  readonly pair: Pair | undefined
}

interface Group {
  readonly name: string
  readonly tally: Tally
  readonly reservoir: Reservoir
  readonly highest: Highest
}

export interface EngineData {
  readonly names: readonly string[]
  readonly evidence: EvidenceData
  readonly pairs: readonly (readonly [number, Pair])[]
  readonly employees: readonly (readonly [number, Employee])[]
  readonly targets: readonly (readonly [number, Target])[]
  readonly offices: readonly (readonly [number, readonly { office: number; at: number }[]])[]
  readonly groups: readonly (readonly [
    string,
    { tally: Tally; kept: readonly Kept[]; highest: HighestData },
  ])[]
  readonly ticketLooks: readonly (readonly [string, string])[]
  readonly scored: number
}

const DAY_MS = 86_400_000
const MOST_TARGETS = 32
const MOST_NOTES = 24
const MOST_SEERS = 8
const FORGET_EVERY = 8_192
/** Among fewer looks, how often somebody looks says only what their desk is for. */
const OFTEN_FROM = 1_000
const OFTEN_HALF_LIFE_MS = 14 * DAY_MS
const PAIR_KEPT_MS = 180 * DAY_MS

export class Engine {
  readonly #names: Names
  readonly #evidence: Evidence
  readonly #told: ReadonlySet<Fact['kind']>
  readonly #pairs: PairMap<Pair>
  readonly #employees: Map<number, Employee>
  readonly #targets: PairMap<Target>
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
    this.#pairs = new PairMap(from?.pairs)
    this.#employees = new Map(from?.employees)
    this.#targets = new PairMap(from?.targets)
    this.#offices = new Map(from?.offices.map(([subject, seen]) => [subject, [...seen]]))
    this.#ticketLooks = new Map(from?.ticketLooks)
    this.#scored = from?.scored ?? 0
    for (const [name, { tally, kept, highest }] of from?.groups ?? [])
      this.#groups.set(name, {
        name,
        tally,
        reservoir: new Reservoir(kept),
        highest: new Highest(highest),
      })
  }

  /** Takes in a fact; gives the looks that it says something about, to be amended by whoever keeps them. */
  tell(fact: Fact): readonly { look: string; says: Later }[] {
    this.#evidence.tell(fact)
    if (fact.kind === 'later') return [{ look: fact.look, says: fact.says }]
    if (fact.kind === 'ticket' && fact.employee !== null) {
      const pair = this.#pairs.get(this.#names.of(fact.employee), this.#names.of(fact.subject))
      return pair !== undefined && fact.at - pair.lastAt <= OWN_TICKET_MS && fact.at > pair.lastAt
        ? [{ look: pair.lastLook, says: { ticketAfter: true } }]
        : []
    }
    if (fact.kind === 'ticket-closed') {
      const look = this.#ticketLooks.get(fact.id)
      const ticket = this.#evidence.ticket(fact.id)
      this.#ticketLooks.delete(fact.id)
      return look !== undefined && ticket !== undefined && isBrief(ticket)
        ? [{ look, says: { ticketBrief: true } }]
        : []
    }
    if (fact.kind === 'circle') {
      const pair = this.#pairs.get(this.#names.of(fact.employee), this.#names.of(fact.subject))
      return pair === undefined ? [] : [{ look: pair.lastLook, says: { circle: fact.tie } }]
    }
    return []
  }

  /** Scores a look at its moment; looks come in order of time. */
  score(access: Access): Scored {
    const parties = this.#partiesOf(access)
    const { employee, subject, person } = parties
    const ground = this.#evidence.groundOf(access, employee, subject)
    const around = this.#aroundOf(access, parties, ground)
    const speaks: Speaks = {
      looks: person.looks,
      explained: person.explained,
      denied: person.denied,
      contactAgo: ground.contactAgo,
    }
    const groups = this.#groupsAround(access)
    const level = levelOf(access, around.level, NOTHING_YET)
    const signs = readSigns(access, around, NOTHING_YET)
    const places = placesOf(signs)
    const { raised, look } = surprise(groups, signs, places, level)
    this.#rememberLook(access, parties, level, look)
    if (ground.bare) {
      person.bare = bareOf(person, access.at) + 1
      person.bareAt = access.at
    }
    const scored = this.#rank(
      { access, around, later: NOTHING_YET, level, signs, raised, look, speaks },
      parties,
    )
    const kept = keptOf(scored, employee)
    for (const { tally, reservoir, highest } of groups) {
      count(tally, places, access.at)
      reservoir.offer(kept, tally.looks)
      highest.offer(kept)
    }
    this.#scored += 1
    if (this.#scored % FORGET_EVERY === 0) this.#forget(access.at)
    return scored
  }

  /** Scores a look again with what became known about it at `at`. */
  amend(before: Scored, says: Later, at: number): Scored {
    const { access, around, speaks } = before
    const parties = this.#partiesOf(access)
    const later = { ...before.later, ...says }
    const groups = this.#groupsAround(access)
    const level = levelOf(access, around.level, later)
    const noted =
      says.note === undefined ? around : { ...around, copiedNote: isCopied(parties.person, says.note) }
    const signs = readSigns(access, noted, later)
    const places = placesOf(signs)
    const placesBefore = placesOf(before.signs)
    for (const { tally } of groups) count(tally, placesBefore, at, -1)
    const { raised, look } = surprise(groups, signs, places, level)
    for (const { tally } of groups) count(tally, places, at)
    this.#rememberChange(before, parties, { level, look, later }, at)
    const after = this.#rank({ access, around: noted, later, level, signs, raised, look, speaks }, parties)
    const kept = keptOf(after, parties.employee)
    for (const { reservoir, highest } of groups) {
      reservoir.amend(kept)
      highest.amend(kept)
    }
    return after
  }

  /** A confirmed misuse leaves the comparison: this pair's looks, and the person's other unexplained ones. */
  confirm(scored: Scored): void {
    const employee = this.#names.of(scored.access.employee)
    const isSurprising = (kept: Kept) => kept.values[0]! > EXCESS_FROM
    for (const { reservoir, highest } of this.#groups.values()) {
      reservoir.remove(employee, isSurprising)
      highest.remove(employee, isSurprising)
    }
  }

  /** An alert that led nowhere: what had gathered about this pair and this person begins anew. */
  clear(scored: Scored): void {
    const employee = this.#names.of(scored.access.employee)
    const pair = this.#pairs.get(employee, this.#names.of(scored.access.subject))
    if (pair !== undefined) pair.excess = 0
    const person = this.#employeeOf(employee)
    person.cusum = 0
    person.bare = 0
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
      pairs: this.#pairs.entries(),
      employees: [...this.#employees],
      targets: this.#targets.entries(),
      offices: [...this.#offices],
      groups: [...this.#groups].map(([name, { tally, reservoir, highest }]) => [
        name,
        { tally, kept: reservoir.kept(), highest: highest.data() },
      ]),
      ticketLooks: [...this.#ticketLooks],
      scored: this.#scored,
    }
  }

  /** Whether a person's looks without ground can be counted, and enough looks are known for the count to mean something. */
  #tellsOften(): boolean {
    return this.#scored >= OFTEN_FROM && this.#told.has('contact')
  }

  /** Whom a look is about, each looked up once. */
  #partiesOf(access: Access): Parties {
    const employee = this.#names.of(access.employee)
    const subject = this.#names.of(access.subject)
    const office = access.office === undefined ? null : this.#names.of(access.office)
    return {
      employee,
      subject,
      office,
      person: this.#employeeOf(employee),
      pair: this.#pairs.get(employee, subject),
    }
  }

  #aroundOf(access: Access, parties: Parties, ground: GroundOfLook): Around {
    const { at, note } = access
    const { employee, subject, office, person, pair } = parties
    const low = ground.level <= 1
    const seers = office === null || !low ? NOBODY : (this.#targets.get(office, subject)?.seers ?? NOBODY)
    let others = 0
    for (const seer of seers) if (seer.employee !== employee && at - seer.at <= OTHER_OFFICE_MS) others += 1
    let tied = 0
    if (low) {
      const ties = this.#evidence.tiesOf(subject)
      for (const one of person.targets) if (at - one.at <= RING_MS && ties.includes(one.subject)) tied += 1
    }
    return {
      level: ground.level,
      ownTicket: ground.ownTicket,
      ticketBrief: ground.ticketBrief,
      ticketAlone: ground.ticketAlone,
      often: this.#tellsOften() ? (ground.bare ? bareOf(person, at) : 0) : null,
      circle: this.#evidence.circleOf(employee, subject),
      ownTie: this.#evidence.ownTie(employee, subject),
      othersContact: ground.othersContact,
      repeats: pair === undefined ? 0 : pair.repeats * decay(at - pair.at),
      otherOffice: office === null ? null : this.#otherOffice(office, subject, at, ground.level),
      tiedTargets: this.#told.has('tie') ? tied : null,
      swarm: office === null ? null : this.#isCommon(subject, others) ? 0 : others,
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
  #otherOffice(own: number, subject: number, at: number, level: Level): boolean {
    if (level >= 2) return false
    const seen = this.#offices.get(subject) ?? NOWHERE
    return (
      seen.some((one) => one.office !== own && at - one.at <= OTHER_OFFICE_MS) &&
      (this.#targets.get(own, subject)?.seers.length ?? 0) < MOST_SEERS
    )
  }

  #rank(
    of: Omit<Scored, 'values' | 'ps' | 'p' | 'total' | 'hard' | 'peers' | 'compared'> & { look: number },
    parties: Parties,
  ): Scored {
    const { access, around, later, level, signs, raised, look, speaks } = of
    const values = level > 1 ? [look, 0, 0, 0] : [look, ...this.#chains(access.at, parties)]
    const { reservoir, highest, name } = this.#comparison(access)
    const own = reservoir.ownOf(parties.employee, access.at)
    const [few, many] = [reservoir.size - own.length, highest.others(parties.employee)]
    const ps = values.map((value, at) => reservoir.tail(at, value, own))
    const total = combine(ps)
    return {
      access,
      around,
      later,
      level,
      signs,
      raised,
      speaks,
      values,
      ps,
      p: (many < few ? null : highest.share(total, parties.employee)) ?? reservoir.tail(TOTAL, total, own),
      total,
      hard: hardFinding(around, later),
      peers: name,
      compared: Math.max(few, many),
    }
  }

  /** Pair, ring and employee, as they stand at this look. */
  #chains(at: number, { employee, subject, office, person }: Parties): number[] {
    // Forgotten where something is said about a look of half a year ago.
    const pair = this.#pairs.get(employee, subject)
    const target = office === null ? undefined : this.#targets.get(office, subject)
    const alone =
      target === undefined || target.seers.length < 2 || this.#isCommon(subject, target.seers.length - 1)
    const others = alone ? 0 : target.excess * decay(at - target.at)
    const ties = this.#evidence.tiesOf(subject)
    let cluster = 0
    for (const one of person.targets)
      if (one.subject !== subject && at - one.at <= RING_MS && ties.includes(one.subject))
        cluster += one.excess
    return [pair === undefined ? 0 : pair.excess * decay(at - pair.at), others + cluster, person.cusum]
  }

  #rememberLook(access: Access, parties: Parties, level: Level, look: number): void {
    const { at, note } = access
    const { subject, person, office } = parties
    const excess = Math.max(0, look - EXCESS_FROM)
    const low = level <= 1
    this.#rememberPair(access, parties, low, excess)
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
    if (office !== null) this.#rememberOffice(office, parties, at, low ? excess : null)
  }

  #rememberPair(
    { id, at }: Access,
    { employee, subject, pair }: Parties,
    low: boolean,
    excess: number,
  ): void {
    if (pair === undefined) {
      const repeats = low ? 1 : 0
      this.#pairs.set(employee, subject, { at, repeats, excess, looks: 1, lastLook: id, lastAt: at })
      return
    }
    const left = decay(at - pair.at)
    pair.at = at
    pair.repeats = pair.repeats * left + (low ? 1 : 0)
    pair.excess = pair.excess * left + excess
    pair.looks += 1
    pair.lastLook = id
    pair.lastAt = at
  }

  /** An office saw her: with how much surprise when unexplained, else null. */
  #rememberOffice(office: number, { employee, subject }: Parties, at: number, excess: number | null): void {
    const seen = this.#offices.get(subject)
    if (seen === undefined) this.#offices.set(subject, [{ office, at }])
    else if (seen.at(-1)!.office === office) seen.at(-1)!.at = at
    else {
      const others = seen.filter((one) => one.office !== office)
      this.#offices.set(subject, [...others.slice(-1), { office, at }])
    }
    if (excess === null) return
    const target = this.#targets.get(office, subject) ?? { at, excess: 0, seers: [] }
    target.excess = target.excess * decay(at - target.at) + excess
    target.at = at
    target.seers = [
      ...target.seers.filter((one) => one.employee !== employee).slice(1 - MOST_SEERS),
      { employee, at },
    ]
    this.#targets.set(office, subject, target)
  }

  /** Carries what changed about a look into its pair, office and employee. */
  #rememberChange(
    before: Scored,
    { subject, office, person, pair }: Parties,
    after: { level: Level; look: number; later: Later },
    at: number,
  ): void {
    const { access } = before
    const more = Math.max(0, after.look - EXCESS_FROM) - Math.max(0, before.values[0]! - EXCESS_FROM)
    const turned = Number(after.level <= 1) - Number(before.level <= 1)
    if (pair !== undefined) {
      const aged = decay(pair.at - access.at)
      pair.excess = Math.max(0, pair.excess + more * aged)
      pair.repeats = Math.max(0, pair.repeats + turned * aged)
    }
    if (office !== null && (more !== 0 || turned !== 0)) {
      const target = this.#targets.get(office, subject)
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
    const made = { name, tally: newTally(at), reservoir: new Reservoir(), highest: new Highest() }
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
      bare: 0,
      bareAt: 0,
      targets: [],
      notes: [],
    }
    this.#employees.set(employee, made)
    return made
  }

  #forget(now: number): void {
    this.#evidence.forget(now)
    this.#pairs.drop(({ lastAt }) => now - lastAt > PAIR_KEPT_MS)
    this.#targets.drop(({ at }) => now - at > 3 * HALF_LIFE_MS)
    for (const [id] of this.#ticketLooks)
      if (this.#evidence.ticket(id) === undefined) this.#ticketLooks.delete(id)
  }
}

const NO_PEERS = {}
const NOTHING_YET: Later = {}
const NOBODY: Target['seers'] = []
const NOWHERE: readonly { office: number; at: number }[] = []

/** Which signs are raised, and how much all of them surprise. */
function surprise(
  groups: readonly Group[],
  signs: Signs,
  places: readonly number[],
  level: Level,
): { raised: Raised[]; look: number } {
  let look = 0
  const raised: Raised[] = []
  for (let sign = 0; sign < signs.length; sign += 1) {
    const value = signs[sign] ?? null
    const found = value === null ? null : raise(groups, sign, value, places[sign]!, level)
    if (found === null) continue
    const part = SIGNS[sign]!.needsUnexplained && level > 1 ? EXPLAINED_SHARE : 1
    look += part * found.surprise
    raised.push({ sign, share: found.share, of: found.of, surprise: part * found.surprise })
  }
  return { raised, look }
}

function keptOf({ access, values, total }: Scored, employee: number): Kept {
  return { look: access.id, employee, at: access.at, values: [...values, total] }
}

/** Whether a person wrote a note before; it counts as written from now on. */
function isCopied(person: Employee, note: string): boolean {
  const copied = note !== '' && person.notes.includes(note)
  keepNote(person, note)
  return copied
}

function keepNote(person: Employee, note: string): void {
  if (note === '' || person.notes.includes(note)) return
  person.notes.push(note)
  if (person.notes.length > MOST_NOTES) person.notes.shift()
}

function bareOf({ bare, bareAt }: Employee, at: number): number {
  return bare === 0 ? 0 : bare * 2 ** (-Math.max(0, at - bareAt) / OFTEN_HALF_LIFE_MS)
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
