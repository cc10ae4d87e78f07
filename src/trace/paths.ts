/**
 * A leak path: the shortest chain of calls by which a list may have travelled from an employee to whoever ended up with
 * it. Searched from both ends, because a log names everybody its subscriber spoke to: a chain of two links needs the
 * logs of its two ends only. A lead, never proof: in one town three quarters of random pairs are three links apart.
 */

/** One call between the owner of an opened log and somebody else; people are pseudonyms here. */
export interface Edge {
  readonly other: string
  /** Epoch seconds. */
  readonly at: number
}

/** Opens one person's log for the window and gives whom they were in touch with; null when it cannot be opened. */
export type OpenEdges = (person: string) => Promise<readonly Edge[] | null>

export interface PathLimits {
  /** Logs that may be opened. */
  readonly budget: number
  /** When the look was; nothing earlier carried the list on. Epoch seconds. */
  readonly from: number
  /** Half open; at most 14 days later. */
  readonly until: number
}

export interface Link {
  readonly between: readonly [string, string]
  readonly at: number
}

/** The best chain from one end to the other. */
export interface Path {
  readonly people: readonly string[]
  /** In order of time. */
  readonly links: readonly Link[]
}

export interface PathSearched {
  readonly path: Path | null
  readonly logsOpened: number
  /** The budget ended before the search did. */
  readonly cutShort: boolean
}

/** Who was in touch with more than this in the window is a shop, a bank or a taxi, and carries no meaning. */
export const HUB = 150
export const LONGEST_WINDOW_SECONDS = 14 * 86_400
export const BUDGET = 60
export const BUDGET_FURTHER = 250

/**
 * Finds the shortest time-ordered chain from `start` to `end`, of at most three links, and stops at the first length
 * that has one. Both ends' logs are opened first; then, for three links, those of whom the *end* was in touch with,
 * last calls first. The end's side, so that decoys, who have the same end, are compared over the same opened logs.
 */
export async function searchPath(start: string, end: string, logs: Logs): Promise<PathSearched> {
  const [ofStart, ofEnd] = [await logs.edges(start), await logs.edges(end)]
  const found = oneLink(start, end, ofStart) ?? twoLinks(start, end, ofStart, ofEnd)
  if (found !== null || ofStart === null || ofEnd === null) return resultOf(found, logs)
  return resultOf(await threeLinks({ start, end, ofStart, ofEnd }, logs), logs)
}

/**
 * How good a chain somebody else has to the same end, over the logs that are open already and their own `edges`: what
 * a decoy is counted by. Opens nothing.
 */
export async function gradeOfDecoy(
  start: string,
  end: string,
  edges: readonly Edge[] | null,
  opened: Logs,
  from: number,
): Promise<number> {
  const own = edges === null || isHub(edges) ? null : edges
  const logs: Logs = {
    ...opened,
    edges: async (person) => (person === start ? own : opened.known(person)),
  }
  return gradeOf((await searchPath(start, end, logs)).path, from)
}

/** Logs that a search opens, each once. */
export interface Logs {
  /** Null for a hub, for one that cannot be opened, and when the budget is spent. */
  edges(person: string): Promise<readonly Edge[] | null>
  /** As `edges`, of what is open already. */
  known(person: string): readonly Edge[] | null
  count(): number
  cutShort(): boolean
}

/** Opens each log once, within the budget, clipped to the window; a hub opens to nothing. */
export function createLogs(open: OpenEdges, { budget, from, until }: PathLimits): Logs {
  const known = new Map<string, readonly Edge[] | null>()
  let opened = 0
  let cutShort = false
  return {
    async edges(person) {
      const before = known.get(person)
      if (before !== undefined) return before
      if (opened >= budget) {
        cutShort = true
        return null
      }
      opened++
      const all = (await open(person))?.filter(({ at }) => at >= from && at < until) ?? null
      const edges = all === null || isHub(all) ? null : all
      known.set(person, edges)
      return edges
    },
    known: (person) => known.get(person) ?? null,
    count: () => opened,
    cutShort: () => cutShort,
  }
}

