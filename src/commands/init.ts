import { existsSync, rmSync } from 'node:fs'
import { type Command, Option } from 'commander'
import pg from 'pg'
import { findInstance, openInstance } from '../instance.ts'
import { openHsm } from '../keys/hsm.ts'
import { initKeys } from '../keys/key-directory.ts'
import type { Unlock } from '../keys/root-file.ts'
import { readJurisdictionOf } from '../operator.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Config } from '../platform/config.ts'
import { isRefusal } from '../platform/refusal.ts'
import { addStaff } from '../staff/command-line.ts'
import { OFFICES, type OfficeId } from '../staff/staff.ts'
import { withRoomsOf } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { newPassphrase } from './passphrase.ts'
import { print } from './terminal.ts'

interface InitOptions extends DataOptions {
  readonly administrator: readonly string[]
  readonly office: OfficeId
  readonly json?: boolean
}

/** One of the two who begin, and where they enrol their passkey. */
interface Beginner {
  readonly deskName: string
  readonly name: string
  readonly link: string
  readonly expiresAt: number
}

/** `countersign init`. */
export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description(
      'make an empty, real instance: keys, database, and the links at which its first two administrators enrol',
    )
    .addOption(
      new Option('--administrator <name>', 'as colleagues write it; give it twice: nobody begins alone')
        .makeOptionMandatory()
        .argParser((name: string, before: string[] | undefined) => [...(before ?? []), name.trim()]),
    )
    .addOption(
      new Option('--office <office>', 'where the two work')
        .choices(OFFICES.map(({ id }) => id))
        .default(OFFICES[0].id),
    )
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(init)
}

async function init(options: InitOptions): Promise<void> {
  const { config, passphraseFd } = worldOptions(options)
  requireTwo(options.administrator)
  const { country, currency, offsetMinutes } = readJurisdictionOf(config)
  await requireNothingThere(config)
  const unlock = config.hsm === null ? await newPassphrase(options) : await openHsm(config.hsm)
  // Only one can make the key directory: whoever could not has nothing to take away.
  await initKeys(config.keyDirectory, unlock)
  let beginners: Beginner[]
  try {
    openInstance(config, 'real')
    beginners = await addAdministrators({ config, passphraseFd }, unlock, options)
  } catch (cause) {
    for (const place of [config.dataDirectory, config.keyDirectory])
      rmSync(place, { recursive: true, force: true })
    throw cause
  }
  const about = {
    data: config.dataDirectory,
    keys: config.keyDirectory,
    jurisdiction: country,
    currency: currency.code,
    offsetMinutes,
    administrators: beginners,
  }
  print(options.json === true, about, () => linesOf(about))
}

function requireTwo(names: readonly string[]): void {
  if (names.length === 2 && names[0] !== names[1] && names.every((name) => /^.{1,120}$/u.test(name))) return
  throw new CodedError(
    'config-administrators',
    'name two different people with --administrator NAME, once each: nobody begins alone',
  )
}

/** @throws CodedError `keys-exist`, `database-taken`; nothing was changed */
async function requireNothingThere(config: Config): Promise<void> {
  const found = findInstance(config)
  if (found !== null)
    throw new CodedError(
      'keys-exist',
      `${found.dataDirectory} is a ${found.born} instance already: nothing was changed`,
    )
  for (const place of [config.dataDirectory, config.keyDirectory])
    if (existsSync(place))
      throw new CodedError(
        'keys-exist',
        `${place} is there already: name a --data that does not exist yet; nothing was changed`,
      )
  if (config.databaseUrl === null) return
  const client = new pg.Client({ connectionString: config.databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      "SELECT to_regclass('platform.instance') IS NOT NULL OR to_regclass('platform.migration') IS NOT NULL AS taken",
    )
    if (rows[0]?.taken === true)
      throw new CodedError(
        'database-taken',
        'the database that DATABASE_URL names holds an instance already: name an empty one; nothing was changed',
      )
  } finally {
    await client.end()
  }
}

async function addAdministrators(
  named: { config: Config; passphraseFd: number | undefined },
  unlock: Unlock,
  { administrator, office }: InitOptions,
): Promise<Beginner[]> {
  const { openServingWorld } = await import('../world.ts')
  const world = await openServingWorld({ ...named, ...(typeof unlock === 'string' ? { unlock } : {}) })
  return withRoomsOf(world, named, async (rooms) => {
    const beginners: Beginner[] = []
    for (const name of administrator) {
      const person = { name, office, team: 'first', roles: ['administrator'] } as const
      const added = await addStaff({ room: rooms.staff }, person)
      if (isRefusal(added)) throw new CodedError(added.code, `${added.says} ${added.next}`)
      const { deskName, link, expiresAt } = added
      beginners.push({ deskName, name, link, expiresAt })
    }
    return beginners
  })
}

function linesOf(about: {
  data: string
  keys: string
  jurisdiction: string
  currency: string
  offsetMinutes: number
  administrators: readonly Beginner[]
}): string[] {
  const sign = about.offsetMinutes < 0 ? '-' : '+'
  const minutes = Math.abs(about.offsetMinutes)
  const zone = `${sign}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return [
    `Made a real, empty instance in ${about.data}: jurisdiction ${about.jurisdiction}, ${about.currency}, UTC${zone}.`,
    `Its keys are in ${about.keys}: back them up apart from the data, and keep the passphrase apart from both.`,
    'Without keys and passphrase nobody, we included, can read what is filed here.',
    ...about.administrators.flatMap(({ deskName, name, link, expiresAt }) => [
      `${name} is ${deskName} and enrols a passkey here, once, until ${new Date(expiresAt).toISOString()}:`,
      `  ${link}`,
    ]),
    `Next: "countersign doctor --data ${about.data}" says what is still missing; then "countersign serve".`,
  ]
}
