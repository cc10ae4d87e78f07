import type { Disclosure } from './world.ts'

/**
 * The guilt model of Papadimitriou and Garcia-Molina (Data Leakage Detection, IEEE TKDE 23(1), 2011), as the peer:
 * the chance that a person leaked, from which of the leaked objects each had:
 * `1 - product over leaked objects they had of (1 - (1 - p) / number of people who had it)`, `p` the chance that an
 * object was guessed. To give it what it can use, an object is a row exactly as it stood on a screen (its minute, its
 * digits), so that different masks are different objects; with objects that are plain records, everybody who saw the
 * month would be equally guilty.
 */
export interface Guilt {
  readonly agent: string
  readonly chance: number
}

/** What of a row a person copies: the same text from the same screen. */
export interface LeakedObject {
  /** `2026-08-13 20:14` */
  readonly minute: string
  /** `•4•1•••` */
  readonly digits: string
}

/** Everybody's chance of guilt, highest first. */
export function askGuiltModel(
  leaked: readonly LeakedObject[],
  disclosures: readonly Disclosure[],
  p = 0.1,
): Guilt[] {
  const had = new Map<string, Set<string>>()
  for (const { agent, rows } of disclosures)
    for (const { seen } of rows) {
      const object = `${seen.day} ${seen.start.slice(0, 5)} ${seen.digits}`
      had.set(object, (had.get(object) ?? new Set()).add(agent))
    }
  const innocent = new Map<string, number>(disclosures.map(({ agent }) => [agent, 1]))
  for (const { minute, digits } of leaked) {
    const people = had.get(`${minute} ${digits}`)
    if (people === undefined) continue
    for (const agent of people)
      innocent.set(agent, (innocent.get(agent) as number) * (1 - (1 - p) / people.size))
  }
  return [...innocent]
    .map(([agent, chance]) => ({ agent, chance: 1 - chance }))
    .sort((a, b) => b.chance - a.chance)
}
