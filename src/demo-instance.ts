import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { createPast, type Past } from '../demo/past.ts'
import { type DemoPerson, makePeople } from '../demo/people.ts'
import { beginningOf, DEMO_SEED, seedDemo, seedState } from '../demo/seed.ts'
import { formatNumber } from './calls/numbers.ts'
import { demoRoomsOf } from './demo-rooms.ts'
import { startDemoWitnesses } from './demo-witnesses.ts'
import { claimDatabase } from './instance.ts'
import { forgetKnownCheckpoint } from './ledger/known-checkpoint.ts'
import { knownCheckpointPath } from './ledger-key.ts'
import type { Config } from './platform/config.ts'
import type { Log } from './platform/log.ts'
import { migrate } from './platform/migrate.ts'
import { createDemoPhones, type DemoPhones, type PhonePerson } from './platform/sms/demo-phones.ts'
import { startSimulatedSmsc } from './platform/sms/simulated-smsc.ts'
import { type SimulatedPbx, startSimulatedPbx } from './platform/telephony/simulated.ts'
import { markAllEnded } from './platform/telephony/store.ts'
import { createCoreRooms, createRooms, type Outside, type Rooms } from './rooms.ts'
import type { World } from './world.ts'

/** The demo operator's surroundings: an SMS centre, a telephone exchange, phones that can be looked at, witnesses. */
export interface DemoSurroundings {
  readonly outside: Outside
  readonly pbx: SimulatedPbx
  readonly phones: DemoPhones
  close(): Promise<void>
}

/** Starts them on free ports of the loopback address; they speak the real protocols. */
export async function startDemoSurroundings(world: World, config: Config): Promise<DemoSurroundings> {
  const { clock, random, keys, database } = world
  const phones = createDemoPhones({
    db: database.db,
    sealer: keys.sealer,
    phoneKey: keys.prfKey('demo-phone'),
  })
  const systemId = 'care'
  const password = randomBytes(4).toString('hex')
  const smsc = await startSimulatedSmsc({ port: 0, systemId, password, clock, deliver: phones.deliver })
  const secret = randomBytes(32)
  await markAllEnded(database.db, clock.now())
  const eventsUrl = (): string => `http://${config.host}:${config.port}/telephony/events`
  const pbx = await startSimulatedPbx({ port: 0, secret, clock, random, eventsUrl })
  const witnesses = await startDemoWitnesses(world, config.publicUrl)
  return {
    outside: {
      smsc: { host: '127.0.0.1', port: smsc.port, systemId, password, from: 'AYEYAR' },
      pbx: { url: pbx.url, secret },
    },
    pbx,
    phones,
    close: async () => {
      await witnesses.close()
      await pbx.close()
      await smsc.close()
    },
  }
}

/**
 * Fills an empty demo directory with its past; does nothing for one that has it. One whose making was cut off is
 * emptied and made again: nobody has been shown anything of it.
 */
export async function fillDemo(
  world: World,
  config: Config,
  log: Log,
  progress: (done: number, phrase: string) => void,
): Promise<void> {
  const { db } = world.database
  const filled = await sql`SELECT 1 FROM platform.instance WHERE filled_at IS NOT NULL`.execute(db)
  if (filled.rows.length > 0) return
  const now = world.clock.now()
  const make = (): Promise<boolean> =>
    withPast(world, config, log, now, async (rooms, past, trace) => {
      if ((await seedState(rooms)) === 'half') return false
      const first = () => trace.commitMaskKeys()
      await seedDemo({ rooms, past, now, seed: DEMO_SEED, progress, first })
      return true
    })
  if (!(await make())) {
    await emptyDatabase(world)
    await make()
  }
  await sql`UPDATE platform.instance SET filled_at = now()`.execute(db)
}

async function withPast<T>(
  world: World,
  config: Config,
  log: Log,
  now: number,
  act: (rooms: ReturnType<typeof demoRoomsOf>, past: Past, trace: Rooms['trace']) => Promise<T>,
): Promise<T> {
  const past = createPast(beginningOf(now))
  const core = await createCoreRooms({ world: { ...world, clock: past.clock }, config, log })
  const rooms = createRooms(core, past)
  try {
    return await act(demoRoomsOf(rooms), past, rooms.trace)
  } finally {
    await rooms.close()
  }
}

async function emptyDatabase(world: World): Promise<void> {
  const { db, pool } = world.database
  const schemas = await sql<{ name: string }>`
    SELECT nspname AS name FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')`.execute(db)
  for (const { name } of schemas.rows) await sql`DROP SCHEMA ${sql.id(name)} CASCADE`.execute(db)
  forgetKnownCheckpoint(knownCheckpointPath(world.instance))
  await migrate(pool)
  await claimDatabase(pool, world.instance)
}

/** The people whose phones can be looked at, those of the story first; `search` is part of a name or number. */
export function findDemoPeople(): (search: string) => Promise<readonly PhonePerson[]> {
  const people = makePeople(DEMO_SEED).map(phonePersonOf)
  return async (search) => {
    const wanted = search.trim().toLowerCase()
    const digits = wanted.replace(/\D/g, '').replace(/^0/, '')
    return people
      .filter(
        ({ name, number }) =>
          name.en.toLowerCase().includes(wanted) ||
          name.my.includes(search.trim()) ||
          (digits.length >= 3 && number.includes(digits)),
      )
      .slice(0, 30)
  }
}

function phonePersonOf({ number, name, language, pin }: DemoPerson): PhonePerson {
  return {
    number,
    shown: formatNumber(number),
    name: { en: `${name.honorific} ${name.latn}`, my: name.my },
    language,
    ...(pin === null ? {} : { pin }),
  }
}
