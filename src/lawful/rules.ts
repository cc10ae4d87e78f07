import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Role } from '../staff/staff.ts'
import { reviewAfter } from './after-review.ts'
import { paperIsDue } from './clocks.ts'
import type { Actor, Command, Context, Of } from './command.ts'
import { complete } from './filing-rules.ts'
import {
  faultOfGround,
  filterIsAnothers,
  nothingMissing,
  notNow,
  notYours,
  paperIsHere,
  tooShort,
} from './noes.ts'
import type { Case, RequestState } from './request.ts'
import { answerChecks, rule, SECOND_ROLES, second } from './ruling.ts'

/**
 * A request's way: filed, filtered by another officer of the regulator, held against the operator's
 * standards, ruled on by counsel and by a second person of another role, produced, released by somebody else,
 * received. Pure; nobody skips a step or does two that must be two people's.
 */

const DESK_ROLES = ['counsel', ...SECOND_ROLES] as const satisfies readonly Role[]
const PREPARERS = ['counsel', 'investigator'] as const satisfies readonly Role[]

/** Who may do what at all; the rest of each rule stands in its step. */
const WHO: Record<Exclude<Command['do'], 'time'>, readonly Role[]> = {
  complete: ['regulator-officer'],
  take: ['regulator-officer'],
  filter: ['regulator-officer'],
  'answer-checks': PREPARERS,
  return: PREPARERS,
  rule: ['counsel'],
  second: SECOND_ROLES,
  produce: DESK_ROLES,
  release: DESK_ROLES,
  acknowledge: ['regulator-officer'],
  close: DESK_ROLES,
  withdraw: ['regulator-officer'],
  'bring-paper': ['regulator-officer'],
  'renew-secrecy': ['regulator-officer'],
  duress: DESK_ROLES,
  'after-review': ['privacy-officer', 'counsel'],
}

/** In which states a command makes sense. */
const WHEN: Record<Exclude<Command['do'], 'time'>, readonly RequestState[]> = {
  complete: ['returned'],
  take: ['received'],
  filter: ['filtering'],
  'answer-checks': ['reviewing'],
  return: ['reviewing'],
  rule: ['reviewing'],
  second: ['reviewing'],
  produce: ['approved', 'partly-approved'],
  release: ['produced'],
  acknowledge: ['delivered'],
  close: ['acknowledged', 'approved', 'partly-approved'],
  withdraw: ['received', 'filtering', 'reviewing', 'returned', 'approved', 'partly-approved', 'produced'],
  'bring-paper': [
    'received',
    'filtering',
    'reviewing',
    'returned',
    'approved',
    'partly-approved',
    'produced',
    'delivered',
    'acknowledged',
    'closed',
  ],
  'renew-secrecy': ['delivered', 'acknowledged', 'closed'],
  duress: ['received', 'filtering', 'reviewing', 'returned', 'approved', 'partly-approved', 'produced'],
  'after-review': ['delivered', 'acknowledged', 'closed'],
}

/** The next state of a request, or why not. */
export function step(one: Case, command: Command, context: Context): Case | Refusal {
  if (command.do === 'time') return passTime(one, context)
  const { actor } = context
  if (actor === null || !WHO[command.do].some((role) => actor.roles.includes(role))) return notYours()
  if (!WHEN[command.do].includes(one.state)) return notNow()
  return apply(one, command, actor, context)
}

function apply(
  one: Case,
  command: Exclude<Command, { do: 'time' }>,
  actor: Actor,
  context: Context,
): Case | Refusal {
  switch (command.do) {
    case 'complete':
      return complete(one, command, actor, context)
    case 'take':
      if (one.filers.includes(actor.id)) return filterIsAnothers()
      return { ...one, state: 'filtering', takenBy: actor.id }
    case 'filter':
      return filter(one, command, actor, context)
    case 'answer-checks':
      return answerChecks(one, command, actor, context)
    case 'return':
      if (command.missing.length === 0) return nothingMissing()
      return { ...one, state: 'returned', missing: command.missing, returnedAt: context.now, ...NO_KEYS }
    case 'rule':
      return rule(one, command, actor, context)
    case 'second':
      return second(one, command, actor, context)
    case 'produce':
    case 'release':
      return handOver(one, command.do, actor, context)
    case 'acknowledge':
      return { ...one, state: 'acknowledged' }
    case 'close':
      return close(one, context)
    case 'withdraw':
      return { ...one, state: 'withdrawn', endedAt: context.now }
    case 'bring-paper':
      if (one.filing.paper !== null || one.paperAt !== null) return paperIsHere()
      return { ...one, filing: { ...one.filing, paper: command.paper }, paperAt: context.now }
    case 'renew-secrecy':
      return renewSecrecy(one, command, context)
    case 'duress':
      return { ...one, state: 'duress', endedAt: context.now }
    case 'after-review':
      return reviewAfter(one, command, actor, context)
  }
}

