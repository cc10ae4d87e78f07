import { InvalidArgumentError, Option } from 'commander'
import { readConfig } from '../platform/config.ts'
import type { WorldOptions } from '../world.ts'

/** What `--data`, `--passphrase-fd` and DATABASE_URL come to. */
export interface DataOptions {
  readonly data?: string
  readonly passphraseFd?: number
}

/** `--data DIR`, on every command that touches an instance. */
export function dataOption(): Option {
  return new Option(
    '--data <dir>',
    'the data directory, `data` unless given; its keys lie beside it, in DIR.keys',
  )
}

/** `--passphrase-fd N`. */
export function passphraseOption(): Option {
  return new Option(
    '--passphrase-fd <n>',
    'read the passphrase of the keys from this file descriptor',
  ).argParser(wholeNumber(0, 1_024))
}

/** `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print one JSON value, for programs')
}

/** Parses a whole number between two bounds, or says what was expected. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`a whole number from ${least} to ${most} is expected.`)
  }
}

/** The world that these options and the environment name. @throws CodedError `config-invalid`. */
export function worldOptions(options: DataOptions): WorldOptions {
  const config = readConfig(process.env, options.data === undefined ? {} : { data: options.data })
  return { config, passphraseFd: options.passphraseFd }
}
