import type { Access, CircleKind, Later, Level } from './look.ts'

/** What is read off a look: which signs there are, and how much each surprises. Pure. */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** How long a contact explains a look. */
export const CONTACT_EXPLAINS_MS = 72 * HOUR_MS
/** A ticket made by the looker this short before the look explains no more than a word. */
export const OWN_TICKET_MS = 30 * 60_000
/** How long after a ticket the contact that it is about may still be written down. */
export const TICKET_MET_MS = HOUR_MS
export const TICKET_EXPLAINS_MS = 10 * DAY_MS
export const TRANSFER_EXPLAINS_MS = 14 * DAY_MS
export const COMPLAINT_MS = 14 * DAY_MS
export const RING_MS = 14 * DAY_MS
export const OTHER_OFFICE_MS = 30 * DAY_MS
export const HALF_LIFE_MS = 30 * DAY_MS
export const OWN_HISTORY_MS = 30 * DAY_MS
/** No one sign surprises more than this (nats): 1 in 1,097. */
export const MOST_SURPRISE = 7
/** What of a look's surprise counts for pair and ring. */
export const EXCESS_FROM = 3
/** An ordered sign is raised when no more than this share of peers shows as much. */
export const RAISED_SHARE = 0.1
/** A peer group smaller than this is counted together with its parent. */
export const SMALL_GROUP = 200
/** The levels' shares in the combination: look, pair, ring, employee. */
export const LEVEL_WEIGHTS = [0.4, 0.25, 0.15, 0.2] as const
export const RAREST_CHAIN = 1 / 1000
/** Of these signs only so much counts where the customer was there. */
export const EXPLAINED_SHARE = 0.3

/**
 * The signs. A *flag* is up or down; an *amount* is ranked among peers. `needs` level 1 or less to count in full.
 * Order is the order of the vector.
 */
export const SIGNS = [
  { name: 'unexplained', of: 'level', needsUnexplained: false },
  { name: 'own-ticket', of: 'flag', needsUnexplained: false },
  { name: 'ticket-after', of: 'flag', needsUnexplained: false },
  { name: 'ticket-brief', of: 'flag', needsUnexplained: false },
  { name: 'circle', of: 'flag', needsUnexplained: false },
  { name: 'own-tie', of: 'flag', needsUnexplained: false },
  { name: 'others-contact', of: 'flag', needsUnexplained: true },
  { name: 'repeat', of: 'amount', needsUnexplained: true },
  { name: 'other-office', of: 'flag', needsUnexplained: true },
  { name: 'ring', of: 'amount', needsUnexplained: true },
  { name: 'swarm', of: 'amount', needsUnexplained: true },
  { name: 'off-shift', of: 'flag', needsUnexplained: true },
  { name: 'off-desk', of: 'flag', needsUnexplained: true },
  { name: 'rows', of: 'amount', needsUnexplained: true },
  { name: 'beyond', of: 'amount', needsUnexplained: true },
  { name: 'unmasked', of: 'amount', needsUnexplained: true },
  { name: 'no-note', of: 'flag', needsUnexplained: true },
  { name: 'copied-note', of: 'flag', needsUnexplained: true },
  { name: 'denied', of: 'flag', needsUnexplained: false },
  { name: 'flagged', of: 'flag', needsUnexplained: true },
  { name: 'complaint', of: 'flag', needsUnexplained: true },
  { name: 'browsing', of: 'amount', needsUnexplained: true },
  { name: 'match-alone', of: 'flag', needsUnexplained: false },
  { name: 'glass', of: 'flag', needsUnexplained: false },
  { name: 'ticket-alone', of: 'flag', needsUnexplained: false },
  { name: 'often', of: 'amount', needsUnexplained: true },
] as const
export type SignName = (typeof SIGNS)[number]['name']

/** Where a sign stands in the vector. */
export const AT = Object.fromEntries(SIGNS.map(({ name }, at) => [name, at])) as Record<SignName, number>

/** A look's signs; null where the log does not say. */
export type Signs = readonly (number | null)[]

/** What is known around a look when it happens. */
export interface Around {
  readonly level: Level
  /** A ticket of the looker's own, made within half an hour before. */
  readonly ownTicket: boolean
  readonly ticketBrief: boolean
  /** An older ticket of the looker's own, made when the looker had not heard from her. */
  readonly ticketAlone: boolean
  /** The looker's earlier looks with nothing behind them, decayed; 0 where this one has something. */
  readonly often: number | null
  readonly circle: CircleKind | null
  /** The looker's own number and hers call each other. */
  readonly ownTie: boolean | null
  /** The contact at hand was another customer's, of another account. */
  readonly othersContact: boolean | null
  /** Earlier unexplained looks of this pair, decayed. */
  readonly repeats: number
  readonly otherOffice: boolean | null
  /** Others whom she calls and whom the looker saw, unexplained, within 14 days. */
  readonly tiedTargets: number | null
  /** Colleagues of one office who looked at her, unexplained, decayed. */
  readonly swarm: number | null
  readonly copiedNote: boolean
  readonly flagged: boolean | null
  readonly complained: boolean | null
}

