/**
 * Which entries of the ledger the police get, which of them without their text, and what stays in the house: pure. The
 * rule is that what is about other customers does not leave.
 */

/** Why something is not given. */
export const REASONS = ['another-customer', 'number-in-full', 'colleague', 'not-needed'] as const
export type Reason = (typeof REASONS)[number]

/** What an entry is to the case. */
export const PARTS = ['case', 'trace', 'look', 'conduct'] as const

/** An entry that goes into the bundle. */
export interface Picked {
  readonly index: number
  readonly part: (typeof PARTS)[number]
  readonly kind: string
  /** Null: with its text. Else only its header and its proof are given, and this is why. */
  readonly withheld: Reason | null
}

/** Entries that do not go into the bundle at all. */
export interface KeptOut {
  readonly why: Reason
  readonly entries: number
}

/** An entry as far as the choice needs it. */
export interface Candidate {
  readonly index: number
  readonly at: number
  readonly kind: string
  readonly subject: string | null
  readonly actor: string | null
  /** `of` of a disclosure: bill, rows, match, unmask, statement. */
  readonly of: string | null
}

/** What the choice is made for. */
export interface Matter {
  /** The customer whose log it is, and since when the number is hers (ms): before that it was another's. */
  readonly subject: string | null
  readonly since: number
  readonly involved: readonly string[]
  /** Indexes of the case's own steps, and of its traces' and searches' entries. */
  readonly steps: ReadonlySet<number>
  readonly traces: ReadonlySet<number>
}

/** Sorts every entry that the case touches. Order and doubles of the input do not matter. */
export function pickEntries(
  entries: readonly Candidate[],
  matter: Matter,
): { picked: Picked[]; keptOut: KeptOut[] } {
  const picked: Picked[] = []
  const out = new Map<Reason, number>()
  const unique = new Map(entries.map((entry) => [entry.index, entry]))
  for (const entry of [...unique.values()].sort((a, b) => a.index - b.index)) {
    const chosen = pick(entry, matter)
    if (typeof chosen === 'string') out.set(chosen, (out.get(chosen) ?? 0) + 1)
    else picked.push(chosen)
  }
  const keptOut = REASONS.flatMap((why) => (out.has(why) ? [{ why, entries: out.get(why)! }] : []))
  return { picked, keptOut }
}

function pick(entry: Candidate, matter: Matter): Picked | Reason {
  const { index, kind, subject, actor } = entry
  const given = (part: Picked['part'], withheld: Reason | null = null) => ({ index, part, kind, withheld })
  const own = subject !== null && subject === matter.subject && entry.at >= matter.since
  if (subject !== null && !own) return 'another-customer'
  if (matter.steps.has(index)) return given('case')
  if (matter.traces.has(index)) return given('trace')
  if (actor === null || !matter.involved.includes(actor)) return own ? 'colleague' : 'not-needed'
  if (own) return given('look', saysNumber(entry) ? 'number-in-full' : null)
  return kind === 'conduct-signed' ? given('conduct') : 'not-needed'
}

/** A number that was asked about or shown in full is somebody else's. */
function saysNumber({ kind, of }: Candidate): boolean {
  return kind === 'match' || of === 'match' || of === 'unmask' || of === 'statement'
}
