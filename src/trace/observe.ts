import type { Match, Settled } from './align.ts'
import { secondsSeen } from './align.ts'
import { HIDDEN } from './cells.ts'
import { type Places, type RowEvidence, weighLoose, weighPatterns } from './evidence.ts'

/**
 * What the matched rows of a list show, before any disclosure is held against them: how carefully it was typed, and
 * whether seconds and exact lengths survived. All of it is worked out from the list and the log alone; the masks of
 * disclosures are not looked at, so whatever is decided here is the same for all of them.
 */
export interface Observed {
  readonly rows: readonly RowEvidence[]
  /** Share of the typed digits that are not the record's. */
  readonly errors: number
  /** Share of rows in which no digit is the record's: matched wrongly, made up, or from another source. */
  readonly strays: number
  /** Rows with digits that speak: some shown and some hidden. */
  readonly withDigits: number
  /** Rows that give the whole number: a mask says nothing of those. */
  readonly withFullNumber: number
  /** Whether seconds tell looks apart, and exact lengths. */
  readonly channels: { readonly seconds: boolean; readonly exact: boolean }
}

/** A list whose times all have seconds has them from elsewhere, one in which none has them was rounded. */
const FEWEST_WITH = 0.12
const MOST_WITH = 0.9
const FEWEST_ROWS = 3
const LEAST_STRAYS = 0.005
const MOST_STRAYS = 0.1
const LEAST_ERRORS = 0.005
const MOST_ERRORS = 0.3

/** Weighs what was typed. `everOf` gives V of a record's number, from the mask keys. */
export function observe(
  matches: readonly Match[],
  settled: Settled,
  everOf: (match: Match) => Places | null,
): Observed {
  const { errors, strays } = careOf(matches)
  const seconds = channelOf(matches.map((match) => secondsKept(match)))
  const exact = channelOf(matches.map((match) => exactKept(match, settled)))
  const rows = matches.map((match, i): RowEvidence => {
    const ever = everOf(match)
    const digits = ever === null ? null : digitsOf(match, errors)
    return {
      group: match.record.party,
      ever: digits === null ? null : ever,
      digits,
      seconds: seconds === null ? null : flagOf(seconds[i] ?? null, errors),
      exact: exact === null ? null : flagOf(exact[i] ?? null, errors),
    }
  })
  return {
    rows,
    errors,
    strays,
    withDigits: rows.filter((row) => row.digits !== null).length,
    withFullNumber: matches.filter(({ row }) => row.party?.kind === 'full').length,
    channels: { seconds: seconds !== null, exact: exact !== null },
  }
}

function digitsOf({ row, record }: Match, errors: number): Float64Array | null {
  const { party } = row
  if (party === null || record.digits === null) return null
  if (party.kind === 'loose') return weighLoose(party.digits, record.digits, errors)
  if (party.kind !== 'masked') return null
  // A number typed in full, but for hidden marks left by mistake, tells no mask.
  return party.patterns.every((pattern) => !pattern.includes(HIDDEN))
    ? null
    : weighPatterns(party.patterns, record.digits, errors)
}

/**
 * Wrong digits over all digits, leaning on 3 in 100 while there are few. A row in which nothing is right was matched
 * wrongly or made up: it says nothing of how the others were typed, and how many there are is the share of strays.
 */
function careOf(matches: readonly Match[]): { errors: number; strays: number } {
  let wrong = 0.6
  let digits = 20
  let astray = 0.1
  let rows = 10
  for (const { row, record } of matches) {
    if (row.party?.kind !== 'masked' || record.digits === null) continue
    const pattern = row.party.patterns[0] as string
    const typed = Array.from(pattern).flatMap((char, i) =>
      char === HIDDEN ? [] : [char === record.digits?.[i]],
    )
    const right = typed.filter(Boolean).length
    if (row.party.patterns.length > 1) continue
    rows++
    if (typed.length > 1 && right === 0) {
      astray++
      continue
    }
    wrong += typed.length - right
    digits += typed.length
  }
  return {
    errors: Math.min(MOST_ERRORS, Math.max(LEAST_ERRORS, wrong / digits)),
    strays: Math.min(MOST_STRAYS, Math.max(LEAST_STRAYS, astray / rows)),
  }
}

/** The list's flags row by row, or null when all of them, or none, have it, so that it tells nothing. */
function channelOf(kept: readonly (boolean | null)[]): readonly (boolean | null)[] | null {
  const told = kept.filter((one) => one !== null)
  const share = told.filter(Boolean).length / told.length
  return told.length >= FEWEST_ROWS && share >= FEWEST_WITH && share <= MOST_WITH ? kept : null
}

/** Seconds that stand there and are the record's; `:00` behind every time is a spreadsheet's doing. */
function secondsKept({ row, record }: Match): boolean | null {
  if (row.when?.minute == null) return null
  if (row.when.seconds === null) return false
  return row.when.seconds !== 0 || record.start % 60 === 0
}

function exactKept({ row, record }: Match, settled: Settled): boolean | null {
  const seen = secondsSeen(row, settled)
  if (seen === null || record.durationSeconds === null) return null
  return seen.exact && !(seen.seconds % 60 === 0 && record.durationSeconds % 60 !== 0)
}

/** Likelihood of what is seen when the look did not show it, and when it did. */
function flagOf(seen: boolean | null, errors: number): readonly [number, number] | null {
  if (seen === null) return null
  const without = 0.1 * errors + 0.001
  const shown = 1 - errors - 0.02
  return seen ? [without, shown] : [1 - without, 1 - shown]
}
