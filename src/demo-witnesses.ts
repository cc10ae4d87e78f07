import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { writeDurably } from './keys/durable-file.ts'
import { type ChosenWitness, encodePolicy } from './ledger/trust-policy.ts'
import { epochsVerifierKeyOf, verifierKeyOf } from './ledger-key.ts'
import { CodedError } from './platform/coded-error.ts'
import { POLICY_FILE } from './trust.ts'
import type { World } from './world.ts'

/** Who countersigns the demo operator's log: each a process of its own, with its own directory and key. */
const WITNESSES = [
  { name: 'regulator', called: 'ptd.example/witness' },
  { name: 'consumers', called: 'consumers.example/witness' },
] as const

const MAIN = fileURLToPath(new URL('witness-main.ts', import.meta.url))

/** The demo's witnesses, running. */
export interface DemoWitnesses {
  close(): Promise<void>
}

/**
 * Starts the demo's witnesses on free ports of the loopback address and writes the policy that names them. Their
 * directories lie beside the data, in `DIR.witnesses`: the operator's database, keys and backups know nothing of them.
 */
export async function startDemoWitnesses(
  world: Pick<World, 'instance' | 'keys'>,
  publicUrl: string,
): Promise<DemoWitnesses> {
  const logKey = verifierKeyOf(world.instance, world.keys)
  const logKeys = [logKey, epochsVerifierKeyOf(world.instance, world.keys)]
  const { dataDirectory } = world.instance
  const started = await Promise.all(
    WITNESSES.map(({ name, called }) =>
      start({ name, called, directory: join(`${dataDirectory}.witnesses`, name), logKeys }),
    ),
  )
  const chosen = started.map(({ chosen: one }) => one)
  writeDurably(dataDirectory, POLICY_FILE, encodePolicy({ key: logKey, url: `${publicUrl}/log/` }, chosen))
  return {
    close: async () => {
      await Promise.all(started.map(({ child }) => stop(child)))
    },
  }
}

async function start(witness: {
  name: string
  called: string
  directory: string
  logKeys: readonly string[]
}): Promise<{
  child: ChildProcess
  chosen: ChosenWitness
}> {
  const { name, called, directory, logKeys } = witness
  const args = [
    '--dir',
    directory,
    '--name',
    called,
    '--log',
    ...logKeys,
    '--port',
    '0',
    '--json',
    '--attached',
  ]
  // Attached: it stops when this process ends, however it ends.
  const child = spawn(process.execPath, [MAIN, 'witness', ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin?.on('error', () => {})
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const { url, key } = JSON.parse(line) as { url: string; key: string }
    return { child, chosen: { name, key, url } }
  }
  throw new CodedError(
    'witness-not-started',
    `the demo's witness ${name} did not start: its words stand above`,
  )
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.stdin?.end()
  await ended
}
