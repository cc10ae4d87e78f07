import type { LawfulFrame } from '../calls/lawful-frame.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'

/** The noes that several steps of a request share. */

/** A ground that the frame knows, and that is this side’s; null when it is. */
export function faultOfGround(ground: string, frame: LawfulFrame, by: 'filter' | 'operator'): Refusal | null {
  const found = frame.grounds.find(({ id }) => id === ground)
  if (found !== undefined && (found.by === by || found.by === 'both')) return null
  return refuse('ground-unknown', 'This is no ground of refusal here.', 'Choose one of the list.')
}

/** Reasons that must be written out, and are not; null when they are. */
export function tooShort(reason: string, frame: LawfulFrame): Refusal | null {
  if (reason.trim().length >= frame.limits.reasonLetters) return null
  return refuse(
    'reason-too-short',
    `Reasons are written out: ${frame.limits.reasonLetters} letters or more.`,
    'Say why, so that it can be read in a year.',
  )
}

/** Another role’s step. */
export function notYours(): Refusal {
  return refuse('not-your-step', 'This step is not your role’s.', 'Leave it to whoever has the role.')
}

/** Not at this step. */
export function notNow(): Refusal {
  return refuse('not-now', 'The request is not at this step.', 'Look at where it stands.')
}

/** Returned without a list. */
export function nothingMissing(): Refusal {
  return refuse(
    'nothing-missing',
    'A request is returned with a list of what is missing.',
    'Name at least one thing.',
  )
}

/** The filter of whoever filed. */
export function filterIsAnothers(): Refusal {
  return refuse(
    'filed-it-yourself',
    'Whoever filed a request does not filter it.',
    'Leave it to another officer.',
  )
}

/** A paper for which nobody waits. */
export function paperIsHere(): Refusal {
  return refuse('paper-here', 'The paper has come already.', 'Nothing needs to be done.')
}
