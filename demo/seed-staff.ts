import { invariant } from '../src/platform/coded-error.ts'
import { isRefusal, type Refusal } from '../src/platform/refusal.ts'
import { RULES_BEFORE_THE_CASE } from '../src/staff/verification-policy.ts'
import { readDemoConduct } from './articles.ts'
import type { DemoWorld } from './calls.ts'
import type { DemoPast } from './contacts.ts'
import type { DemoRooms } from './demo-rooms.ts'
import type { Past } from './past.ts'
import type { DemoStaff } from './staff.ts'

/** Staff ids by desk name. */
export type Hired = ReadonlyMap<string, string>

/** Whoever fills a demo directory, as entries name it. */
export const DEMO_ACTOR = { system: 'demo' } as const

const DAY_MS = 86_400_000

/** What must not be refused while the past is made up. */
export function granted<T>(result: T | Refusal): Exclude<T, Refusal> {
  invariant(!isRefusal(result), isRefusal(result) ? `the demo was refused: ${result.code}` : 'granted')
  return result as Exclude<T, Refusal>
}

/**
 * Hires everybody, has them sign the code of conduct and trained, loads the roster, declares their own and their
 * household's numbers, and puts the first rules for callers into force: one clerk's word for a photo ID.
 */
export async function hireStaff(
  rooms: DemoRooms,
  past: Past,
  world: DemoWorld,
  plan: DemoPast,
): Promise<Hired> {
  const { people, work, conduct, verification } = rooms.staff
  granted(await verification.install(DEMO_ACTOR, RULES_BEFORE_THE_CASE, 'The rules of the first day.'))
  const { version } = granted(
    await conduct.publish(DEMO_ACTOR, readDemoConduct(), 'The first code of conduct.'),
  )
  const hired = new Map<string, string>()
  for (const { deskName, name, office, team, role } of plan.staff) {
    const added = granted(
      await people.addWithRoles(DEMO_ACTOR, { name, office, team, deskName, roles: [role] }),
    )
    hired.set(deskName, added.id)
  }
  past.clock.pass(DAY_MS)
  await Promise.all(
    plan.staff.map((member) =>
      introduce(rooms, world, member, hired.get(member.deskName)!, version, past.clock.now()),
    ),
  )
  const roster = plan.roster.map(({ deskName, from, until }) => ({
    staffId: hired.get(deskName)!,
    from,
    until,
  }))
  granted(await work.loadRoster(DEMO_ACTOR, roster))
  return hired
}

async function introduce(
  rooms: DemoRooms,
  world: DemoWorld,
  member: DemoStaff,
  id: string,
  conductVersion: number,
  at: number,
): Promise<void> {
  const { work, conduct, circle } = rooms.staff
  granted(await conduct.sign(DEMO_ACTOR, id, conductVersion))
  const course = { course: 'call-detail', passedAt: at, expiresAt: world.now + 400 * DAY_MS }
  granted(await work.recordTraining(DEMO_ACTOR, id, course))
  for (const [place, index] of member.numbers.entries()) {
    const { number } = world.people[index]!
    granted(await circle.declare(DEMO_ACTOR, id, { kind: place === 0 ? 'own' : 'household', number }))
  }
}
