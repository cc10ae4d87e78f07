import { type Command, InvalidArgumentError } from 'commander'
import type { ErasureDesk, ErasureView } from '../erasure/desk.ts'
import type { Holding, Officer } from '../erasure/rules.ts'
import { systemClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { CoreRooms } from '../rooms.ts'
import { ACTIONS } from '../staff/actions.ts'
import { findByDeskName, readPerson } from '../staff/store.ts'
import {
  type DataOptions,
  dataOption,
  jsonOption,
  passphraseOption,
  wholeNumber,
  worldOptions,
} from './options.ts'
import { readNumber } from './passphrase.ts'
import { EXIT, print } from './terminal.ts'

interface EraseOptions extends DataOptions {
  readonly json?: boolean
}
interface ProposeOptions extends EraseOptions {
  readonly by: string
  readonly reason: string
  readonly holding: string
  readonly numberFd?: number
}
interface DecideOptions extends EraseOptions {
  readonly by: string
  readonly reason?: string
}

/** `countersign erase holdings|propose|approve|decline|list`. */
export function addEraseCommand(program: Command): void {
  const erase = program
    .command('erase')
    .description('erase one holder’s log for good: one officer proposes, another approves')
  const common = (command: Command): Command =>
    command.addOption(dataOption()).addOption(passphraseOption()).addOption(jsonOption())
  const withNumber = (command: Command): Command =>
    command.option(
      '--number-fd <n>',
      'read the number from this file descriptor; a person is asked for it, so that it stands in no list of processes',
      wholeNumber(0, 1_024),
    )
  common(withNumber(erase.command('holdings').description('who held a number when'))).action(holdings)
  common(
    withNumber(erase.command('propose').description('propose to erase the log of one holding'))
      .requiredOption(
        '--holding <name>',
        'as `erase holdings` names it; "none" for what was filed while nobody was registered',
      )
      .requiredOption('--reason <reason>', 'why; it stands in the entry', reasonText)
      .requiredOption('--by <desk>', 'the officer who proposes, as Y-1'),
  ).action(propose)
  common(
    erase
      .command('approve')
      .description('erase, as the second officer; nothing brings it back')
      .argument('<id>', 'as `erase list` shows it')
      .requiredOption('--by <desk>', 'the officer who approves'),
  ).action((id: string, options: DecideOptions) => approve(id, options))
  common(
    erase
      .command('decline')
      .description('decline or withdraw a proposal')
      .argument('<id>', 'as `erase list` shows it')
      .requiredOption('--reason <reason>', 'why; it stands in the entry', reasonText)
      .requiredOption('--by <desk>', 'the officer who declines'),
  ).action((id: string, options: DecideOptions) => decline(id, options))
  common(erase.command('list').description('what was proposed and decided')).action(list)
}

async function holdings(options: EraseOptions & { numberFd?: number }): Promise<void> {
  const number = await readNumber(options)
  await withDesk(options, async (desk) => {
    tell(options, await desk.holdings(number), (found) => found.map(holdingLine))
  })
}

async function propose(options: ProposeOptions): Promise<void> {
  const number = await readNumber(options)
  const tenure = options.holding === 'none' ? '' : options.holding
  await withDesk(options, async (desk, rooms) => {
    const by = await findEraser(rooms, options.by)
    const ask = { number, tenure, reason: options.reason }
    tell(options, isRefusal(by) ? by : await desk.propose(by, ask), ({ id }) => [
      `Proposed as ${id}. Another officer carries it out: countersign erase approve ${id} --by DESK`,
    ])
  })
}

async function approve(id: string, options: DecideOptions): Promise<void> {
  await withDesk(options, async (desk, rooms) => {
    const by = await findEraser(rooms, options.by)
    tell(options, isRefusal(by) ? by : await desk.approve(by, id), ({ finalOn, answer }) => [
      `Erased. The last backup of the keys that could bring it back is gone on ${finalOn}. What she is told:`,
      answer.en,
      answer.my,
    ])
  })
}

async function decline(id: string, options: DecideOptions): Promise<void> {
  await withDesk(options, async (desk, rooms) => {
    const by = await findEraser(rooms, options.by)
    const done = isRefusal(by) ? by : await desk.decline(by, id, options.reason ?? '')
    tell(options, done, () => ['Declined. Nothing was erased.'])
  })
}

async function list(options: EraseOptions): Promise<void> {
  await withDesk(options, async (desk) => {
    const all = await desk.list()
    print(options.json === true, all, () =>
      all.length === 0 ? ['Nothing was proposed.'] : all.map(listLine),
    )
  })
}

/** An active officer who may erase; whoever runs the machine answers for naming them. */
async function findEraser(rooms: CoreRooms, deskName: string): Promise<Officer | Refusal> {
  const { db } = rooms.world.database
  const id = await findByDeskName(db, deskName)
  const person = id === null ? null : await readPerson(db, id)
  const roles: readonly string[] = ACTIONS['approve-erasure']
  if (person?.status === 'active' && person.roles.some((role) => roles.includes(role)))
    return { id: person.id, deskName, office: person.office }
  return refuse(
    'not-in-role',
    `${deskName} is no active privacy officer or counsel.`,
    'Name somebody who is, with --by.',
  )
}

async function withDesk(
  options: DataOptions,
  act: (desk: ErasureDesk, rooms: CoreRooms) => Promise<void>,
): Promise<void> {
  const { openCommandWorld } = await import('../world.ts')
  const { createCoreRooms, createErasureRoom } = await import('../rooms.ts')
  const named = worldOptions(options)
  const world = await openCommandWorld(named)
  try {
    const log = createLog({ level: 'warn', clock: systemClock })
    const rooms = await createCoreRooms({ world, config: named.config, log })
    await act(createErasureRoom(rooms), rooms).finally(() => rooms.close())
  } finally {
    await world.close()
  }
}

function tell<T extends object>(
  options: EraseOptions,
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

function holdingLine({ tenure, from, until }: Holding): string {
  if (tenure === '') return 'none: what was filed while nobody was registered'
  const day = (seconds: number | null) =>
    seconds === null ? 'now' : new Date(seconds * 1000).toISOString().slice(0, 10)
  return `${tenure}: from ${day(from)} to ${day(until)}`
}

function listLine({ id, state, number, reason, proposedDesk, decidedDesk, finalOn }: ErasureView): string {
  const decided = decidedDesk === null ? '' : ` by ${decidedDesk}`
  const final = finalOn === null ? '' : `, final on ${finalOn}`
  return `${id}  ${state}${decided}${final}  ${number}  proposed by ${proposedDesk}: ${reason}`
}

function reasonText(value: string): string {
  const trimmed = value.trim()
  if (trimmed.length >= 10 && trimmed.length <= 500) return trimmed
  throw new InvalidArgumentError('10 to 500 characters are expected.')
}
