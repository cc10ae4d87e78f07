import type { DataField } from '../calls/lawful-frame.ts'
import type { Subscriber } from '../customers/customers.ts'
import type { Field } from '../ledger/receipt.ts'
import { type Subject, unregisteredTenure } from '../vault/subject.ts'

/** A stretch of one number's log that one person held, or nobody who is registered. */
export interface Span {
  readonly tenure: string
  /** Epoch seconds, half open. */
  readonly from: number
  readonly until: number
  /** Null: no subscriber of ours then, such as a number of another network. */
  readonly holder: Subscriber | null
}

/** A window cut where holders change, earliest first: no span reaches over the end of a tenure. */
export function spansOf(
  subject: Subject,
  holders: readonly Subscriber[],
  window: { from: number; until: number },
): Span[] {
  const spans: Span[] = []
  let at = window.from
  const nobody = (until: number): void => {
    if (at < until) spans.push({ tenure: unregisteredTenure(subject), from: at, until, holder: null })
    at = Math.max(at, until)
  }
  for (const holder of holders) {
    const from = Math.max(at, holder.tenureFrom)
    const until = Math.min(window.until, holder.tenureUntil ?? window.until)
    if (from >= until) continue
    nobody(from)
    spans.push({ tenure: holder.tenure, from, until, holder })
    at = until
  }
  nobody(window.until)
  return spans
}

const VAULT_FIELDS: Record<DataField, readonly Field[]> = {
  time: ['start'],
  length: ['duration'],
  kind: ['kind', 'direction', 'answered'],
  'other-number': ['otherFull'],
  place: ['cell'],
  charge: ['charge'],
  holder: [],
}

/** What the vault is asked for, and nothing more. */
export function vaultFields(fields: readonly DataField[]): Field[] {
  return fields.flatMap((field) => VAULT_FIELDS[field])
}
