import { HIDDEN } from './cells.ts'

/**
 * How much a found list speaks for one disclosure (`docs/trace.md`). Every figure here is a ratio of what the list
 * shows under one disclosure's own masks to its average over all masks that could have been drawn. The masks are our
 * own randomness, so for whoever is innocent they are independent of whatever stands in the list, and the ratio has a
 * mean of at most 1 whatever somebody typed, left out or made up: an *e-value*. What is assumed about typing errors
 * decides how strong it gets for the guilty, never whether it is fair to the innocent.
 */

/** A set of the last seven places, place 0 first, as bits. */
export type Places = number

/** What one row of one disclosure shows; `undefined` of a row that it does not show at all. */
export interface Shown {
  /** Null where the row shows no number. */
  readonly places: Places | null
  /** Null where the row cannot tell, as a text has no duration. */
  readonly secondsShown: boolean | null
  readonly durationExact: boolean | null
}

/** A row that a disclosure does not show, as `encodeShown` writes it. */
export const NOT_SHOWN = 1152
const NO_PLACES = 127

/**
 * `Shown` as one small number, so that a million disclosures of twenty rows fit into 40 MB: the places (127: no
 * number), then each flag as no, yes, cannot tell.
 */
export function encodeShown(shown: Shown | undefined): number {
  if (shown === undefined) return NOT_SHOWN
  const flag = (up: boolean | null) => (up === null ? 2 : up ? 1 : 0)
  return (shown.places ?? NO_PLACES) + 128 * flag(shown.secondsShown) + 384 * flag(shown.durationExact)
}

/** The inverse of `encodeShown`. */
export function decodeShown(code: number): Shown | undefined {
  if (code === NOT_SHOWN) return undefined
  const flag = (n: number) => (n === 2 ? null : n === 1)
  const places = code % 128
  return {
    places: places === NO_PLACES ? null : places,
    secondsShown: flag(Math.floor(code / 128) % 3),
    durationExact: flag(Math.floor(code / 384)),
  }
}

/** What a found row says about the record that it was matched with, over every set of shown places. */
export interface RowEvidence {
  /** Equal for rows of one number: they share V and A, so they are weighed together. */
  readonly group: string
  /** V: the four places of this number that anybody may see; null where the row has no digits that speak. */
  readonly ever: Places | null
  /** The likelihood of what was typed for each set of shown places, 128 of them; null with `ever`. */
  readonly digits: Float64Array | null
  /** Likelihood that seconds stand there as they do: when not shown, when shown; null when the list cannot tell. */
  readonly seconds: readonly [number, number] | null
  /** The same for an exact length. */
  readonly exact: readonly [number, number] | null
}

const SETS = 128
const PLACES = 7

/** Bits set. */
export function countPlaces(set: Places): number {
  let n = 0
  for (let left = set; left > 0; left &= left - 1) n++
  return n
}

const BY_SIZE = Array.from({ length: PLACES + 1 }, (_, size) =>
  Array.from({ length: SETS }, (_, set) => set).filter((set) => countPlaces(set) === size),
)

const WITHIN = BY_SIZE.map((sets) =>
  Array.from({ length: SETS }, (_, set) => sets.filter((other) => (other & set) === other)),
)

/** The subsets of `size` within `set`. */
export function placesWithin(set: Places, size: number): readonly Places[] {
  return (WITHIN[size] as Places[][])[set] as Places[]
}

/** All pairs of the seven places: what is averaged over where nothing is known of any mask. */
export const ALL_PAIRS = BY_SIZE[2] as readonly Places[]

/**
 * For each set of shown places, the chance that a typist who misreads `errors` of the digits writes `patterns` (any of
 * them) where the record has `truth`. A shown digit is right, or wrong, or dropped; a hidden place stays hidden, or
 * becomes a digit.
 */
export function weighPatterns(patterns: readonly string[], truth: string, errors: number): Float64Array {
  const table = new Float64Array(SETS)
  for (const pattern of patterns) {
    const shown = new Float64Array(PLACES)
    const hidden = new Float64Array(PLACES)
    for (let i = 0; i < PLACES; i++) {
      const typed = pattern[i]
      shown[i] = typed === HIDDEN ? 0.2 * errors : typed === truth[i] ? 1 - errors : (0.8 * errors) / 9
      hidden[i] = typed === HIDDEN ? 1 - 0.3 * errors : (0.3 * errors) / 10
    }
    for (let set = 0; set < SETS; set++) {
      let chance = 1 / patterns.length
      for (let i = 0; i < PLACES; i++) chance *= (set >> i) & 1 ? (shown[i] as number) : (hidden[i] as number)
      table[set] = (table[set] as number) + chance
    }
  }
  return table
}

