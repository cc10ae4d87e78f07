import type { Command } from 'commander'
import { examine, type Finding, type Health } from '../doctor.ts'
import { findInstance } from '../instance.ts'
import { systemClock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import { openDatabase } from '../platform/database.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { findUnlock } from './passphrase.ts'
import { EXIT, print } from './terminal.ts'

interface DoctorOptions extends DataOptions {
  readonly json?: boolean
}

const MARKS: Record<Health, string> = { well: 'ok  ', unset: '-   ', warning: 'warn', wrong: 'BAD ' }

/** `countersign doctor`. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'look at database, schema, keys, clock, disk and everything around; say what is wrong and what to do; change nothing',
    )
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(doctor)
}

async function doctor(options: DoctorOptions): Promise<void> {
  const { config } = worldOptions(options)
  const instance = findInstance(config)
  if (instance === null)
    throw new CodedError(
      'no-instance',
      `there is no instance in ${config.dataDirectory}: make one with "countersign init --data ${config.dataDirectory}"`,
    )
  const unlock = await findUnlock(instance, { ...options, hsm: config.hsm })
  const { findRunningDatabase } = await import('../world.ts')
  const running = await findRunningDatabase(instance, config)
  const { pool, db, close } = openDatabase({ url: running.url, max: 2 })
  try {
    const findings = await examine({
      config: { ...config, demo: instance.born === 'demo' },
      instance,
      pool,
      db,
      unlock,
      clock: systemClock,
    })
    const ok = findings.every(({ health }) => health !== 'wrong')
    if (!ok) process.exitCode = EXIT.no
    print(options.json === true, { ok, findings }, () => findings.flatMap(linesOf))
  } finally {
    await close()
    await running.stop()
  }
}

function linesOf({ check, health, says, next }: Finding): string[] {
  const line = `${MARKS[health]}  ${check.padEnd(11)} ${says}`
  return next === null ? [line] : [line, `${' '.repeat(18)}→ ${next}`]
}
