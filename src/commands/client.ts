import { type Command, InvalidArgumentError } from 'commander'
import { createClients } from '../crm/clients.ts'
import type { CoreRooms } from '../rooms.ts'
import { COMMAND_LINE } from '../staff/command-line.ts'
import { withCoreRooms } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption } from './options.ts'
import { EXIT, print } from './terminal.ts'

interface ClientOptions extends DataOptions {
  readonly json?: boolean
}

/** `countersign client add|list|remove`. */
export function addClientCommand(program: Command): void {
  const client = program
    .command('client')
    .description('the operator’s own systems, such as its CRM (docs/crm.md)')
  client
    .command('add')
    .description('add a system, and print its id and its secret, once')
    .requiredOption('--name <name>', 'what it is called in the ledger', nameOf)
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(async (options: ClientOptions & { name: string }) =>
      withCoreRooms(options, async (rooms) => {
        const added = await clientsOf(rooms).add(COMMAND_LINE, options.name)
        print(options.json === true, added, () => [
          `client_id ${added.id}`,
          `client_secret ${added.secret}`,
          'The secret is kept as a hash only: write it down now.',
        ])
      }),
    )
  client
    .command('list')
    .description('the systems that have their right')
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(async (options: ClientOptions) =>
      withCoreRooms(options, async (rooms) => {
        const clients = await clientsOf(rooms).list()
        print(options.json === true, { clients }, () => clients.map(({ id, name }) => `${id} ${name}`))
      }),
    )
  client
    .command('remove')
    .description('take a system’s right away, at once')
    .argument('<id>', 'its client_id')
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: ClientOptions) =>
      withCoreRooms(options, async (rooms) => {
        const removed = await clientsOf(rooms).remove(COMMAND_LINE, id)
        print(options.json === true, { removed }, () => [
          removed ? `${id} is out.` : 'There is no such client.',
        ])
        if (!removed) process.exitCode = EXIT.no
      }),
    )
}

function clientsOf({ world, ledger }: CoreRooms) {
  const { database, clock, random } = world
  return createClients({ db: database.db, ledger, clock, random })
}

function nameOf(text: string): string {
  if (/^[\p{L}\p{M}\p{N} .&'-]{1,60}$/u.test(text)) return text
  throw new InvalidArgumentError('1 to 60 letters, digits and spaces are expected.')
}
