import type { Command } from 'commander'
import { systemClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { type DataOptions, dataOption, jsonOption, worldOptions } from './options.ts'
import { print, showProgress } from './terminal.ts'

/** `countersign demo seed`. */
export function addDemoCommand(program: Command): void {
  const demo = program.command('demo').description('the demo operator')
  demo
    .command('seed')
    .description('make a demo directory and fill it; does nothing where that was done')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(seed)
}

async function seed(options: DataOptions & { json?: boolean }): Promise<void> {
  const named = worldOptions(options)
  const { openServingWorld } = await import('../world.ts')
  const { fillDemo } = await import('../demo-instance.ts')
  const world = await openServingWorld({ ...named, born: 'demo' })
  const progress = showProgress('Making the demo operator')
  try {
    const log = createLog({ level: 'warn', clock: systemClock })
    await fillDemo(world, named.config, log, (done, phrase) => progress.update(done, phrase))
    progress.end()
    const { dataDirectory } = world.instance
    print(options.json === true, { data: dataDirectory, seeded: true }, () => [
      `The demo operator is in ${dataDirectory}. Serve it with: countersign serve --data ${dataDirectory}`,
    ])
  } finally {
    progress.end()
    await world.close()
  }
}
