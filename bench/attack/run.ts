import type { Attack } from './attack.ts'
import { type House, openHouse, type Place } from './house.ts'
import type { Outcome } from './outcome.ts'
import { CUSTOMERS, openScene } from './scene.ts'
import { proveList, startWatchers } from './watchers.ts'

/** A person's looks are limited by the hour, and it is not this limit that most attacks are to meet. */
const MOST_IN_HOUSE = 8

/**
 * Runs attacks one after the other, and reads what came of each. Those that change the database, stop people or turn the
 * clock have a house of their own; the others share one, each with a victim of its own.
 */
export async function runAttacks(
  attacks: readonly Attack[],
  place: Place,
  progress: (attack: Attack) => void,
): Promise<{ outcomes: Outcome[]; failed: Error[] }> {
  const outcomes: Outcome[] = []
  const failed: Error[] = []
  let shared: House | null = null
  let inHouse = 0
  try {
    for (const [turn, attack] of attacks.entries()) {
      progress(attack)
      if (inHouse >= MOST_IN_HOUSE) {
        await shared?.close()
        shared = null
        inHouse = 0
      }
      const house: House =
        attack.alone === true ? await openHouse(place) : (shared ?? (await openHouse(place)))
      if (attack.alone !== true) shared = house
      inHouse += attack.alone === true ? 0 : 1
      try {
        outcomes.push(await runAttack(attack, house, attack.alone === true ? 0 : turn))
      } catch (cause) {
        failed.push(new Error(`the attack ${attack.id} could not be run`, { cause }))
      }
    }
  } finally {
    await shared?.close()
  }
  return { outcomes, failed }
}

async function runAttack(attack: Attack, house: House, turn: number): Promise<Outcome> {
  const scene = openScene(house, CUSTOMERS[turn % CUSTOMERS.length]!)
  const watchers = await startWatchers(scene)
  try {
    await attack.run(scene)
    const { id, who, tries } = attack
    const noticed = scene.stopped ? scene.noticed : await watchers.look(scene)
    const proves = scene.stopped || attack.unproven === true ? null : await proveList(scene)
    return { id, who, tries, taken: scene.loot.taken(), noticed, proves, met: [...scene.met] }
  } finally {
    watchers.stop()
    if (attack.alone === true && !scene.stopped) await scene.house.close()
  }
}