function resultOf(path: Path | null, logs: Logs): PathSearched {
  return { path, logsOpened: logs.count(), cutShort: logs.cutShort() && path === null }
}

function isHub(edges: readonly Edge[]): boolean {
  return new Set(edges.map(({ other }) => other)).size > HUB
}

function oneLink(start: string, end: string, ofStart: readonly Edge[] | null): Path | null {
  const first = earliest(ofStart?.filter(({ other }) => other === end) ?? [])
  return first === null ? null : { people: [start, end], links: [{ between: [start, end], at: first }] }
}

/** The chain that is over soonest: the earliest call to somebody, and the first call of theirs to the end after it. */
function twoLinks(
  start: string,
  end: string,
  ofStart: readonly Edge[] | null,
  ofEnd: readonly Edge[] | null,
): Path | null {
  if (ofStart === null || ofEnd === null) return null
  const firstTo = earliestByPerson(ofStart)
  let best: Path | null = null
  for (const { other, at } of ofEnd) {
    const before = firstTo.get(other)
    if (before === undefined || other === start || other === end || before > at) continue
    if (best === null || at < lastOf(best))
      best = {
        people: [start, other, end],
        links: [
          { between: [start, other], at: before },
          { between: [other, end], at },
        ],
      }
  }
  return best
}

interface Ends {
  readonly start: string
  readonly end: string
  readonly ofStart: readonly Edge[]
  readonly ofEnd: readonly Edge[]
}

/** Three links: the logs of the end's contacts are opened until all were or the budget is spent. */
async function threeLinks({ start, end, ofStart, ofEnd }: Ends, logs: Logs): Promise<Path | null> {
  const firstTo = earliestByPerson(ofStart)
  const lastFrom = latestByPerson(ofEnd)
  for (const each of [start, end]) {
    firstTo.delete(each)
    lastFrom.delete(each)
  }
  let best: Path | null = null
  for (const [far, after] of [...lastFrom].sort((a, b) => b[1] - a[1])) {
    for (const { other: near, at } of (await logs.edges(far)) ?? []) {
      const before = firstTo.get(near)
      if (before === undefined || near === far || before > at || at > after) continue
      const last = firstAfter(ofEnd, far, at)
      if (best === null || last < lastOf(best))
        best = {
          people: [start, near, far, end],
          links: [
            { between: [start, near], at: before },
            { between: [near, far], at },
            { between: [far, end], at: last },
          ],
        }
    }
  }
  return best
}

function firstAfter(edges: readonly Edge[], person: string, at: number): number {
  return edges.reduce(
    (first, edge) => (edge.other === person && edge.at >= at ? Math.min(first, edge.at) : first),
    Infinity,
  )
}

function earliest(edges: readonly Edge[]): number | null {
  return edges.length === 0 ? null : edges.reduce((first, { at }) => Math.min(first, at), Infinity)
}

function earliestByPerson(edges: readonly Edge[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const { other, at } of edges) first.set(other, Math.min(first.get(other) ?? Infinity, at))
  return first
}

function latestByPerson(edges: readonly Edge[]): Map<string, number> {
  const last = new Map<string, number>()
  for (const { other, at } of edges) last.set(other, Math.max(last.get(other) ?? -Infinity, at))
  return last
}

function lastOf({ links }: Path): number {
  return links.at(-1)?.at ?? Infinity
}

/** How good a chain is: fewer links, then over sooner after the look. Lower is better. */
export function gradeOf(path: Path | null, from: number): number {
  return path === null ? Infinity : path.links.length * 10 * LONGEST_WINDOW_SECONDS + (lastOf(path) - from)
}

/** The chance that such a chain means nothing, from matched decoys: `(1 + as good) / (1 + decoys)`. */
export function chanceOfNothing(asGood: number, decoys: number): number {
  return (1 + asGood) / (1 + decoys)
}
