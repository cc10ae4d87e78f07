import type { Command } from 'commander'
import { openKeys } from '../keys/key-directory.ts'
import type { KeyErrorCode, KeyService } from '../keys/key-service.ts'
import { rootKeeper } from '../keys/root-file.ts'
import { CodedError } from '../platform/coded-error.ts'
import { checkKeys, type KeyCheck, type LostCause, type LostMonth } from '../vault/lost-keys.ts'
import { openKeylessWorld } from '../world.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption, worldOptions } from './options.ts'
import { findUnlock } from './passphrase.ts'
import { EXIT, print, showProgress } from './terminal.ts'

interface CheckOptions extends DataOptions {
  readonly json?: boolean
  readonly quick?: boolean
}

/** `countersign keys check`. */
export function addCheckKeysCommand(keys: Command): void {
  keys
    .command('check')
    .description(
      'say what cannot be opened any more, where a key is missing or damaged: which months, how many logs, since when',
    )
    .option('--quick', 'only whether the keys are there; open nothing')
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(check)
}

async function check(options: CheckOptions): Promise<void> {
  const named = worldOptions(options)
  const world = await openKeylessWorld(named)
  const progress = showProgress('Checking')
  try {
    const { keyDirectory } = world.instance
    const opened = await openOrSay(() => findKeys(world.instance, { ...options, hsm: named.config.hsm }))
    const keys = typeof opened === 'string' ? null : opened
    try {
      const found = await checkKeys(
        { pool: world.database.pool, keys },
        {
          thorough: options.quick !== true,
          onLogs: (done, of) => progress.update(of === 0 ? 1 : done / of, `${done} of ${of}`),
        },
      )
      progress.end()
      const made = keys?.lost() ?? { months: [], tweaks: null }
      const root = typeof opened === 'string' ? opened : null
      const isWhole =
        root === null && made.tweaks === null && found.lost.length === 0 && found.held.lost === 0
      if (!isWhole || made.months.length > 0) process.exitCode = EXIT.no
      const lostMonths = made.months
      print(
        options.json === true,
        { keys: keyDirectory, root, tweaks: made.tweaks, lostMonths, ...found },
        () => words({ root, tweaks: made.tweaks, lostMonths }, found),
      )
    } finally {
      keys?.close()
    }
  } finally {
    progress.end()
    await world.close()
  }
}

async function findKeys(...[instance, how]: Parameters<typeof findUnlock>): Promise<KeyService> {
  if (rootKeeper(instance.keyDirectory) === null)
    throw new CodedError<KeyErrorCode>('keys-missing', 'the file root.json is missing')
  return openKeys(instance.keyDirectory, await findUnlock(instance, how))
}

/** The keys; or why the root is lost. A wrong passphrase or an HSM out of reach loses nothing, and is told as ever. */
async function openOrSay(open: () => Promise<KeyService>): Promise<KeyService | string> {
  const lost: readonly KeyErrorCode[] = ['keys-missing', 'keys-broken', 'hsm-key-missing']
  try {
    return await open()
  } catch (error) {
    if (error instanceof CodedError && lost.some((code) => code === error.code)) return error.message
    throw error
  }
}

const WHY: Readonly<Record<LostCause, string>> = {
  root: 'without the root no key opens',
  month: 'the key of the month is missing or damaged',
  tweaks: 'the holders’ keys are missing',
  holder: 'their holders’ keys are missing',
  'other-key': 'the keys that are here are not those they were sealed under, or the blocks are damaged',
}

function words(
  { root, tweaks, lostMonths }: { root: string | null; tweaks: string | null; lostMonths: readonly string[] },
  found: KeyCheck,
): string[] {
  const { lost, held } = found
  const empty = lostMonths.filter((month) => !lost.some((one) => one.month === month))
  const lines = [
    ...(root === null
      ? []
      : [
          `The root of the keys is lost: ${root}.`,
          'Nothing sealed opens: call records, profiles, notes, texts, the bodies of ledger entries. The ledger can be verified, and no longer be signed.',
        ]),
    ...(tweaks === null ? [] : [`The holders’ keys are lost: ${tweaks}.`]),
    ...lost.map(sentence),
    ...empty.map(
      (month) => `${month}: the key of the month is missing or damaged; no record of it is on file.`,
    ),
    ...(held.lost === 0
      ? []
      : [`Of ${held.of} blocks that legal holds keep, ${held.lost} cannot be opened.`]),
  ]
  if (lines.length === 0)
    return [`Every key is there: ${found.logs} logs in ${found.months} months can be opened.`]
  const shut = new Set(lost.filter(({ logs, of }) => logs === of).map(({ month }) => month))
  return [
    ...lines,
    `${found.months - shut.size} of ${found.months} months have records that open. Restore what is missing from a backup of the keys (docs/keys.md).`,
  ]
}

function sentence({ month, cause, logs, of, since }: LostMonth): string {
  const whose = logs === of ? `the records of all ${of} logs` : `the records of ${logs} of ${of} logs`
  return `${month}: ${whose}, since ${since}, cannot be opened: ${WHY[cause]}.`
}
