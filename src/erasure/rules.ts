import { type Refusal, refuse } from '../platform/refusal.ts'

/** Who acts: an officer at their desk. */
export interface Officer {
  readonly id: string
  readonly deskName: string
  readonly office: string
}

/** One person's holding of a number, or '' for what was filed while nobody was registered. Epoch seconds. */
export interface Holding {
  readonly tenure: string
  readonly from: number | null
  readonly until: number | null
}

/** What is known when somebody proposes. */
export interface Proposing {
  readonly holding: Holding | undefined
  readonly waiting: boolean
  readonly erased: boolean
}

/**
 * Whether an erasure may be proposed; null: it may. A number that is still held is refused: her key would be gone, and
 * what the switches deliver of her from then on would be lost unseen.
 */
export function mayPropose({ holding, waiting, erased }: Proposing): Refusal | null {
  if (holding === undefined)
    return refuse(
      'holding-not-found',
      'Nobody held this number then.',
      'Choose one of those that are listed.',
    )
  if (holding.tenure !== '' && holding.until === null)
    return refuse(
      'still-held',
      'This number is still hers: what comes in of her from now on would be lost with the log.',
      'Propose it again when her holding of the number has ended.',
    )
  if (erased) return refuse('erased-already', 'This log was erased before.', 'Nothing is left to be done.')
  if (waiting)
    return refuse(
      'erasure-waiting',
      'This is proposed already and waits for a second person.',
      'See what waits below.',
    )
  return null
}

/** Whether this officer's word carries it out; null: it does. */
export function mayDecide(
  request: { state: string; proposedBy: string } | null,
  by: Officer,
  what: 'approve' | 'decline',
): Refusal | null {
  if (request === null)
    return refuse('erasure-not-found', 'There is no such proposal.', 'See the list of those that wait.')
  if (request.state !== 'waiting')
    return refuse('erasure-decided', 'This was decided already.', 'See the list of those that were decided.')
  if (what === 'approve' && request.proposedBy === by.id)
    return refuse(
      'same-person',
      'You proposed this; somebody else must approve it.',
      'Ask another person who may approve.',
    )
  return null
}
