import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Actor, Context, Of } from './command.ts'
import { tooShort } from './noes.ts'
import type { Case } from './request.ts'

/**
 * The review after an emergency: somebody who turned neither key and prepared nothing says
 * whether the emergency was one. Of police emergency requests checked elsewhere about a third were not real. Pure.
 */
export function reviewAfter(
  one: Case,
  { finding, reasons }: Of<'after-review'>,
  actor: Actor,
  { now, frame }: Context,
): Case | Refusal {
  if (one.filing.urgency !== 'emergency')
    return refuse('no-emergency', 'Only an emergency is reviewed afterwards.', 'Nothing needs to be done.')
  if (one.afterReview !== null)
    return refuse('reviewed-already', 'This emergency was reviewed.', 'Read the finding.')
  const involved = [one.first?.by, one.second?.by, ...one.preparedBy]
  if (involved.includes(actor.id))
    return refuse(
      'reviews-own-ruling',
      'Somebody who turned no key and prepared nothing reviews an emergency.',
      'Ask another privacy officer, or counsel who did not rule.',
    )
  if (finding === 'confirmed' && one.filing.paper === null)
    return refuse(
      'paper-missing',
      'An emergency whose written paper has not come cannot be confirmed.',
      'Wait for the paper, or find that it is not confirmed.',
    )
  const short = tooShort(reasons, frame)
  if (short !== null) return short
  return { ...one, afterReview: { by: actor.id, at: now, finding, reasons } }
}

/** An emergency that was answered and that nobody has reviewed yet. */
export function reviewIsDue(one: Case): boolean {
  return one.filing.urgency === 'emergency' && one.deliveredAt !== null && one.afterReview === null
}
