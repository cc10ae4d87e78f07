import { type Command, InvalidArgumentError, Option } from 'commander'
import { systemClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { CoreRooms } from '../rooms.ts'
import { addStaff, dismissStaff, freezeStaff } from '../staff/command-line.ts'
import { OFFICES, type OfficeId, ROLES, type Role } from '../staff/staff.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { EXIT, print } from './terminal.ts'

interface StaffOptions extends DataOptions {
  readonly json?: boolean
}
interface AddOptions extends StaffOptions {
  readonly name: string
  readonly role: Role[]
  readonly office: OfficeId
  readonly team: string
}
interface StopOptions extends StaffOptions {
  readonly reason: string
  readonly clause?: string
}

/** `countersign staff add|freeze|dismiss`. */
export function addStaffCommand(program: Command): void {
  const staff = program
    .command('staff')
    .description('people who work here; each act is an entry in the ledger')
  staff
    .command('add')
    .description('add a person, and print the link at which they enrol their passkey (good once, for a day)')
    .requiredOption('--name <name>', 'as colleagues write it; never split or shortened', text(120))
    .addOption(
      new Option('--role <role>', 'may be given more than once')
        .choices(ROLES)
        .makeOptionMandatory()
        .argParser((role: string, before: Role[] | undefined) => [...(before ?? []), roleOf(role)]),
    )
    .addOption(
      new Option('--office <office>', 'where they work')
        .choices(OFFICES.map(({ id }) => id))
        .makeOptionMandatory(),
    )
    .option(
      '--team <team>',
      'their team; supervisors of other teams decide about their refusals',
      text(40),
      'first',
    )
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(add)
  staff
    .command('freeze')
    .description('end every session and grant of a person at once, everywhere')
    .argument('<desk>', 'their desk name, as M-17')
    .requiredOption('--reason <reason>', 'why; it stands in the entry', text(500))
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(freeze)
  staff
    .command('dismiss')
    .description('as freeze, for good; roles go at this moment')
    .argument('<desk>', 'their desk name, as M-17')
    .requiredOption('--clause <clause>', 'the clause of contract or code', text(200))
    .requiredOption('--reason <reason>', 'why; it stands in the entry', text(500))
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(dismiss)
}

async function add(options: AddOptions): Promise<void> {
  const { name, role, office, team } = options
  await withRooms(options, async (rooms) => {
    const added = await addStaff({ room: rooms.staff }, { name, office, team, roles: role })
    tell(options, added, ({ deskName, link, expiresAt }) => [
      `Added ${deskName}.`,
      `They enrol their passkey here, once, until ${new Date(expiresAt).toISOString()}:`,
      link,
    ])
  })
}

async function freeze(desk: string, options: StopOptions): Promise<void> {
  await withRooms(options, async (rooms) => {
    const done = await freezeStaff({ room: rooms.staff, db: rooms.world.database.db }, desk, options.reason)
    tell(options, done, ({ sessionsEnded }) => [`${desk} is frozen; ${sessionsEnded} sessions ended.`])
  })
}

async function dismiss(desk: string, options: StopOptions): Promise<void> {
  await withRooms(options, async (rooms) => {
    const ground = { clause: options.clause ?? '', reason: options.reason }
    const done = await dismissStaff({ room: rooms.staff, db: rooms.world.database.db }, desk, ground)
    tell(options, done, ({ sessionsEnded }) => [`${desk} is dismissed; ${sessionsEnded} sessions ended.`])
  })
}

async function withRooms(options: DataOptions, act: (rooms: CoreRooms) => Promise<void>): Promise<void> {
  const named = worldOptions(options)
  const { openCommandWorld } = await import('../world.ts')
  const world = await openCommandWorld(named)
  try {
    const log = createLog({ level: 'warn', clock: systemClock })
    const { createCoreRooms } = await import('../rooms.ts')
    const rooms = await createCoreRooms({ world, config: named.config, log })
    try {
      await act(rooms)
    } finally {
      await rooms.close()
    }
  } finally {
    await world.close()
  }
}

function tell<T extends object>(
  options: StaffOptions,
  result: T | Refusal,
  lines: (done: T) => string[],
): void {
  if (!isRefusal(result)) {
    print(options.json === true, result, () => lines(result))
    return
  }
  process.exitCode = EXIT.no
  if (options.json === true) print(true, result, () => [])
  else process.stderr.write(`countersign: ${result.says} ${result.next} (${result.code})\n`)
}

function roleOf(name: string): Role {
  const role = ROLES.find((known) => known === name)
  if (role === undefined) throw new InvalidArgumentError(`one of ${ROLES.join(', ')} is expected.`)
  return role
}

function text(longest: number): (value: string) => string {
  return (value) => {
    const trimmed = value.trim()
    if (trimmed.length >= 1 && trimmed.length <= longest) return trimmed
    throw new InvalidArgumentError(`1 to ${longest} characters are expected.`)
  }
}
