import { type Command, InvalidArgumentError } from 'commander'
import type { ErasureDesk, ErasureView } from '../erasure/desk.ts'
import type { Holding, Officer } from '../erasure/rules.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { CoreRooms } from '../rooms.ts'
import { ACTIONS } from '../staff/actions.ts'
import { findByDeskName, readPerson } from '../staff/store.ts'
import { tellDone, withCoreRooms } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, wholeNumber } from './options.ts'
import { readNumber } from './passphrase.ts'
import { print } from './terminal.ts'

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
    tellDone(options.json, await desk.holdings(number), (found) => found.map(holdingLine))
  })
}

async function propose(options: ProposeOptions): Promise<void> {
  const number = await readNumber(options)
  const tenure = options.holding === 'none' ? '' : options.holding
  await withDesk(options, async (desk, rooms) => {
    const by = await findEraser(rooms, options.by)
    const ask = { number, tenure, reason: options.reason }
    tellDone(options.json, isRefusal(by) ? by : await desk.propose(by, ask), ({ id }) => [
      `Proposed as ${id}. Another officer carries it out: countersign erase approve ${id} --by DESK`,
    ])
  })
}

async function approve(id: string, options: DecideOptions): Promise<void> {
  await withDesk(options, async (desk, rooms) => {
    const by = await findEraser(rooms, options.by)
    tellDone(options.json, isRefusal(by) ? by : await desk.approve(by, id), ({ finalOn, answer }) => [
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
    tellDone(options.json, done, () => ['Declined. Nothing was erased.'])
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
  const { createErasureRoom } = await import('../rooms.ts')
  await withCoreRooms(options, (rooms) => act(createErasureRoom(rooms), rooms))
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
