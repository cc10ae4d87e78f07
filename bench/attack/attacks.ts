import type { Attack } from './attack.ts'
import { CHAMPION_ATTACKS } from './champions.ts'
import { MACHINE_ATTACKS } from './machines.ts'
import { OUTSIDER_ATTACKS } from './outsiders.ts'
import { ADMINISTRATOR_ATTACKS, PAIR_ATTACKS, ROLE_ATTACKS } from './people.ts'

/** Every attack there is, in the order of the table. */
export const ATTACKS: readonly Attack[] = [
  ...CHAMPION_ATTACKS,
  ...PAIR_ATTACKS,
  ...ADMINISTRATOR_ATTACKS,
  ...MACHINE_ATTACKS,
  ...OUTSIDER_ATTACKS,
  ...ROLE_ATTACKS,
]
