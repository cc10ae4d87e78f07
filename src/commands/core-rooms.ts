import { systemClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { CoreRooms } from '../rooms.ts'
import type { World, WorldOptions } from '../world.ts'
import { type DataOptions, worldOptions } from './options.ts'
import { EXIT, print } from './terminal.ts'

/** Opens the core rooms for one command, beside a server or without one, and gives everything back. */
export async function withCoreRooms<T>(
  options: DataOptions,
  act: (rooms: CoreRooms) => Promise<T>,
): Promise<T> {
  const named = worldOptions(options)
  const { openCommandWorld } = await import('../world.ts')
  return withRoomsOf(await openCommandWorld(named), named, act)
}

/** As `withCoreRooms`, in a world that is open already, and is closed afterwards. */
export async function withRoomsOf<T>(
  world: World,
  { config }: Pick<WorldOptions, 'config'>,
  act: (rooms: CoreRooms) => Promise<T>,
): Promise<T> {
  try {
    const { createCoreRooms } = await import('../rooms.ts')
    const rooms = await createCoreRooms({
      world,
      config,
      log: createLog({ level: 'warn', clock: systemClock }),
    })
    return await act(rooms).finally(() => rooms.close())
  } finally {
    await world.close()
  }
}

/** Prints what was done, or says a refusal in one line and exits with no. */
export function tellDone<T extends object>(
  json: boolean | undefined,
  result: T | Refusal,
  lines: (done: T) => string[],
): void {
  if (!isRefusal(result)) {
    print(json === true, result, () => lines(result))
    return
  }
  process.exitCode = EXIT.no
  if (json === true) print(true, result, () => [])
  else process.stderr.write(`countersign: ${result.says} ${result.next} (${result.code})\n`)
}