const NO_KEYS = { first: null, second: null, scope: null } as const

function filter(one: Case, command: Of<'filter'>, actor: Actor, { now, frame }: Context): Case | Refusal {
  if (one.filers.includes(actor.id)) return filterIsAnothers()
  if (one.takenBy !== actor.id)
    return refuse('taken-by-another', 'Another officer is filtering this request.', 'Leave it to them.')
  const short = tooShort(command.reason, frame)
  if (short !== null) return short
  const done = { by: actor.id, at: now, outcome: command.outcome, reason: command.reason }
  if (command.outcome === 'returned') {
    if (command.missing.length === 0) return nothingMissing()
    return { ...one, state: 'returned', filter: done, missing: command.missing, returnedAt: now }
  }
  if (command.outcome === 'refused') {
    const fault = faultOfGround(command.ground, frame, 'filter')
    return fault ?? { ...one, state: 'refused', filter: done, ground: command.ground, endedAt: now }
  }
  if (!frame.categories.some(({ id }) => id === one.filing.category))
    return refuse(
      'category-not-listed',
      'This category is not on the list and cannot pass the filter.',
      'Refuse it as out of scope, or return it for the right category.',
    )
  return { ...one, state: 'reviewing', filter: done }
}

function handOver(one: Case, act: 'produce' | 'release', actor: Actor, { now }: Context): Case | Refusal {
  if (one.filing.preserveOnly)
    return refuse(
      'preserve-only',
      'This asks that records be kept, not handed over.',
      'They are handed over on a request of their own.',
    )
  if (act === 'produce') {
    if (one.second?.by === actor.id)
      return refuse(
        'approver-produces',
        'Whoever turned the second key does not produce.',
        'Ask a colleague.',
      )
    return { ...one, state: 'produced', producedBy: actor.id }
  }
  if (one.producedBy === actor.id)
    return refuse('producer-releases', 'Somebody else releases what you produced.', 'Ask a colleague.')
  return { ...one, state: 'delivered', releasedBy: actor.id, deliveredAt: now, endedAt: now }
}

function close(one: Case, { now }: Context): Case | Refusal {
  if (one.state !== 'acknowledged' && !one.filing.preserveOnly) return notNow()
  return { ...one, state: 'closed', endedAt: one.endedAt ?? now }
}

function renewSecrecy(one: Case, command: Of<'renew-secrecy'>, { now, frame }: Context): Case | Refusal {
  if (one.secrecyUntil === null || one.toldAt !== null || one.secrecyUntil <= now)
    return refuse(
      'secrecy-over',
      'The secrecy has ended; the customer has been told.',
      'Nothing can renew it.',
    )
  const short = tooShort(command.reason, frame)
  if (short !== null) return short
  const latest = one.secrecyUntil + frame.deadlines.secrecyDays * 86_400_000
  if (command.until <= one.secrecyUntil || command.until > latest)
    return refuse(
      'secrecy-too-long',
      `Secrecy is renewed for at most ${frame.deadlines.secrecyDays} days at a time.`,
      'Choose a nearer day.',
    )
  return { ...one, secrecyUntil: command.until }
}

function passTime(one: Case, { now, frame }: Context): Case | Refusal {
  const { clarifyDays, paperWithinHours } = frame.deadlines
  if (one.state === 'returned' && one.returnedAt !== null && now >= one.returnedAt + clarifyDays * 86_400_000)
    return { ...one, state: 'expired', ground: 'clarification-timeout', endedAt: now }
  if (paperIsDue(one) && !one.unratified && now >= one.receivedAt + paperWithinHours * 3_600_000)
    return { ...one, unratified: true }
  const opens = one.deliveredAt !== null && one.toldAt === null && (one.secrecyUntil ?? 0) <= now
  if (opens) return { ...one, toldAt: now }
  return notNow()
}
