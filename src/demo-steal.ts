import { randomInt } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KHIN_MAR_LWIN, MYA_THANDAR_WIN, makePeople } from '../demo/people.ts'
import { DEMO_SEED } from '../demo/seed.ts'
import { THIRI } from '../demo/staff.ts'
import { formatNumber } from './calls/numbers.ts'
import { monthOf } from './care/period.ts'
import { invariant } from './platform/coded-error.ts'
import type { Config } from './platform/config.ts'
import { freePort } from './platform/free-port.ts'
import { type Snapshot, takeSnapshot } from './steal/copy.ts'
import type { Cast } from './steal/heist.ts'
import { type Copy, type Game, openGame } from './steal/house.ts'
import type { World } from './world.ts'

/** What `openDemoGame` needs of whoever starts servers: itself, since a copy is one more. */
export type StartCopy = (config: Config) => Promise<Copy['server'] & { close(): Promise<void> }>

/**
 * The game of the demo: each beginning is a server of its own, on a database of its own and with keys copied into a
 * temporary directory. The first beginning takes the snapshot from which every later one is made.
 */
export function openDemoGame(world: World, config: Config, startCopy: StartCopy): Game {
  let snapshot: Promise<Snapshot> | undefined
  const kept = mkdtempSync(join(tmpdir(), 'countersign-steal-'))
  const takeOnce = (): Promise<Snapshot> => {
    if (snapshot !== undefined) return snapshot
    // The witnesses first: one who has signed more than the copied log holds would rightly call it a fork.
    for (const [from, to] of placesOf(world, join(kept, 'data')))
      if (existsSync(from)) cpSync(from, to, { recursive: true })
    snapshot = takeSnapshot(world.database.url)
    snapshot.catch(() => {
      snapshot = undefined
    })
    return snapshot
  }
  const game = openGame({
    cast: () => castOf(world),
    chance: () => randomInt(2 ** 32) / 2 ** 32,
    openCopy: async () => openCopy(await takeOnce(), { kept, config, startCopy }),
  })
  return {
    get stage() {
      return game.stage
    },
    get cast() {
      return game.cast
    },
    begin: game.begin,
    handIn: game.handIn,
    close: async () => {
      await game.close()
      await (await snapshot)?.close()
      rmSync(kept, { recursive: true, force: true })
    },
  }
}

/** What makes an instance besides its database: who it is, its keys, and what its witnesses have signed. */
function placesOf({ instance }: World, data: string): readonly (readonly [string, string])[] {
  const { dataDirectory, keyDirectory } = instance
  return [
    [join(dataDirectory, 'instance.json'), join(data, 'instance.json')],
    [keyDirectory, `${data}.keys`],
    [`${dataDirectory}.witnesses`, `${data}.witnesses`],
  ]
}

async function openCopy(
  snapshot: Snapshot,
  { kept, config, startCopy }: { kept: string; config: Config; startCopy: StartCopy },
): Promise<Copy> {
  const databaseUrl = await snapshot.open()
  const directory = mkdtempSync(join(tmpdir(), 'countersign-steal-'))
  const clear = async (): Promise<void> => {
    await snapshot.drop(databaseUrl)
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    cpSync(kept, directory, { recursive: true })
    const dataDirectory = join(directory, 'data')
    const port = await freePort('localhost')
    const server = await startCopy({
      ...config,
      ...{ databaseUrl, dataDirectory, keyDirectory: `${dataDirectory}.keys`, intake: null },
      ...{ port, host: 'localhost', publicUrl: `http://localhost:${port}`, secureCookies: false },
    })
    return {
      server,
      close: async () => {
        await server.close()
        await clear()
      },
    }
  } catch (error) {
    await clear()
    throw error
  }
}

function castOf({ clock }: World): Cast {
  const people = makePeople(DEMO_SEED)
  const person = (number: string) => {
    const found = people.find((one) => one.number === number)
    invariant(found, 'the people of the story are in the demo')
    const { name } = found
    return {
      number,
      shown: formatNumber(found.number),
      name: { en: `${name.honorific} ${name.latn}`, my: name.my },
      pin: found.pin ?? '',
    }
  }
  const today = clock.now()
  return {
    desk: THIRI,
    customer: person(KHIN_MAR_LWIN),
    stranger: person(MYA_THANDAR_WIN),
    month: monthBefore(monthOf(today, OFFSET_MINUTES)),
  }
}

/** The demo's country. */
const OFFSET_MINUTES = 390

function monthBefore(month: string): string {
  const [year = 0, at = 1] = month.split('-').map(Number)
  return at === 1 ? `${year - 1}-12` : `${year}-${String(at - 1).padStart(2, '0')}`
}
