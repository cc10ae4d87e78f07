import type { LawfulFrame } from '../calls/lawful-frame.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Actor, Context, Of } from './command.ts'
import { notYours } from './noes.ts'
import type { Case, Filing } from './request.ts'

/** How a request begins, and begins again when what was missing has come. Pure. */

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
    afterReview: null,
  }
}

/** The request as it is with what was missing: in front of the filter again, under everybody who filed or amended it. */
export function complete(
  one: Case,
  { filing }: Of<'complete'>,
  actor: Actor,
  context: Context,
): Case | Refusal {
  const again = fileRequest(filing, actor, context)
  if ('refused' in again) return again
  return { ...again, filedBy: one.filedBy, filers: [...new Set([...one.filers, actor.id])] }
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
