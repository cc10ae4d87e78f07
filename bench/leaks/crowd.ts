import { createChance } from './chance.ts'

/**
 * Very many looks by people who have nothing to do with a leak: what their masks show of its rows is drawn as the
 * masks draw it (any three of a number's four places for a person, any two of those for a row, a coin for each flag),
 * from chance instead of AES, because a million looks of twenty rows are forty million draws.
 */
export interface CrowdRow {
  /** Names the number. */
  readonly number: string
  /** The four places that anybody may see, as bits. */
  readonly ever: number
}

/** Draws `looks` looks of `rows`, two hundred to a person, and hands each row's to `take`. */
export function drawCrowd(
  seed: number,
  looks: number,
  rows: readonly CrowdRow[],
  take: (look: number, row: number, places: number, seconds: boolean, exact: boolean) => void,
): void {
  const chance = createChance(seed)
  const numbers = [...new Set(rows.map(({ number }) => number))]
  const numberOf = rows.map(({ number }) => numbers.indexOf(number))
  const four = numbers.map((number) => bitsOf(rows.find((row) => row.number === number)?.ever ?? 0))
  let agent: number[][] = []
  for (let look = 0; look < looks; look++) {
    if (look % 200 === 0)
      agent = four.map((places) => {
        const out = chance.below(4)
        return places.filter((_, i) => i !== out)
      })
    for (let row = 0; row < rows.length; row++) {
      const draw = chance.below(12)
      const three = agent[numberOf[row] as number] as number[]
      const places = three.reduce((set, place, i) => (i === draw % 3 ? set : set | place), 0)
      take(look, row, places, draw >= 6, draw % 6 >= 3)
    }
  }
}

function bitsOf(set: number): number[] {
  return [0, 1, 2, 3, 4, 5, 6].map((place) => 1 << place).filter((bit) => (set & bit) !== 0)
}