/** `meanOver(weighPatterns(...), ALL_PAIRS)`, without the table: the sum over pairs of products is half of (sum² - squares). */
export function averageOverPairs(patterns: readonly string[], truth: string, errors: number): number {
  let all = 0
  for (const pattern of patterns) {
    let none = 1
    let sum = 0
    let squares = 0
    for (let i = 0; i < PLACES; i++) {
      const typed = pattern[i]
      const shown = typed === HIDDEN ? 0.2 * errors : typed === truth[i] ? 1 - errors : (0.8 * errors) / 9
      const hidden = typed === HIDDEN ? 1 - 0.3 * errors : (0.3 * errors) / 10
      none *= hidden
      sum += shown / hidden
      squares += (shown / hidden) ** 2
    }
    all += (none * (sum ** 2 - squares)) / 2 / ALL_PAIRS.length
  }
  return all / patterns.length
}

/** As `weighPatterns` for digits typed without their places: `47`. */
export function weighLoose(typed: string, truth: string, errors: number): Float64Array {
  const table = new Float64Array(SETS)
  for (let set = 0; set < SETS; set++) {
    const digits = Array.from(truth).filter((_, i) => (set >> i) & 1)
    if (digits.length !== typed.length) {
      table[set] = (0.2 * errors) / 10 ** typed.length
      continue
    }
    table[set] = digits.reduce(
      (chance, digit, i) => chance * (digit === typed[i] ? 1 - errors : (0.8 * errors) / 9),
      1,
    )
  }
  return table
}

/** The mean of `table` over some sets. */
export function meanOver(table: Float64Array, sets: readonly Places[]): number {
  let sum = 0
  for (const set of sets) sum += table[set] as number
  return sum / sets.length
}

/** Rows made ready: what does not depend on any disclosure is worked out once. */
export interface Evidence {
  readonly rows: readonly RowEvidence[]
  /** Share of rows that come from somewhere else than the look they are held against, or were matched wrongly. */
  readonly strays: number
  /** A row's likelihood when it came from elsewhere: its average over all masks. */
  readonly stray: Float64Array
  /** Rows of one number, by their places in `rows`. */
  readonly groups: readonly (readonly number[])[]
  /** Natural logarithm of the denominator: of each group, the average over A of the product over rows. */
  readonly base: number
}

/** Makes rows ready to be held against disclosures. */
export function prepareEvidence(rows: readonly RowEvidence[], strays: number): Evidence {
  const stray = Float64Array.from(rows, averageOf)
  const groups = [...Map.groupBy(rows.keys(), (i) => (rows[i] as RowEvidence).group).values()]
  let base = 0
  for (const group of groups)
    base += Math.log(
      groupAverage(
        group.map((i) => ({ row: rows[i] as RowEvidence, stray: stray[i] as number })),
        strays,
      ),
    )
  return { rows, strays, stray, groups, base }
}

/** One row over all its masks: any two of V, either flag. */
function averageOf(row: RowEvidence): number {
  const digits =
    row.digits === null || row.ever === null ? 1 : meanOver(row.digits, placesWithin(row.ever, 2))
  return digits * averageFlags(row)
}

function averageFlag(flag: readonly [number, number] | null): number {
  return flag === null ? 1 : (flag[0] + flag[1]) / 2
}

/**
 * Rows of one number over all masks of somebody else: A is any three of V, the same for all the rows; then each row
 * shows any two of A. Averaging row by row instead would be wrong: ten rows of one number would then have a mean of
 * 232 for an innocent, not 1.
 */
function groupAverage(group: readonly { row: RowEvidence; stray: number }[], strays: number): number {
  const ever = group.find(({ row }) => row.ever !== null)?.row.ever ?? null
  if (ever === null) return group.reduce((product, { stray }) => product * stray, 1)
  const agents = placesWithin(ever, 3)
  let sum = 0
  for (const agent of agents) {
    const pairs = placesWithin(agent, 2)
    let product = 1
    for (const { row, stray } of group) {
      const digits = row.digits === null ? 1 : meanOver(row.digits, pairs)
      product *= (1 - strays) * digits * averageFlags(row) + strays * stray
    }
    sum += product
  }
  return sum / agents.length
}

