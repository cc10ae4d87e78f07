import type { Command } from 'commander'
import { findInstance, openInstance } from '../instance.ts'
import { initKeys, rotateKeys } from '../keys/key-directory.ts'
import { CodedError } from '../platform/coded-error.ts'
import {
  type DataOptions,
  dataOption,
  jsonOption,
  passphraseOption,
  wholeNumber,
  worldOptions,
} from './options.ts'
import { findPassphrase, newPassphrase } from './passphrase.ts'
import { print } from './terminal.ts'

interface KeysOptions extends DataOptions {
  readonly json?: boolean
  readonly newPassphraseFd?: number
}

/** `countersign keys init|rotate`. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('make and renew the keys of an instance')
  keys
    .command('init')
    .description('make a real, empty instance with its keys; never touches an existing one')
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(initialise)
  keys
    .command('rotate')
    .description('wrap the keys under a new key-encryption key, and a new passphrase where one is given')
    .addOption(dataOption())
    .addOption(passphraseOption())
    .option(
      '--new-passphrase-fd <n>',
      'read the new passphrase from this file descriptor',
      wholeNumber(0, 1_024),
    )
    .addOption(jsonOption())
    .action(rotate)
}

async function initialise(options: KeysOptions): Promise<void> {
  const { config } = worldOptions(options)
  const found = findInstance(config)
  if (found !== null) {
    throw new CodedError(
      'keys-exist',
      `${found.dataDirectory} is a ${found.born} instance already: nothing was changed`,
    )
  }
  const passphrase = await newPassphrase(options)
  await initKeys(config.keyDirectory, passphrase)
  const { dataDirectory, keyDirectory, born } = openInstance(config, 'real')
  print(options.json === true, { data: dataDirectory, keys: keyDirectory, born }, () => [
    `Made a real, empty instance in ${dataDirectory}.`,
    `Its keys are in ${keyDirectory}: back them up apart from the data, and keep the passphrase apart from both.`,
    'Without keys and passphrase nobody, we included, can read what is filed here.',
  ])
}

async function rotate(options: KeysOptions): Promise<void> {
  const { config } = worldOptions(options)
  const instance = findInstance(config)
  if (instance === null)
    throw new CodedError('no-instance', `there is no instance in ${config.dataDirectory}`)
  const passphrase = await findPassphrase(instance, options)
  const changed = options.newPassphraseFd !== undefined
  if (changed && instance.born === 'demo') {
    throw new CodedError(
      'born-otherwise',
      'a demo keeps its passphrase in its key directory: rotate without a new one',
    )
  }
  const next = changed ? await newPassphrase({ passphraseFd: options.newPassphraseFd }) : undefined
  await rotateKeys(instance.keyDirectory, {
    passphrase,
    ...(next === undefined ? {} : { newPassphrase: next }),
  })
  print(
    options.json === true,
    { data: instance.dataDirectory, rotated: true, passphraseChanged: changed },
    () => [
      changed
        ? 'Keys wrapped anew, under the new passphrase.'
        : 'Keys wrapped anew, under the same passphrase.',
      'Servers that run go on; restart them at your convenience. Destroy old backups of the key directory.',
    ],
  )
}
