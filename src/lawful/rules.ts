import type { LawfulFrame } from '../calls/lawful-frame.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Role } from '../staff/staff.ts'
import { type CheckAnswer, type CheckId, weighChecks } from './checks.ts'
import { paperIsDue } from './clocks.ts'
import type { Answer, Case, Filing, Paper, RequestState } from './request.ts'
import { faultOfScope, isWhole, narrower } from './scope.ts'

/**
 * A request's way (`domain.md` 4): filed, filtered by another officer of the regulator, held against the operator's
 * standards, ruled on by counsel and by a second person of another role, produced, released by somebody else,
 * received. Pure; nobody skips a step or does two that must be two people's.
 */

export interface Actor {
  readonly id: string
  readonly roles: readonly Role[]
}

export type Command =
  | { readonly do: 'complete'; readonly filing: Filing }
  | { readonly do: 'take' }
  | { readonly do: 'filter'; readonly outcome: 'passed'; readonly reason: string }
  | { readonly do: 'filter'; readonly outcome: 'refused'; readonly reason: string; readonly ground: string }
  | {
      readonly do: 'filter'
      readonly outcome: 'returned'
      readonly reason: string
      readonly missing: readonly string[]
    }
  | { readonly do: 'answer-checks'; readonly answers: readonly CheckGiven[] }
  | { readonly do: 'return'; readonly missing: readonly string[]; readonly reason: string }
  | { readonly do: 'rule'; readonly answer: Answer; readonly reasons: string }
  | { readonly do: 'second'; readonly answer: Answer; readonly reasons: string }
  | { readonly do: 'produce' }
  | { readonly do: 'release' }
  | { readonly do: 'acknowledge' }
  | { readonly do: 'close' }
  | { readonly do: 'withdraw'; readonly reason: string }
  | { readonly do: 'bring-paper'; readonly paper: Paper }
  | { readonly do: 'renew-secrecy'; readonly until: number; readonly reason: string }
  | { readonly do: 'duress'; readonly reason: string }
  /** By nobody: time has passed. */
  | { readonly do: 'time' }

/** One standard, answered. */
export interface CheckGiven {
  readonly check: CheckId
  readonly answer: CheckAnswer
  readonly reason: string
}

export interface Context {
  readonly now: number
  readonly frame: LawfulFrame
  /** Null: the machine itself, for `time` only. */
  readonly actor: Actor | null
}

/** Roles that may hold the second key. Counsel never does: the first key is counsel's. */
export const SECOND_ROLES = ['privacy-officer', 'investigator'] as const satisfies readonly Role[]
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
}

/** A request that has just been filed: it waits for another officer's filter. */
export function fileRequest(
  filing: Filing,
  actor: Actor,
  context: Pick<Context, 'now' | 'frame'>,
): Case | Refusal {
  if (!actor.roles.includes('regulator-officer')) return notYours()
  const fault = faultOfFiling(filing, context.frame, context.now)
  if (fault !== null) return fault
  return {
    state: 'received',
    filing,
    filedBy: actor.id,
    filers: [actor.id],
    receivedAt: context.now,
    takenBy: null,
    filter: null,
    checks: {},
    preparedBy: [],
    first: null,
    second: null,
    scope: null,
    ground: null,
    missing: [],
    returnedAt: null,
    producedBy: null,
    releasedBy: null,
    deliveredAt: null,
    endedAt: null,
    paperAt: null,
    unratified: false,
    secrecyUntil: filing.secrecyUntil,
    toldAt: null,
  }
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
  }
}

const NO_KEYS = { first: null, second: null, scope: null } as const

type Of<D extends Command['do']> = Extract<Command, { do: D }>

function complete(one: Case, { filing }: Of<'complete'>, actor: Actor, context: Context): Case | Refusal {
  const again = fileRequest(filing, actor, context)
  if ('refused' in again) return again
  return { ...again, filedBy: one.filedBy, filers: [...new Set([...one.filers, actor.id])] }
}

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

