import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Rung } from './rules.ts'

/** When a link to a customer's phone may be sent, and when it still counts: pure rules. */

/** A link to allow a look lives as long as a code does; one to make a key in a shop a little longer. */
export const KEY_LINK_MS = { look: 5 * 60_000, enrol: 15 * 60_000 } as const
/** Links to one contact: three, a minute apart, as codes are. */
export const KEY_LINKS = { contact: 3, gapMs: 60_000 } as const

/** Null when one more link may be sent. `sent` newest first. */
export function maySendLink(sent: readonly number[], now: number): Refusal | null {
  if (sent.length >= KEY_LINKS.contact)
    return refuse(
      'key-asked-too-often',
      'Three links were sent in this contact.',
      'Verify in another way: her PIN, or photo ID in a shop.',
    )
  if (sent[0] !== undefined && now - sent[0] < KEY_LINKS.gapMs)
    return refuse(
      'key-asked-just-now',
      'A link was sent less than a minute ago.',
      'Wait a minute, then ask again.',
    )
  return null
}

/** Null when her own key may be asked: the first rung is passed as always, and nothing else has passed the second. */
export function mayAskKey(rung: Rung): Refusal | null {
  if (rung === 'none')
    return refuse('rung-too-low', 'The caller has shown nothing yet.', 'Verify that her phone is here first.')
  if (rung === 'person')
    return refuse('key-not-needed', 'It is her: that is proven already.', 'Ask for the look itself.')
  return null
}

/** Null when a link's answer still counts. */
export function linkCounts(ask: { state: string; untilAt: number }, now: number): Refusal | null {
  if (ask.state !== 'waiting') return linkSpent()
  if (now >= ask.untilAt)
    return refuse(
      'key-link-expired',
      'This link has run out. Nothing was opened.',
      'Ask the member of staff to send a new one.',
    )
  return null
}

/** A link that is unknown, was answered, or was overtaken by a newer one. */
export function linkSpent(): Refusal {
  return refuse(
    'key-link-spent',
    'This link was answered already, or a newer one was sent.',
    'Open the newest text, or ask the member of staff.',
  )
}
