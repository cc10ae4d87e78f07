import { commitWith } from '../src/ledger/commit.ts'
import { CodedError, invariant } from '../src/platform/coded-error.ts'
import { readDemoArticles } from './articles.ts'
import { type DemoWorld, makeWorld } from './calls.ts'
import { type DemoPast, planPast } from './contacts.ts'
import type { DemoRooms } from './demo-rooms.ts'
import type { Past } from './past.ts'
import { type DemoPerson, KHIN_MAR_LWIN } from './people.ts'
import { liveContacts } from './seed-contacts.ts'
import { lawfulInterludes } from './seed-lawful.ts'
import { type Hired, hireStaff } from './seed-staff.ts'
import { beginCallFiles, type CallFilesOnDisk } from './write-call-files.ts'

/** The seed of the demo that `npm start` makes. */
export const DEMO_SEED = 'ayeyar'

/** `done` from 0 to 1, and what is happening, as the end of "The demo operator is being made: ...". */
export type SeedProgress = (done: number, phrase: string) => void

export interface SeedOptions {
  /** Built with `past`'s clock, texts, telephony and jobs. */
  readonly rooms: DemoRooms
  /** `createPast(beginningOf(now))`. */
  readonly past: Past
  /** Epoch ms: the end of the past. */
  readonly now: number
  readonly seed?: string
  readonly progress?: SeedProgress
  /** What comes before everything else, in a directory that was found empty: the keys' commitments. */
  readonly first?: () => Promise<void>
}

export type SeedCode = 'demo-half-seeded'

const DAY_MS = 86_400_000
/** The entry that a finished seeding leaves, and by which it is known. */
const SEEDED = 'demo-seeded'

/** When the demo's past begins, epoch ms: a month before its first calls, for people to be hired in. */
export function beginningOf(now: number, seed = DEMO_SEED): number {
  return makeWorld(seed, now).months[0].from * 1000 - 30 * DAY_MS
}

/** Whether this directory was filled: `no`, `half` when a seeding was interrupted, or `whole`. */
export async function seedState(
  rooms: Pick<DemoRooms, 'customers' | 'ledger'>,
): Promise<'no' | 'half' | 'whole'> {
  const { size } = await rooms.ledger.head()
  for (let before = size; before > 0; before -= 500) {
    const entries = await rooms.ledger.headers({ before, limit: 500 })
    if (entries.some(({ header }) => header?.kind === SEEDED)) return 'whole'
  }
  return size === 0 ? 'no' : 'half'
}

/**
 * Fills an empty directory through the real rooms: people are hired, numbers registered, calls filed, and contacts
 * of two months happen one after the other, each with its entries, at the time at which it is said to have happened.
 * The last entry says that all of it was made up.
 * @throws CodedError `demo-half-seeded` when the directory has entries already but not that last one.
 */
export async function seedDemo(options: SeedOptions): Promise<void> {
  const { rooms, past, now, seed = DEMO_SEED, progress = () => {} } = options
  const state = await seedState(rooms)
  if (state === 'whole') return
  if (state === 'half') {
    throw new CodedError<SeedCode>(
      'demo-half-seeded',
      'making the demo was interrupted: delete this data directory and its keys, and start again',
    )
  }
  await options.first?.()
  progress(0, 'drawing people and their circles')
  const world = makeWorld(seed, now)
  const plan = planPast(world)
  const onDisk = beginCallFiles(world)
  const hired = await hireAndFile(rooms, past, { world, plan, onDisk }, progress).finally(() =>
    onDisk.remove(),
  )
  const stage = { rooms, past, world, plan, hired }
  await liveContacts(
    stage,
    (done) => progress(0.6 + 0.39 * done, 'living through two months of contacts'),
    lawfulInterludes(stage, world.months[0].from * 1000, now),
  )
  past.clock.moveTo(Math.max(past.clock.now(), now))
  await past.jobs.runDue()
  await commitWith(rooms.db, rooms.ledger, (_trx, append) =>
    append({
      kind: SEEDED,
      header: { counts: { subscribers: world.people.length, contacts: plan.contacts.length } },
      body: { says: 'Everything before this entry was made up by the demo generator.', seed },
    }),
  )
  progress(1, 'done')
}

async function hireAndFile(
  rooms: DemoRooms,
  past: Past,
  { world, plan, onDisk }: { world: DemoWorld; plan: DemoPast; onDisk: CallFilesOnDisk },
  progress: SeedProgress,
): Promise<Hired> {
  progress(0.03, 'hiring sixty people')
  const hired = await hireStaff(rooms, past, world, plan)
  progress(0.08, 'writing articles')
  await rooms.saveArticles(readDemoArticles())
  progress(0.09, 'registering two thousand numbers')
  await registerPeople(rooms, world)
  progress(0.15, 'filing two months of calls')
  await fileCalls(rooms, onDisk, (done) => progress(0.15 + 0.45 * done, 'filing two months of calls'))
  return hired
}

const REGISTER_AT_ONCE = 500

/** Registers everybody's number, with her name, address and PIN as they were then. */
export async function registerPeople(rooms: Pick<DemoRooms, 'customers'>, world: DemoWorld): Promise<void> {
  for (let from = 0; from < world.people.length; from += REGISTER_AT_ONCE) {
    await rooms.customers.register(
      world.people.slice(from, from + REGISTER_AT_ONCE).map((person) => registrationOf(person, world)),
    )
  }
}

function registrationOf(person: DemoPerson, { months, now }: DemoWorld) {
  const registeredOn = months[0].from * 1000 - person.registeredDaysBefore * DAY_MS
  const ago = (days: number) => Math.max(registeredOn, now - days * DAY_MS)
  return {
    number: person.number,
    name: person.name,
    language: person.language,
    region: person.region,
    registeredOn,
    simChangedAt: person.simChangedDaysAgo === null ? null : ago(person.simChangedDaysAgo),
    forwarded: person.forwarded,
    addressOfRecord:
      person.address === null
        ? null
        : { kind: person.address.kind, address: person.address.address, since: ago(person.address.daysAgo) },
    secret: person.pin === null ? null : { kind: 'pin' as const, secret: person.pin, setAt: registeredOn },
  }
}

/** The switch's files are filed as any operator's would be. */
async function fileCalls(
  rooms: DemoRooms,
  onDisk: CallFilesOnDisk,
  progress: (done: number) => void,
): Promise<void> {
  const files = await onDisk.written((done) => progress(0.25 * done))
  const { quarantined } = await rooms.fileCalls({ files, progress: (done) => progress(0.25 + 0.75 * done) })
  invariant(quarantined === 0, 'the demo writes files that its own map can read')
}

/** Whom `demo` prints as the person to be: her number, as people write it. */
export const STORY_NUMBER = KHIN_MAR_LWIN