function answerChecks(
  one: Case,
  { answers }: Of<'answer-checks'>,
  actor: Actor,
  { now }: Context,
): Case | Refusal {
  // Once counsel has ruled, the ground it stands on may not move under the second key.
  if (one.first !== null)
    return refuse('ruled-already', 'Counsel has ruled on these answers.', 'Wait for the second key.')
  if (answers.some(({ reason }) => reason.trim().length < 3))
    return refuse('reason-too-short', 'An answer needs its reason.', 'Say why you think so.')
  const given = answers.map(({ check, answer, reason }) => [check, { answer, reason, by: actor.id, at: now }])
  return {
    ...one,
    checks: { ...one.checks, ...Object.fromEntries(given) },
    preparedBy: [...new Set([...one.preparedBy, actor.id])],
  }
}

function rule(one: Case, command: Of<'rule'>, actor: Actor, context: Context): Case | Refusal {
  if (one.first !== null)
    return refuse('ruled-already', 'Counsel has ruled already.', 'Wait for the second key.')
  const fault = faultOfAnswer(one, command, context)
  if (fault !== null) return fault
  const key = {
    by: actor.id,
    role: 'counsel',
    at: context.now,
    answer: command.answer,
    reasons: command.reasons,
  }
  // A refusal is the narrower answer whatever the second would say, so it stands at once.
  if (command.answer.kind === 'refuse')
    return { ...one, state: 'refused', first: key, ground: command.answer.ground, endedAt: context.now }
  return { ...one, first: key }
}

