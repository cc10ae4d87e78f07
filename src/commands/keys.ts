import { type Command, Option } from 'commander'
import { findInstance, openInstance } from '../instance.ts'
import { openHsm } from '../keys/hsm.ts'
import { initKeys, rotateKeys } from '../keys/key-directory.ts'
import { type RootKeeper, rootKeeper, type Unlock } from '../keys/root-file.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Config } from '../platform/config.ts'
import { addCheckKeysCommand } from './check-keys.ts'
import {
  type DataOptions,
  dataOption,
  jsonOption,
  passphraseOption,
  wholeNumber,
  worldOptions,
} from './options.ts'
import { findUnlock, newPassphrase } from './passphrase.ts'
import { print } from './terminal.ts'

interface KeysOptions extends DataOptions {
  readonly json?: boolean
  readonly newPassphraseFd?: number
  readonly into?: RootKeeper
}

/** `countersign keys init|rotate|check`. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('make and renew the keys of an instance')
  keys
    .command('init')
    .description(
      'make a real, empty instance with its keys, kept by the HSM where one is configured; never touches an existing one',
    )
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(initialise)
  keys
    .command('rotate')
    .description(
      'wrap the keys under a new key-encryption key, while servers run; under a new passphrase, or into an HSM or out of it, where that is asked',
    )
    .addOption(dataOption())
    .addOption(passphraseOption())
    .option(
      '--new-passphrase-fd <n>',
      'read the new passphrase from this file descriptor',
      wholeNumber(0, 1_024),
    )
    .addOption(
      new Option('--into <keeper>', 'who keeps them from now on; whoever does it now, unless given').choices([
        'passphrase',
        'hsm',
      ]),
    )
    .addOption(jsonOption())
    .action(rotate)
  addCheckKeysCommand(keys)
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
  await initKeys(
    config.keyDirectory,
    config.hsm === null ? await newPassphrase(options) : await openHsm(config.hsm),
  )
  const { dataDirectory, keyDirectory, born } = openInstance(config, 'real')
  print(options.json === true, { data: dataDirectory, keys: keyDirectory, born }, () => [
    `Made a real, empty instance in ${dataDirectory}.`,
    ...(config.hsm === null
      ? [
          `Its keys are in ${keyDirectory}: back them up apart from the data, and keep the passphrase apart from both.`,
          'Without keys and passphrase nobody, we included, can read what is filed here.',
        ]
      : [
          `Its keys are in ${keyDirectory}, under a key of the token "${config.hsm.token}": back up both, apart from the data.`,
          'Without the keys and the token nobody, we included, can read what is filed here.',
        ]),
  ])
}

async function rotate(options: KeysOptions): Promise<void> {
  const { config } = worldOptions(options)
  const instance = findInstance(config)
  if (instance === null)
    throw new CodedError('no-instance', `there is no instance in ${config.dataDirectory}`)
  const unlock = await findUnlock(instance, { ...options, hsm: config.hsm })
  const before = rootKeeper(instance.keyDirectory) ?? 'passphrase'
  const keeper = options.into ?? before
  const next = await nextUnlock(config, options, { before, keeper, born: instance.born })
  await rotateKeys(instance.keyDirectory, { unlock, ...(next === null ? {} : { next }) })
  const changed = keeper === 'passphrase' && next !== null
  print(
    options.json === true,
    { data: instance.dataDirectory, rotated: true, keeper, passphraseChanged: changed },
    () => [
      keeper === 'hsm'
        ? 'Keys wrapped anew, under a new key of the HSM.'
        : `Keys wrapped anew, under the ${changed ? 'new' : 'same'} passphrase.`,
      'Servers that run go on; restart them at your convenience. Destroy old backups of the key directory.',
      ...(before === 'hsm' ? ['Then remove the key that kept them before from the token.'] : []),
    ],
  )
}

/** What keeps the root from now on; null: what keeps it now. */
async function nextUnlock(
  config: Config,
  options: KeysOptions,
  { before, keeper, born }: { before: RootKeeper; keeper: RootKeeper; born: string },
): Promise<Unlock | null> {
  const asked = options.newPassphraseFd !== undefined
  if (born === 'demo' && (asked || keeper === 'hsm')) {
    throw new CodedError(
      'born-otherwise',
      'a demo keeps its passphrase in its key directory: rotate without a new one',
    )
  }
  if (keeper === 'hsm') {
    if (asked) throw new CodedError('config-invalid', 'an HSM keeps these keys: no passphrase is taken')
    if (before === 'hsm') return null
    if (config.hsm !== null) return openHsm(config.hsm)
    throw new CodedError(
      'config-invalid',
      'COUNTERSIGN_PKCS11_MODULE, COUNTERSIGN_PKCS11_TOKEN and COUNTERSIGN_PKCS11_PIN_FILE must be set for --into hsm',
    )
  }
  if (!asked && before === 'passphrase') return null
  return newPassphrase({ passphraseFd: options.newPassphraseFd })
}