/** The likelihood of a found row under what a disclosure shows of it. */
export function rowLikelihood(evidence: Evidence, i: number, shown: Shown | undefined): number {
  const { strays } = evidence
  const stray = strays * (evidence.stray[i] as number)
  return shown === undefined
    ? stray
    : (1 - strays) * plainLikelihood(evidence.rows[i] as RowEvidence, shown) + stray
}

/** Without the chance that the row is a stray. */
export function plainLikelihood(row: RowEvidence, shown: Shown): number {
  const digits =
    row.digits === null || row.ever === null
      ? 1
      : shown.places === null
        ? meanOver(row.digits, placesWithin(row.ever, 2))
        : (row.digits[shown.places] as number)
  return digits * flagLikelihood(row, shown)
}

/** Of both flags, whatever the digits. */
export function flagLikelihood(row: RowEvidence, shown: Shown): number {
  return ofFlag(row.seconds, shown.secondsShown) * ofFlag(row.exact, shown.durationExact)
}

/** Of both flags on average. */
export function averageFlags(row: RowEvidence): number {
  return averageFlag(row.seconds) * averageFlag(row.exact)
}

function ofFlag(flag: readonly [number, number] | null, up: boolean | null): number {
  if (flag === null) return 1
  return up === null ? averageFlag(flag) : flag[up ? 1 : 0]
}

/** Natural logarithm of a disclosure's e-value; `shown[i]` is what it shows of row `i`. */
export function logEvidence(evidence: Evidence, shown: readonly (Shown | undefined)[]): number {
  let log = -evidence.base
  for (let i = 0; i < evidence.rows.length; i++) log += Math.log(rowLikelihood(evidence, i, shown[i]))
  return log
}

/**
 * As `logEvidence`, of very many: `codes` has what each shows of each row, disclosure after disclosure. What a row
 * says of every code is looked up, so that a million disclosures take a moment.
 */
export function logEvidenceOfAll(evidence: Evidence, codes: Uint16Array, count: number): Float64Array {
  const width = evidence.rows.length
  const codesOfRow = NOT_SHOWN + 1
  const table = new Float64Array(width * codesOfRow)
  for (let i = 0; i < width; i++)
    for (let code = 0; code < codesOfRow; code++)
      table[i * codesOfRow + code] = Math.log(rowLikelihood(evidence, i, decodeShown(code)))
  const logs = new Float64Array(count)
  for (let one = 0, at = 0; one < count; one++) {
    let sum = -evidence.base
    for (let i = 0, place = 0; i < width; i++, at++, place += codesOfRow)
      sum += table[place + (codes[at] as number)] as number
    logs[one] = sum
  }
  return logs
}

/**
 * The same test within one person: against the other looks that this person might have had, whose A they share.
 * `agentPlaces[i]` is A of row `i`'s number. Given A, rows are independent, so row by row is right here.
 */
export function logEvidenceWithin(
  evidence: Evidence,
  shown: readonly (Shown | undefined)[],
  agentPlaces: readonly (Places | null)[],
): number {
  let log = 0
  for (const [i, row] of evidence.rows.entries()) {
    const stray = evidence.stray[i] as number
    const own = agentPlaces[i] ?? null
    const digits = row.digits === null || own === null ? null : meanOver(row.digits, placesWithin(own, 2))
    const average =
      digits === null ? stray : (1 - evidence.strays) * digits * averageFlags(row) + evidence.strays * stray
    log += Math.log(rowLikelihood(evidence, i, shown[i])) - Math.log(average)
  }
  return log
}

/**
 * The factor of one row alone, for showing which rows speak for a disclosure and which against: its likelihood there
 * over its average. Rows of one number are weighed together in the e-value, so these do not multiply to it.
 */
export function rowFactor(evidence: Evidence, i: number, shown: Shown | undefined): number {
  return rowLikelihood(evidence, i, shown) / (evidence.stray[i] as number)
}

/**
 * Natural logarithm of how much better somebody explains the list who imitates our style without having seen a mask:
 * any two of the seven places instead of any two of V. Far below 0 when every digit lies where our masks could show
 * one.
 */
export function logImitation(evidence: Evidence): number {
  let log = -evidence.base
  for (const row of evidence.rows)
    log += Math.log(
      row.digits === null ? averageFlags(row) : meanOver(row.digits, ALL_PAIRS) * averageFlags(row),
    )
  return log
}