/** The vector of signs of a look, in the order of {@link SIGNS}. */
export function readSigns(access: Access, around: Around, later: Later): Signs {
  const level = levelOf(access, around.level, later)
  const low = level <= 1
  const matches = later.matches ?? access.matches
  const seconds = later.seconds ?? access.seconds
  const acted = later.acted ?? access.acted
  const note = later.note ?? access.note
  return [
    // unexplained, own-ticket, ticket-after, ticket-brief
    level,
    flag(around.ownTicket),
    flag(later.ticketAfter === true),
    flag(later.ticketBrief ?? around.ticketBrief),
    // circle, own-tie, others-contact
    flag((later.circle === undefined ? around.circle : later.circle) !== null),
    flag(around.ownTie),
    flag(around.othersContact),
    // repeat, other-office, ring, swarm
    low ? around.repeats : 0,
    flag(around.otherOffice),
    around.tiedTargets === null ? null : low ? around.tiedTargets : 0,
    around.swarm === null ? null : low ? around.swarm : 0,
    // off-shift, off-desk
    access.onShift === undefined ? null : flag(!access.onShift),
    access.ownDesk === undefined ? null : flag(!access.ownDesk),
    // rows, beyond, unmasked
    later.rows ?? access.rows ?? null,
    later.beyond ?? access.beyond ?? null,
    later.unmasked ?? access.unmasked ?? null,
    // no-note, copied-note
    note === undefined ? null : flag(note === ''),
    note === undefined ? null : flag(around.copiedNote),
    // denied, flagged, complaint
    flag(later.denied === true),
    flag(around.flagged),
    flag(around.complained),
    // browsing, match-alone, glass, ticket-alone, often
    seconds === undefined || acted === undefined ? null : acted || (matches ?? 0) > 0 ? 0 : seconds,
    matches === undefined ? null : flag(matches > 0 && low),
    access.brokenGlass === undefined ? null : flag(access.brokenGlass),
    flag(around.ticketAlone && low),
    around.often === null ? null : low ? around.often : 0,
  ]
}

/** How well a look is explained once everything is known: her own word is worth a contact, the looker's a ticket. */
export function levelOf(access: Access, level: Level, later: Later): Level {
  if (later.denied === true) return 0
  if (later.acknowledged === true) return 3
  if (access.brokenGlass === true && later.unjustified !== true) return level > 1 ? level : 1
  if (later.justified === true && level === 0) return 1
  return level
}

/** Findings that go straight to the queue, outside any budget, and to another office. */
export type Hard = 'denied' | 'own-number' | 'circle' | 'unjustified-glass'

/** The hard finding about a look, if there is one; the gravest first. */
export function hardFinding(around: Pick<Around, 'circle'>, later: Later): Hard | null {
  if (later.denied === true) return 'denied'
  if (later.unjustified === true) return 'unjustified-glass'
  const circle = later.circle === undefined ? around.circle : later.circle
  if (circle === 'own') return 'own-number'
  return circle === null ? null : 'circle'
}

/** -ln p, no more than {@link MOST_SURPRISE}. */
export function surpriseOf(share: number): number {
  return Math.min(MOST_SURPRISE, -Math.log(share))
}

/** What is left after `elapsed` milliseconds of something that halves in 30 days. */
export function decay(elapsed: number): number {
  return elapsed <= 0 ? 1 : 2 ** (-elapsed / HALF_LIFE_MS)
}

/**
 * One step of an employee's CUSUM, on whether a look was unexplained: the log likelihood ratio of a person who does
 * it twice as often as peers, or once a day more, against one who does it as often as they. `rate` is the peers'
 * share, `daily` the person's looks a day.
 */
export function stepCusum(sum: number, unexplained: boolean, rate: number, daily: number): number {
  const q0 = Math.min(0.5, Math.max(0.0005, rate))
  const q1 = Math.min(0.95, Math.max(2 * q0, q0 + 1 / Math.max(1, daily)))
  return Math.max(0, sum + (unexplained ? Math.log(q1 / q0) : Math.log((1 - q1) / (1 - q0))))
}

/**
 * Combines p-values that depend on each other in any way (Liu and Xie's Cauchy combination): the weighted sum of
 * tan((1/2 - p) pi), given as -ln of the p it stands for. A p near one would outweigh every other, so none counts as more than 0.95. What has gathered counts
 * as no rarer than {@link RAREST_CHAIN}, so that the look itself decides the order at the top.
 */
export function combine(ps: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < ps.length; i += 1) {
    const p = Math.min(0.95, i === 0 ? ps[i]! : Math.max(RAREST_CHAIN, ps[i]!))
    sum += LEVEL_WEIGHTS[i]! * Math.tan((0.5 - p) * Math.PI)
  }
  // atan loses its digits far out, where -ln p of a Cauchy tail is ln(pi sum).
  return sum > 1e6 ? Math.log(Math.PI * sum) : -Math.log(0.5 - Math.atan(sum) / Math.PI)
}

function flag(up: boolean | null): number | null {
  return up === null ? null : up ? 1 : 0
}