function second(one: Case, command: Of<'second'>, actor: Actor, context: Context): Case | Refusal {
  if (one.first === null) return refuse('first-key-first', 'Counsel has not ruled yet.', 'Wait for counsel.')
  if (one.first.by === actor.id || one.preparedBy.includes(actor.id) || actor.roles.includes('counsel'))
    return refuse(
      'prepared-it-yourself',
      'The second key is another person’s, of another role, who prepared nothing of this.',
      'Ask a privacy officer or an investigator who has not worked on it.',
    )
  if (needsPrivacyOfficer(one, context.frame) && !actor.roles.includes('privacy-officer'))
    return refuse(
      'privacy-officer-needed',
      'A request this wide needs the privacy officer’s key.',
      'Ask the privacy officer.',
    )
  const fault = faultOfAnswer(one, command, context)
  if (fault !== null) return fault
  const role = SECOND_ROLES.find((name) => actor.roles.includes(name))!
  const key = { by: actor.id, role, at: context.now, answer: command.answer, reasons: command.reasons }
  const stands = narrower(one.first.answer, command.answer)
  if (stands.kind === 'refuse')
    return { ...one, state: 'refused', second: key, ground: stands.ground, endedAt: context.now }
  const state = isWhole(stands.scope, one.filing) ? 'approved' : 'partly-approved'
  return { ...one, state, second: key, scope: stands.scope }
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

/** More numbers or longer than the frame's limit: the privacy officer must turn the second key. */
export function needsPrivacyOfficer({ filing }: Pick<Case, 'filing'>, { limits }: LawfulFrame): boolean {
  return (
    filing.identifiers.length > limits.identifiers ||
    filing.identifiers.some(({ from, until }) => until - from > limits.periodDays * 86_400)
  )
}

function faultOfAnswer(
  one: Case,
  { answer, reasons }: { answer: Answer; reasons: string },
  { frame }: Context,
): Refusal | null {
  const short = tooShort(reasons, frame)
  if (short !== null) return short
  if (answer.kind === 'refuse') return faultOfGround(answer.ground, frame, 'operator')
  const weighed = weighChecks(one.checks, { emergency: one.filing.urgency === 'emergency' })
  if (weighed.open.length > 0)
    return refuse(
      'checks-open',
      `Standards are not answered yet: ${weighed.open.join(', ')}.`,
      'Answer each with its reason.',
    )
  if (weighed.stop.length > 0)
    return refuse(
      'check-failed',
      `A standard is not met: ${weighed.stop.join(', ')}.`,
      'Return the request with what is missing, or refuse it.',
    )
  const fault = faultOfScope(answer.scope, one.filing, frame)
  if (fault !== null) return fault
  if (weighed.narrow.length > 0 && isWhole(answer.scope, one.filing))
    return refuse(
      'must-be-narrowed',
      `A standard asks for less: ${weighed.narrow.join(', ')}.`,
      'Strike out what is too much.',
    )
  return null
}

function faultOfFiling(filing: Filing, frame: LawfulFrame, now: number): Refusal | null {
  if (filing.frame !== frame.id) return badFiling('frame', 'it is filed under another legal frame')
  if (!frame.authorities.some(({ id }) => id === filing.authority))
    return badFiling('authority', 'it is not in the directory of authorities')
  if (!frame.bases.some(({ code }) => code === filing.basis))
    return badFiling('basis', 'it is no legal basis of this frame')
  if (filing.identifiers.length === 0) return badFiling('identifiers', 'at least one must be named')
  if (filing.identifiers.some(({ from, until }) => from >= until))
    return badFiling('identifiers', 'a window ends before it begins')
  if (filing.identifiers.some(({ from }) => from * 1000 > now) && !filing.preserveOnly)
    return badFiling('identifiers', 'a window lies in the future')
  if (filing.fields.length === 0 && !filing.asksContent)
    return badFiling('fields', 'at least one must be named')
  if (filing.urgency === 'emergency' && (filing.threatToLife ?? '').trim().length < 10)
    return badFiling('threatToLife', 'an emergency says whose life is at risk, and why')
  if (filing.urgency !== 'emergency' && filing.paper === null)
    return badFiling('paper', 'only in an emergency may the paper follow')
  if (filing.secrecyUntil !== null) {
    const latest = now + frame.deadlines.secrecyDays * 86_400_000
    if (filing.secrecyUntil <= now || filing.secrecyUntil > latest)
      return badFiling(
        'secrecyUntil',
        `secrecy ends within ${frame.deadlines.secrecyDays} days, and may be renewed`,
      )
  }
  return null
}

function badFiling(field: string, why: string): Refusal {
  return refuse('filing-wrong', `${field}: ${why}.`, 'Correct it and file again.')
}

function faultOfGround(ground: string, frame: LawfulFrame, by: 'filter' | 'operator'): Refusal | null {
  const found = frame.grounds.find(({ id }) => id === ground)
  if (found !== undefined && (found.by === by || found.by === 'both')) return null
  return refuse('ground-unknown', 'This is no ground of refusal here.', 'Choose one of the list.')
}

function tooShort(reason: string, frame: LawfulFrame): Refusal | null {
  if (reason.trim().length >= frame.limits.reasonLetters) return null
  return refuse(
    'reason-too-short',
    `Reasons are written out: ${frame.limits.reasonLetters} letters or more.`,
    'Say why, so that it can be read in a year.',
  )
}

function notYours(): Refusal {
  return refuse('not-your-step', 'This step is not your role’s.', 'Leave it to whoever has the role.')
}

function notNow(): Refusal {
  return refuse('not-now', 'The request is not at this step.', 'Look at where it stands.')
}

function nothingMissing(): Refusal {
  return refuse(
    'nothing-missing',
    'A request is returned with a list of what is missing.',
    'Name at least one thing.',
  )
}

function filterIsAnothers(): Refusal {
  return refuse(
    'filed-it-yourself',
    'Whoever filed a request does not filter it.',
    'Leave it to another officer.',
  )
}

function paperIsHere(): Refusal {
  return refuse('paper-here', 'The paper has come already.', 'Nothing needs to be done.')
}
