import { type Command, InvalidArgumentError, Option } from 'commander'
import { addStaff, dismissStaff, freezeStaff } from '../staff/command-line.ts'
import { OFFICES, type OfficeId, ROLES, type Role } from '../staff/staff.ts'
import { tellDone, withCoreRooms } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption } from './options.ts'

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
  await withCoreRooms(options, async (rooms) => {
    const added = await addStaff({ room: rooms.staff }, { name, office, team, roles: role })
    tellDone(options.json, added, ({ deskName, link, expiresAt }) => [
      `Added ${deskName}.`,
      `They enrol their passkey here, once, until ${new Date(expiresAt).toISOString()}:`,
      link,
    ])
  })
}

async function freeze(desk: string, options: StopOptions): Promise<void> {
  await withCoreRooms(options, async (rooms) => {
    const done = await freezeStaff({ room: rooms.staff, db: rooms.world.database.db }, desk, options.reason)
    tellDone(options.json, done, ({ sessionsEnded }) => [
      `${desk} is frozen; ${sessionsEnded} sessions ended.`,
    ])
  })
}

async function dismiss(desk: string, options: StopOptions): Promise<void> {
  await withCoreRooms(options, async (rooms) => {
    const ground = { clause: options.clause ?? '', reason: options.reason }
    const done = await dismissStaff({ room: rooms.staff, db: rooms.world.database.db }, desk, ground)
    tellDone(options.json, done, ({ sessionsEnded }) => [
      `${desk} is dismissed; ${sessionsEnded} sessions ended.`,
    ])
  })
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
