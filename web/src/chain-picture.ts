import type { Chain } from './api/court.ts'

/** Where everybody stands in the picture of a chain: from left to right as it travelled. Pure. */

export interface Placed {
  readonly width: number
  readonly height: number
  readonly people: readonly (Chain['people'][number] & { readonly x: number; readonly y: number })[]
  readonly links: readonly (Chain['links'][number] & {
    readonly path: string
    /** Where its words stand. */
    readonly x: number
    readonly y: number
  })[]
}

export const RADIUS = 34
const ACROSS = 190
const DOWN = 150
const LEFT = 90
const TOP = 60

/** Places people in columns: one to the right of whoever it came from, as far as links say. */
export function placeChain({ people, links }: Chain): Placed {
  const column = columnsOf({ people, links })
  const rows = new Map<number, number>()
  const placed = people.map((person) => {
    const x = column.get(person.id) ?? 0
    const row = rows.get(x) ?? 0
    rows.set(x, row + 1)
    return { ...person, x: LEFT + x * ACROSS, y: TOP + row * DOWN }
  })
  const at = new Map(placed.map((person) => [person.id, person]))
  const drawn = links.flatMap((link) => {
    const [from, to] = [at.get(link.from), at.get(link.to)]
    if (from === undefined || to === undefined) return []
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
    const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length]
    const gap = RADIUS + 3
    const path = `M${round(from.x + dx * gap)} ${round(from.y + dy * gap)} L${round(to.x - dx * gap)} ${round(to.y - dy * gap)}`
    return [{ ...link, path, x: round((from.x + to.x) / 2), y: round((from.y + to.y) / 2) }]
  })
  return {
    width: 2 * LEFT + Math.max(0, ...column.values()) * ACROSS,
    height: TOP + 90 + (Math.max(1, ...rows.values()) - 1) * DOWN,
    people: placed,
    links: drawn,
  }
}

/** The longest way from somebody to whom nothing leads; a circle is cut after as many steps as there are people. */
function columnsOf({ people, links }: Pick<Chain, 'people' | 'links'>): Map<string, number> {
  const column = new Map(people.map(({ id }) => [id, 0]))
  for (let round = 0; round < people.length; round += 1)
    for (const { from, to } of links) {
      const next = (column.get(from) ?? 0) + 1
      if (next > (column.get(to) ?? 0) && next < people.length) column.set(to, next)
    }
  return column
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}
