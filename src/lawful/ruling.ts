import type { LawfulFrame } from '../calls/lawful-frame.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Role } from '../staff/staff.ts'
import { weighChecks } from './checks.ts'
import type { Actor, Context, Of } from './command.ts'
import { faultOfGround, tooShort } from './noes.ts'
import type { Answer, Case } from './request.ts'
import { faultOfScope, isWhole, narrower } from './scope.ts'

/** The operator's own decision: standards answered, and two keys of two roles. Pure. */

/** Roles that may hold the second key. Counsel never does: the first key is counsel's. */
export const SECOND_ROLES = ['privacy-officer', 'investigator'] as const satisfies readonly Role[]

/** The standards, answered by whoever prepares. */
export function answerChecks(
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

/** The first key: counsel’s. */
export function rule(one: Case, command: Of<'rule'>, actor: Actor, context: Context): Case | Refusal {
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

/** The second key: another person’s, of another role, who prepared nothing. The narrower answer stands. */
export function second(one: Case, command: Of<'second'>, actor: Actor, context: Context): Case | Refusal {
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
