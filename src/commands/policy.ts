import { type Command, InvalidArgumentError } from 'commander'
import { writeDurably } from '../keys/durable-file.ts'
import { type ChosenWitness, encodePolicy } from '../ledger/trust-policy.ts'
import { epochsVerifierKeyOf, verifierKeyOf } from '../ledger-key.ts'
import { POLICY_FILE } from '../trust.ts'
import { openCommandWorld } from '../world.ts'
import { type DataOptions, dataOption, passphraseOption, wholeNumber, worldOptions } from './options.ts'

interface PolicyOptions extends DataOptions {
  readonly witness?: readonly string[]
  readonly quorum?: number
  readonly write?: boolean
}

/** `countersign policy`. */
export function addPolicyCommand(program: Command): void {
  program
    .command('policy')
    .description(
      'print the policy of this log (C2SP tlog-policy): its key, its witnesses, how many must sign',
    )
    .addOption(dataOption())
    .option(
      '--witness <line...>',
      'a witness as it names itself: "NAME KEY URL", in quotes; NAME is yours to choose',
    )
    .option('--quorum <n>', 'how many of them must sign; more than half unless given', wholeNumber(1, 1_000))
    .option(
      '--write',
      `also keep it as ${POLICY_FILE} in the data directory; servers take it up at their start`,
    )
    .addOption(passphraseOption())
    .action(policy)
}

async function policy(options: PolicyOptions): Promise<void> {
  const witnesses = (options.witness ?? []).map(parseWitness)
  const named = worldOptions(options)
  const world = await openCommandWorld(named)
  try {
    const key = verifierKeyOf(world.instance, world.keys)
    const text = encodePolicy({ key, url: `${named.config.publicUrl}/log/` }, witnesses, options.quorum)
    if (options.write === true) writeDurably(world.instance.dataDirectory, POLICY_FILE, text)
    process.stdout.write(text)
    const second = epochsVerifierKeyOf(world.instance, world.keys)
    process.stderr.write(
      `Each witness follows two logs, the ledger and the map of subjects. Give it both keys, one a line, with --logs FILE:\n${key}\n${second}\n`,
    )
  } finally {
    await world.close()
  }
}

function parseWitness(line: string): ChosenWitness {
  const [name, key, url, ...more] = line
    .trim()
    .replace(/^witness\s+/, '')
    .split(/\s+/)
  if (name === undefined || key === undefined || url === undefined || more.length > 0)
    throw new InvalidArgumentError('a witness is given as "NAME KEY URL", in quotes')
  return { name, key, url }
}
